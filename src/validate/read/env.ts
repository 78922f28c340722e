import type { Document, SourceFile } from '../document.ts';
import type { Unreadable } from '../workspace.ts';
import { documentOf, type Entry } from './places.ts';
import { ProblemList } from './problem-list.ts';

const start = /^([ \t]*(?:export[ \t]+)?)([^\s=#'"]+)[ \t]*(=|$)[ \t]*/;
const nameForm = /^[A-Za-z_][\w.-]*$/;

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

export interface ReadEnv {
  document: Document;
  problems: readonly Unreadable[];
}

/**
 * A file of `NAME=value` lines, by the rules of Docker Compose: single quotes take everything as it is, double quotes know
 * escapes and both may go over lines, a blank and `#` end an unquoted value, `export` may stand before the name. `${…}` is
 * left as it is written. A name alone (`NAME`, handed on from outside) has the value null. The last one of a name counts.
 */
export function readEnv(file: SourceFile): ReadEnv {
  const { text } = file;
  const values: Record<string, string | null> = {};
  const children = new Map<string, Entry>();
  const problems = new ProblemList(file);
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (at < text.length && !problems.isFull) {
    const line = text.slice(at, lineEnd(text, at)).replace(/\r$/, '');
    const [all = '', before = '', name = '', sign] = start.exec(line) ?? [];
    if (!nameForm.test(name)) {
      const message = 'this line is not of the form NAME=value';
      if (!/^[ \t]*(?:#|$)/.test(line)) problems.add({ problem: 'syntax-error', offset: at, message });
      at = lineEnd(text, at) + 1;
      continue;
    }
    const key = { start: at + before.length, end: at + before.length + name.length };
    const from = at + all.length;
    const { value, end, problem } = valueFrom(text, from, sign);
    if (problem !== undefined)
      problems.add({ problem: 'syntax-error', offset: from, message: problem, path: [name] });
    if (children.has(name)) {
      const message = `"${name}" stands twice, the last one counts`;
      problems.add({ problem: 'duplicate-key', offset: key.start, message, path: [name] });
    }
    setOwn(values, name, value);
    children.set(name, { key, place: { start: from, end } });
    at = lineEnd(text, end) + 1;
  }
  const places = () => ({ start: 0, end: text.length, children });
  return { document: documentOf({ file, index: 0, value: values, places }), problems: problems.all };
}

/** Also a name like `__proto__` is only a name. */
function setOwn(values: Record<string, string | null>, name: string, value: string | null): void {
  Object.defineProperty(values, name, { value, enumerable: true, configurable: true, writable: true });
}

const lineEnd = (text: string, from: number): number => {
  const at = text.indexOf('\n', from);
  return at === -1 ? text.length : at;
};

interface Value {
  value: string | null;
  end: number;
  problem?: string;
}

function valueFrom(text: string, from: number, sign: string | undefined): Value {
  if (sign !== '=') return { value: null, end: from };
  const quote = text[from];
  return quote === '"' || quote === "'" ? quotedValue(text, from, quote) : plainValue(text, from);
}

function plainValue(text: string, from: number): Value {
  const line = text.slice(from, lineEnd(text, from));
  const comment = /(?:^|[ \t])#/.exec(line);
  const value = line.slice(0, comment?.index ?? line.length).trimEnd();
  return { value, end: from + value.length };
}

function quotedValue(text: string, from: number, quote: string): Value {
  let value = '';
  for (let at = from + 1; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === quote) return ended(text, value, at + 1);
    if (character === '\\' && quote === '"') {
      at += 1;
      const next = text[at] ?? '';
      value += escapes[next] ?? (next === '"' || next === '\\' || next === '$' ? next : `\\${next}`);
    } else if (character === '\\' && text[at + 1] === "'") {
      at += 1;
      value += "'";
    } else value += character;
  }
  const plain = plainValue(text, from);
  return { ...plain, problem: 'the quote that opens here is never closed' };
}

function ended(text: string, value: string, end: number): Value {
  const rest = text.slice(end, lineEnd(text, end));
  return /^\s*(?:#.*)?$/.test(rest)
    ? { value, end }
    : { value, end, problem: 'text stands behind the closing quote' };
}
