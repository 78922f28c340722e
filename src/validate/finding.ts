/** error: must not be released; warning: should not; notice: worth knowing. */
export type Severity = 'error' | 'warning' | 'notice';

/** One thing wrong, on its exact place. Lines and columns count from 1. */
export interface Finding {
  /** Id of the rule. */
  rule: string;
  severity: Severity;
  /** One sentence; never holds the value of a secret. */
  message: string;
  /** Relative to the workspace, with `/`. */
  file: string;
  line: number;
  column: number;
  /** `spec/template/spec/containers/0/image`; empty where the whole document is meant. */
  path: string;
  /** What mends it mechanically, where that is safe. */
  edit?: Edit;
}

/** A replacement in a file, in UTF-16 offsets: the text from `start` to `end` becomes `text`. */
export interface Edit {
  start: number;
  end: number;
  text: string;
}

/** A rule that had to leave something out, and why: `no schema for Widget.example.com`. Never counted as passed. */
export interface Skip {
  rule: string;
  file: string;
  reason: string;
}
