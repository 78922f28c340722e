import type { Document, Path } from './document.ts';
import { positionAt } from './read/lines.ts';
import type { Spot } from './rule.ts';

/**
 * The spot of one character inside a text value. YAML folds, escapes and indents, so the written text is followed
 * character by character, blanks left out: block scalars of either kind with whatever indentation and chomping, quoted
 * ones, plain ones over several lines. Where it cannot be followed (an alias, a built object), the value's own place is
 * meant.
 */
export function within(document: Document, path: Path, text: string, index: number): Spot {
  const inner: Document = {
    file: document.file,
    index: document.index,
    value: document.value,
    ...(document.base ? { base: document.base } : {}),
    position: (at, part) => {
      const offset = offsetsWithin({ document, path, text })(index);
      return offset === undefined ? document.position(at, part) : positionAt(document.file, offset);
    },
    extent: (at) => document.extent(at),
  };
  return { document: inner, path };
}

/** A text and where it is the value. */
export interface TextValue {
  readonly document: Document;
  readonly path: Path;
  readonly text: string;
}

/**
 * Offsets in the file of the characters of a text value; undefined where the written text is not that value. Of a blank the
 * next character's. The text is followed once, when the first one is asked for.
 */
export function offsetsWithin(value: TextValue): (index: number) => number | undefined {
  let known: Followed | undefined;
  return (index) => {
    known ??= followed(value);
    if (!known) return undefined;
    const { units, start, visible } = known;
    const before = countBelow(visible, index);
    const unit = before === units.length ? behindLast(units) : units[before];
    return unit === undefined ? undefined : start + unit;
  };
}

interface Followed {
  /** Where the value begins in the file. */
  readonly start: number;
  /** Where each of its characters that is no blank is written, from there on. */
  readonly units: readonly number[];
  /** Indexes of these characters in the text. */
  readonly visible: readonly number[];
}

function followed({ document, path, text }: TextValue): Followed | undefined {
  const extent = document.extent(path);
  if (!extent) return undefined;
  const units = unitsOf(document.file.text.slice(extent.start, extent.end));
  const visible = matches(text, /\S/g, 0, text.length);
  return units.length === visible.length ? { start: extent.start, units, visible } : undefined;
}

/** How many of some sorted numbers are below another. */
function countBelow(numbers: readonly number[], limit: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

const behindLast = (units: readonly number[]): number | undefined => {
  const last = units.at(-1);
  return last === undefined ? undefined : last + 1;
};

/** Characters that are no blanks, in UTF-16 units. */
const visible = (text: string): number => text.replace(/\s+/g, '').length;

/** Where each character that is no blank begins in the written form of a scalar. */
function unitsOf(written: string): readonly number[] {
  if (written[0] === '"') return quotedUnits(written);
  if (written[0] === "'") return matches(written, /''|\S/g, 1, written.lastIndexOf("'"));
  const header = /^[|>][^\n]*\n/.exec(written);
  return matches(written, /\S/g, header ? header[0].length : 0, written.length);
}

function matches(written: string, form: RegExp, from: number, to: number): number[] {
  return [...written.slice(from, to).matchAll(form)].map((match) => from + match.index);
}

/** https://yaml.org/spec/1.2.2/#57-escaped-characters; an escaped end of line is left out like the blanks. */
const unit = /\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|\r?\n|[^\r\n])|\S/g;

const named: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\u0007',
  b: '\b',
  e: '\u001b',
  N: '\u0085',
  n: '\n',
  t: '\t',
  r: '\r',
  v: '\v',
  f: '\f',
  _: '\u00a0',
  L: '\u2028',
  P: '\u2029',
};

function quotedUnits(written: string): number[] {
  const found: number[] = [];
  for (const match of written.slice(1, written.lastIndexOf('"')).matchAll(unit)) {
    const length = match[0].startsWith('\\') ? visible(meaning(match[0].slice(1))) : 1;
    for (let i = 0; i < length; i += 1) found.push(1 + match.index);
  }
  return found;
}

/** What an escape stands for, without its backslash. */
function meaning(sequence: string): string {
  const code = /^[xuU]([\da-fA-F]+)$/.exec(sequence)?.[1];
  if (code === undefined) return named[sequence] ?? sequence;
  const point = Number.parseInt(code, 16);
  return point <= 0x10ffff ? String.fromCodePoint(point) : '';
}
