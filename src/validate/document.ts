/** Keys and indexes from the root of a document. */
export type Path = readonly (string | number)[];

/** Lines and columns count from 1; the offset is in UTF-16 units from the start of the file. */
export interface Position {
  line: number;
  column: number;
  offset: number;
  /** Where it is not in the document's own file: a built object is written in several. */
  file?: SourceFile;
}

/** A text file of the workspace. */
export interface SourceFile {
  /** Relative to the workspace, with `/`. */
  readonly path: string;
  readonly text: string;
}

/**
 * One document of a file: a YAML document, a JSON or TOML file, a Dockerfile, an env file. `value` holds plain objects,
 * arrays and scalars; `position` finds where a path stands, and is only worked out for documents that have findings.
 */
export interface Document {
  readonly file: SourceFile;
  /** Which document of the file, from 0. */
  readonly index: number;
  readonly value: unknown;
  /** Where `value` stands in the file's document: `['items', 0]` for an item of a List. Undefined: it is the whole. */
  readonly base?: Path;
  /** Of the key or (default) the value at `path`; of the nearest ancestor that exists where it does not. */
  position(path: Path, part?: 'key' | 'value'): Position;
  /** The value's extent in the file, for edits; undefined where `path` does not exist. */
  extent(path: Path): { start: number; end: number } | undefined;
}

/** A mapping, or undefined. */
export function mappingOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

/** A list; empty where there is none. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A string that is not empty, or undefined. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The value at a path, or undefined. Only own keys count. */
export function valueAt(value: unknown, path: Path): unknown {
  let at: unknown = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string | number, unknown>)[key];
  }
  return at;
}

/** `spec/containers/0` */
export const pathText = (path: Path): string => path.join('/');
