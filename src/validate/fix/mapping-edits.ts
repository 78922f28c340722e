import { type Document, mappingOf, type Path, valueAt } from '../document.ts';
import type { Edit } from '../finding.ts';

/** What is written as a value: text as it stands in the file, a list on one line, or a mapping. */
export type Written = string | readonly string[] | { readonly [key: string]: Written };

/** What a rule hands on with a finding. */
export const editOf = (edit: Edit | undefined): { edit?: Edit } => (edit ? { edit } : {});

interface Entry {
  readonly key: string;
  readonly value: Written;
}

interface Extent {
  start: number;
  end: number;
}

/**
 * Adds a key to the mapping at a path, in the mapping's own style: block or flow YAML, or JSON. Undefined where it cannot be
 * told that this changes nothing else: what is shared through an anchor, or built by kustomize.
 */
export function withKey(document: Document, path: Path, entry: Entry): Edit | undefined {
  const extent = writtenExtent(document, path);
  const keys = Object.keys(mappingOf(valueAt(document.value, path)) ?? {});
  if (!extent || Object.hasOwn(valueAt(document.value, path) as object, entry.key)) return undefined;
  const own = keys.flatMap((key) => placed(document, [...path, key], extent) ?? []);
  const { text } = document.file;
  if (text[extent.start] === '{') return inFlow(text, { extent, own, entry });
  const anchor = own.findLast((one) => isOneLine(text, one)) ?? own.at(-1);
  return anchor && inBlock(text, { anchor, entry });
}

/** Other text for the scalar at a path. */
export function withValue(document: Document, path: Path, text: string): Edit | undefined {
  const extent = writtenExtent(document, path);
  return extent && { ...extent, text };
}

/** The extent of a value that is written where its path leads, and not only referred to there. */
export function writtenExtent(document: Document, path: Path): Extent | undefined {
  let outer = document.extent([]);
  for (let depth = 1; depth <= path.length; depth += 1) {
    const inner = document.extent(path.slice(0, depth));
    if (!outer || !inner || inner.start < outer.start || inner.end > outer.end) return undefined;
    outer = inner;
  }
  return outer && document.file.text[outer.start] === '*' ? undefined : outer;
}

interface Placed {
  /** Offset of the key. */
  readonly key: number;
  readonly value: Extent;
}

function placed(document: Document, path: Path, within: Extent): Placed | undefined {
  const value = document.extent(path);
  const key = document.position(path, 'key').offset;
  // An alias as the value leads elsewhere; what stands behind it is not known here.
  if (!value || value.start < key || value.end > within.end || key < within.start) return undefined;
  return { key, value };
}

/** A key with its value on the same line, the plainest place to write another one behind. */
const isOneLine = (text: string, { key, value }: Placed): boolean =>
  value.end > value.start &&
  !/^[|>{[&!*]/.test(text[value.start] ?? '') &&
  !text.slice(key, value.end).includes('\n');

interface Flow {
  extent: Extent;
  own: readonly Placed[];
  entry: Entry;
}

function inFlow(text: string, { extent, own, entry }: Flow): Edit | undefined {
  const last = own.at(-1);
  const isJson = last ? text[last.key] === '"' : /^\s*[[{]/.test(text);
  const written = isJson ? asJson(entry) : `${entry.key}: ${asFlow(entry.value)}`;
  if (!last) {
    const isEmpty = /^\{\s*\}$/.test(text.slice(extent.start, extent.end));
    return isEmpty ? { ...extent, text: `{ ${written} }` } : undefined;
  }
  const indentation = indentationOf(text, last.key);
  const separator = indentation === undefined ? ', ' : `,${lineEnd(text)}${indentation}`;
  return { start: last.value.end, end: last.value.end, text: `${separator}${written}` };
}

function inBlock(text: string, { anchor, entry }: { anchor: Placed; entry: Entry }): Edit | undefined {
  const lineStart = text.lastIndexOf('\n', anchor.key - 1) + 1;
  const before = text.slice(lineStart, anchor.key);
  // `- ` in front of the first key of an item is as wide as the indentation of the others.
  if (!/^\ufeff?[ ]*(?:- +)*$/.test(before)) return undefined;
  const indentation = ' '.repeat(before.replace('\ufeff', '').length);
  const isEnded = text[anchor.value.end - 1] === '\n';
  const at = isEnded ? anchor.value.end : endOfLine(text, anchor.value.end);
  if (!isEnded && !/^[ \t,]*(?:#.*)?$/.test(text.slice(anchor.value.end, at).replace(/\r$/, '')))
    return undefined;
  const end = lineEnd(text);
  const lines = asBlock(entry).map((line) => indentation + line);
  return isEnded
    ? { start: at, end: at, text: lines.map((line) => line + end).join('') }
    : { start: at, end: at, text: lines.map((line) => end + line).join('') };
}

/** Where the line ends, before its CR and LF. */
function endOfLine(text: string, from: number): number {
  const found = text.indexOf('\n', from);
  const end = found === -1 ? text.length : found;
  return text[end - 1] === '\r' ? end - 1 : end;
}

export const lineEnd = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');

/** The blanks in front of something that is the first of its line; undefined where it is not. */
function indentationOf(text: string, at: number): string | undefined {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  return /^[ \t]+$/.test(line) ? line : undefined;
}

function asBlock({ key, value }: Entry): string[] {
  if (typeof value === 'string' || isList(value)) return [`${key}: ${asFlow(value)}`];
  const inner = Object.entries(value).flatMap(([name, one]) => asBlock({ key: name, value: one }));
  return [`${key}:`, ...inner.map((line) => `  ${line}`)];
}

function asFlow(value: Written): string {
  if (typeof value === 'string') return value;
  if (isList(value)) return `[${value.join(', ')}]`;
  return `{ ${Object.entries(value)
    .map(([key, one]) => `${key}: ${asFlow(one)}`)
    .join(', ')} }`;
}

const isList = (value: Written): value is readonly string[] => Array.isArray(value);

const asJson = ({ key, value }: Entry): string => `${JSON.stringify(key)}: ${jsonOf(value)}`;

function jsonOf(value: Written): string {
  if (typeof value === 'string')
    return /^(?:true|false|null|-?\d+)$/.test(value) ? value : JSON.stringify(value);
  if (isList(value)) return `[${value.map(jsonOf).join(', ')}]`;
  return `{ ${Object.entries(value)
    .map(([key, one]) => asJson({ key, value: one }))
    .join(', ')} }`;
}
