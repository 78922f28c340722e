import type { Document, Path } from './document.ts';
import type { Edit, Severity } from './finding.ts';
import type { Workspace } from './workspace.ts';

export type Layer = 'syntax' | 'schema' | 'policy' | 'cross-file' | 'configuration';

/** Where a finding stands. */
export interface Spot {
  document: Document;
  path: Path;
  /** Whether the key or (default) the value is meant. */
  part?: 'key' | 'value';
}

/** What a rule tells while it checks. */
export interface Reporter {
  /** Something is wrong there; `message` is one sentence that says what was given and what is allowed. */
  find(spot: Spot, message: string, more?: { severity?: Severity; edit?: Edit }): void;
  /** Something could not be checked, and why. */
  skip(document: Document, reason: string): void;
}

/**
 * One rule: one file in rules/, one line in rules/index.ts, a good and a bad fixture in test/fixtures/rules/<id>/, an
 * anchor in docs/rules.md (generated from these texts).
 */
export interface Rule {
  /** Kebab-case, the name of its file. */
  readonly id: string;
  readonly severity: Severity;
  readonly layer: Layer;
  /** What must hold, as a short sentence: `Containers do not run privileged`. */
  readonly title: string;
  /** Why it matters, one or two sentences. */
  readonly why: string;
  /** How to mend it, with the key to write. */
  readonly fix: string;
  /** Where the rule or its numbers come from: a page of a specification or of the project's documentation. */
  readonly source?: string;
  check(workspace: Workspace, report: Reporter): void;
}
