import fc from 'fast-check';
import { dump, load } from 'js-yaml';

/**
 * Changes to files that mean something, for fuzzing: most of what comes out is still nearly valid, so that it gets past the
 * parser and into the rules.
 */

const oddText = fc.constantFrom(
  '',
  ' ',
  '\t',
  '---\n',
  '...\n',
  '- ',
  ': ',
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  '|\n',
  '>-\n',
  '&a ',
  '*a ',
  '<<: *a\n',
  '!x ',
  '#',
  '\\',
  '\\\n',
  '`',
  '$',
  '${',
  '${{ ',
  '{{ ',
  '<<EOF\n',
  '\r\n',
  '\u2028',
  '\ufeff',
  '\u0000',
  '🚀',
  '=',
  '@sha256:',
  'null',
  '1e999',
  '-0',
  '0x10',
  '99999999999999999999',
);

const oddValue = fc.oneof(
  fc.constantFrom<unknown>(null, '', 0, -1, 65_536, 1.5, Number.NaN, true, 'x', '::', '/', '*', '..', [], {}),
  fc.constantFrom<unknown>([null], [[]], [{}], { a: null }, { '': '' }, { name: {} }, [1, 'a', null]),
  fc.string({ maxLength: 12 }),
  fc.jsonValue({ maxDepth: 2 }),
);

/** One change of a text, at a place given as a part of its length. */
const textChange = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  how: fc.constantFrom('insert', 'cut-line', 'double-line', 'indent', 'cut-end', 'replace-word'),
  text: oddText,
});

/** One change of a value: what stands at some place in it becomes something else. */
const valueChange = fc.record({
  steps: fc.array(fc.nat(20), { maxLength: 8 }),
  how: fc.constantFrom('replace', 'remove', 'rename', 'repeat'),
  value: oddValue,
});

type TextChange = typeof textChange extends fc.Arbitrary<infer T> ? T : never;
type ValueChange = typeof valueChange extends fc.Arbitrary<infer T> ? T : never;

/** Changes for one file. */
export const changes = fc.record({
  file: fc.nat(100_000),
  values: fc.array(valueChange, { maxLength: 3 }),
  texts: fc.array(textChange, { maxLength: 2 }),
});

export type Changes = typeof changes extends fc.Arbitrary<infer T> ? T : never;

/** The changed text; values are changed only in YAML and JSON. */
export function changed(path: string, text: string, { values, texts }: Changes): string {
  const withValues = /\.(?:ya?ml|json)$/.test(path) && values.length > 0 ? changedValues(text, values) : text;
  return texts.reduce(changedText, withValues);
}

function changedText(text: string, { at, how, text: odd }: TextChange): string {
  const offset = Math.floor(at * text.length);
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const next = text.indexOf('\n', offset);
  const end = next === -1 ? text.length : next + 1;
  switch (how) {
    case 'insert':
      return text.slice(0, offset) + odd + text.slice(offset);
    case 'cut-line':
      return text.slice(0, start) + text.slice(end);
    case 'double-line':
      return text.slice(0, end) + text.slice(start, end) + text.slice(end);
    case 'indent':
      return `${text.slice(0, start)}  ${text.slice(start)}`;
    case 'cut-end':
      return text.slice(0, offset);
    case 'replace-word':
      return text.slice(0, offset) + text.slice(offset).replace(/[\w.-]+/, () => odd);
  }
}

function changedValues(text: string, values: readonly ValueChange[]): string {
  return text
    .split(/^---$/m)
    .map((part) => {
      try {
        return dump(values.reduce(changedValue, load(part)));
      } catch {
        return part;
      }
    })
    .join('---\n');
}

function changedValue(value: unknown, { steps: [step, ...steps], how, value: odd }: ValueChange): unknown {
  if (step === undefined || typeof value !== 'object' || value === null) return odd;
  const keys = Object.keys(value);
  const key = keys[step % Math.max(1, keys.length)];
  if (key === undefined) return odd;
  const old: unknown = Reflect.get(value, key);
  const isLast = steps.length === 0 || typeof old !== 'object' || old === null;
  const changedItem = isLast ? odd : changedValue(old, { steps, how, value: odd });
  if (Array.isArray(value)) {
    const at = Number(key);
    if (isLast && how === 'remove') return value.toSpliced(at, 1);
    return isLast && how === 'repeat' ? [...value, old, old] : value.with(at, changedItem);
  }
  const { [key]: _, ...rest } = value as Record<string, unknown>;
  if (isLast && how === 'remove') return rest;
  return isLast && how === 'rename' ? { ...rest, [`${key}x`]: old } : { ...value, [key]: changedItem };
}
