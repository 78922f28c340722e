import type { Files } from '../platform/files.ts';
import { textOf } from './load.ts';
import type { Problem } from './model.ts';
import { type Found, problemsAt } from './problems.ts';
import { grow, type Located } from './tree.ts';
import { linesOf, parseYaml } from './yaml.ts';

export type { Found } from './problems.ts';
export { quoted } from './problems.ts';
export { type Located, unresolved } from './tree.ts';

/** A file of another program, YAML or JSON, with the place of every value; `placed` gives problems theirs. */
export type ForeignFile =
  | { ok: true; tree: Located; placed: (found: readonly Found[]) => Problem[] }
  | { ok: false; problems: Problem[] };

/** Reads a file whose form another program has decided: no variables of ours, scalars as that program reads them. */
export async function loadForeignFile(
  path: string,
  files: Pick<Files, 'size' | 'readBytes'>,
): Promise<ForeignFile> {
  const read = await textOf(path, files);
  return typeof read === 'string' ? readForeignText(read, path) : { ok: false, problems: read };
}

/** @param file its name, for problems */
export function readForeignText(text: string, file: string): ForeignFile {
  const placed = (found: readonly Found[]) => problemsAt(file, found, linesOf(text));
  const parsed = parseYaml(text);
  if ('found' in parsed) return { ok: false, problems: placed(parsed.found) };
  const { tree, found } = grow(parsed.root, text, undefined);
  return tree === undefined || found.length > 0
    ? { ok: false, problems: placed(found) }
    : { ok: true, tree, placed };
}
