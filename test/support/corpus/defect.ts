import type { Area } from './bases.ts';

/** A change of one file; `find` stands in it exactly once. Without `find` it is a new file. */
export interface Change {
  file: string;
  find?: string;
  put: string;
}

/** Put in place of a file that is not there any more. */
export const removed = '\u0000removed';

/** Something wrong that is put into files that are right; `put` marks each place where a finding is due. */
export interface Defect {
  /** What is wrong, in a few words; the name of its workspace starts with that of the first defect. */
  name: string;
  area: Area;
  changes: readonly Change[];
  /** Only as it is written here: layout is part of it (syntax errors, quotes, block texts). */
  asWritten?: true;
  /** In a workspace of its own: it changes what other defects mean. */
  alone?: true;
  /** Languages of applications that it can be put into; default all. */
  languages?: readonly string[];
  settings?: Settings;
}

/** How the workspace is read. */
export interface Settings {
  kubernetesVersion?: string;
  environment?: string;
  mostBytes?: number;
}

type Options = Partial<Pick<Defect, 'asWritten' | 'alone' | 'languages' | 'settings'>>;

/** Defects of one area in one file, written as `[name, find, put]`. */
export const defectsIn =
  (area: Area, file: string) =>
  (name: string, find: string, put: string, options: Options = {}): Defect => ({
    name,
    area,
    changes: [{ file, find, put }],
    ...options,
  });
