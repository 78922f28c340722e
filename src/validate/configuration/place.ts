import type { Document, Path } from '../document.ts';
import { positionAt } from '../read/lines.ts';
import type { Spot } from '../rule.ts';

/**
 * The spot of one character inside a text value. YAML folds, escapes and indents, so the written text is followed
 * character by character, blanks left out; where it cannot be followed (an alias), the value's own place is meant.
 */
export function within(document: Document, path: Path, text: string, index: number): Spot {
  const inner: Document = {
    file: document.file,
    index: document.index,
    value: document.value,
    ...(document.base ? { base: document.base } : {}),
    position: (at, part) => {
      const offset = offsetWithin(document, path, text, index);
      return offset === undefined ? document.position(at, part) : positionAt(document.file, offset);
    },
    extent: (at) => document.extent(at),
  };
  return { document: inner, path };
}

/** Offset in the file of a character of a text value; undefined where the written text is not that value. */
function offsetWithin(document: Document, path: Path, text: string, index: number): number | undefined {
  const extent = document.extent(path);
  if (!extent) return undefined;
  const written = document.file.text.slice(extent.start, extent.end);
  const units = unitsOf(written);
  const before = visible(text.slice(0, index));
  const after = visible(text.slice(index));
  if (units.length !== before + after) return undefined;
  const unit = after === 0 ? endOf(units) : units[before];
  return unit === undefined ? undefined : extent.start + unit;
}

const endOf = (units: readonly number[]): number | undefined => {
  const last = units.at(-1);
  return last === undefined ? undefined : last + 1;
};

/** Characters that are no blanks. */
const visible = (text: string): number => text.replace(/\s+/g, '').length;

/** Where each character that is no blank begins in the written form of a scalar. */
function unitsOf(written: string): readonly number[] {
  const first = written[0];
  if (first === '"') return matches(written, doubleQuoted, 1, written.lastIndexOf('"'));
  if (first === "'") return matches(written, singleQuoted, 1, written.lastIndexOf("'"));
  const header = /^[|>][^\n]*\n/.exec(written);
  return matches(written, /\S/g, header ? header[0].length : 0, written.length);
}

/** An escape that stands for a blank is none of the characters that are counted. */
const doubleQuoted =
  /\\(?:[abefv0"/\\$]|N|_|x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8})|\\[ntrLP \t]|\\\r?\n|[^\s\\]/g;
const singleQuoted = /''|\S/g;

function matches(written: string, unit: RegExp, from: number, to: number): readonly number[] {
  const found: number[] = [];
  for (const match of written.slice(from, to).matchAll(unit)) {
    if (!/^\\(?:[ntrLPvf_N \t]|\r?\n)/.test(match[0])) found.push(from + match.index);
  }
  return found;
}
