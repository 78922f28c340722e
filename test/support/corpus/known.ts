/** What the rules do over the corpus that its table does not say; each is a limit of ours, told here and nowhere hidden. */
export interface Known {
  kind: 'missing' | 'moved' | 'unexpected';
  rule: string;
  /** Name of the defect in whose workspaces it happens. */
  defect: string;
  reason: string;
}

export const knownDifferences: readonly Known[] = [
  {
    kind: 'unexpected',
    rule: 'component-reference',
    defect: 'no readiness probe',
    reason:
      'compares the health path with whatever probes are left, so it tells the liveness path as different although readiness-probe says what is wrong',
  },
  {
    kind: 'unexpected',
    rule: 'pdb',
    defect: 'no image',
    reason:
      'a pod without an image counts as incomplete, so the budget that selects it is said to select nothing; schema tells the cause',
  },
];
