/** What the rules do over the corpus that its table does not say; each is a limit of ours, told here and nowhere hidden. */
export interface Known {
  kind: 'missing' | 'moved' | 'unexpected';
  rule: string;
  /** Name of the defect in whose workspaces it happens. */
  defect: string;
  reason: string;
}

export const knownDifferences: readonly Known[] = [];
