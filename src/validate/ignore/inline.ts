import type { SourceFile } from '../document.ts';
import { kindOf } from '../read/classify.ts';
import { formatOf } from '../read/config-files.ts';
import { positionAt } from '../read/lines.ts';
import type { Workspace } from '../workspace.ts';
import { type CommentStyle, commentsOf } from './comments.ts';
import { type Directive, directiveIn } from './directive.ts';
import type { WrittenIgnore } from './ignore.ts';
import { linesOf } from './scope.ts';

/** The ignores in the comments of all files that were read. */
export function inlineIgnores(workspace: Workspace): readonly WrittenIgnore[] {
  const configs = new Set(workspace.configs.map(({ document }) => document.file.path));
  return [...workspace.files.values()]
    .filter(({ text }) => text.includes('cutover-ignore'))
    .flatMap((file) => ignoresIn(file, styleOf(file.path, configs)));
}

/** How comments are written in a file, by its name. */
export function styleOf(path: string, configs: ReadonlySet<string> = new Set()): CommentStyle {
  if (path.endsWith('.json')) return 'none';
  if (path.endsWith('.toml')) return 'toml';
  const kind = kindOf(path);
  if (kind === 'dockerfile' || kind === 'env') return kind;
  // A configuration file without a known ending is read as an env file.
  return kind === undefined && configs.has(path) && formatOf(path) === 'env' ? 'env' : 'yaml';
}

export function ignoresIn(file: SourceFile, style: CommentStyle): readonly WrittenIgnore[] {
  const lines = file.text.split('\n');
  return commentsOf(file.text, style).flatMap(({ text, start }) => {
    const directive = directiveIn(text);
    return directive ? ignoresOf({ file, style, lines, directive, start }) : [];
  });
}

interface Reading {
  file: SourceFile;
  style: CommentStyle;
  lines: readonly string[];
  directive: Directive;
  start: number;
}

function ignoresOf({ file, style, lines, directive, start }: Reading): readonly WrittenIgnore[] {
  const { rules, reason, until, reach } = directive;
  const placeAt = (offset: number) => {
    const { line, column } = positionAt(file, offset);
    return { file: file.path, line, column, path: '' };
  };
  const { from, to } =
    reach === 'file' ? { from: 1, to: Number.POSITIVE_INFINITY } : linesOf(lines, placeAt(start).line, style);
  const shared = {
    by: 'inline' as const,
    reason,
    until,
    covers: (finding: { file: string; line: number }) =>
      finding.file === file.path && finding.line >= from && finding.line <= to,
  };
  if (rules.length === 0) return [{ ...shared, rule: undefined, place: placeAt(start) }];
  return rules.map(({ id, at }) => ({ ...shared, rule: id, place: placeAt(start + 1 + at) }));
}
