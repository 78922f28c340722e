/** A file with something that a rule mends, and the file that comes out. */
export interface Case {
  readonly name: string;
  readonly rule: string;
  readonly file: string;
  readonly before: string;
  /** Undefined: it is found, and left alone. */
  readonly after?: string;
  /** Other files of the workspace. */
  readonly around?: Readonly<Record<string, string>>;
}
