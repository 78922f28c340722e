import type { ReleaseRecord } from './record.ts';

/** Keys that come first, in this order; all others follow by the alphabet. */
const leading = [
  'schema',
  'id',
  'application',
  'environment',
  'target',
  'verdict',
  'startedAt',
  'finishedAt',
  'name',
  'startMs',
  'mode',
  'result',
  'reason',
];
const lineLength = 160;

const rank = (key: string): number => {
  const at = leading.indexOf(key);
  return at < 0 ? leading.length : at;
};

function compareKeys(a: string, b: string): number {
  return rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0);
}

/**
 * The record as JSON text: the same record gives the same bytes, whatever order its keys were set in. Keys that are
 * undefined are left out. What fits on a line stays on one, so that a window of the meter is a line of the file.
 */
export function serializeRecord(record: ReleaseRecord): string {
  return `${write(record, '')}\n`;
}

function write(value: unknown, indent: string): string {
  if (Array.isArray(value)) {
    return bracket(
      ['[', ']'],
      value.map((item) => write(item, `${indent}  `)),
      indent,
    );
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => compareKeys(a, b))
    .map(([key, item]) => `${JSON.stringify(key)}: ${write(item, `${indent}  `)}`);
  return bracket(['{', '}'], entries, indent);
}

function bracket([open, close]: readonly [string, string], items: readonly string[], indent: string): string {
  if (items.length === 0) return open + close;
  const length = items.reduce((sum, item) => sum + item.length + 2, indent.length + 4);
  const flat = length <= lineLength && !items.some((item) => item.includes('\n'));
  if (flat) return open === '{' ? `{ ${items.join(', ')} }` : `[${items.join(', ')}]`;
  return `${open}\n${items.map((item) => `${indent}  ${item}`).join(',\n')}\n${indent}${close}`;
}
