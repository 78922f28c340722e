/** Some lines of a file in which a rule finds something. */
export interface Example {
  file: string;
  /** Number of the first of `lines` in the file. */
  from: number;
  lines: readonly string[];
  /** Where the rule points, and what it says. */
  line: number;
  column: number;
  message: string;
}
