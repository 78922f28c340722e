import {
  type Condition,
  isSingular,
  type Operand,
  type Operator,
  operators,
  type Query,
  type Segment,
  type Selector,
} from './query.ts';
import { NotAPath, Reader } from './reader.ts';

const longest = 1_000;
const shorthand = /[A-Za-z_\u0080-\uffff][0-9A-Za-z_\u0080-\uffff]*/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const functionName = /[a-z][a-z0-9_]*\(/y;
const words = { true: true, false: false, null: null } as const;

/** Reads a JSONPath, `$.items[0].price` or `$..price`. @returns the query, or what is wrong with the text */
export function parseJsonPath(text: string): Query | { problem: string } {
  if (text.length > longest) return { problem: `it has more than ${longest} characters` };
  const reader = new Reader(text);
  try {
    reader.expect('$');
    const query: Query = { from: '$', segments: segmentsIn(reader) };
    if (!reader.isAtEnd) reader.fail('"." or "["');
    return query;
  } catch (error) {
    if (error instanceof NotAPath) return { problem: error.message };
    if (error instanceof RangeError) return { problem: 'it is nested too deeply' };
    throw error;
  }
}

function segmentsIn(reader: Reader): Segment[] {
  const segments: Segment[] = [];
  for (;;) {
    const segment = reader.optionally(() => {
      reader.skipBlanks();
      return segmentIn(reader);
    });
    if (!segment) return segments;
    segments.push(segment);
  }
}

function segmentIn(reader: Reader): Segment | undefined {
  if (reader.take('..')) {
    return { of: 'descendants', selectors: bracketed(reader) ?? [dotted(reader)] };
  }
  if (reader.take('.')) return { of: 'children', selectors: [dotted(reader)] };
  const selectors = bracketed(reader);
  return selectors && { of: 'children', selectors };
}

function dotted(reader: Reader): Selector {
  if (reader.take('*')) return { kind: 'all' };
  const name = reader.match(shorthand);
  return name === undefined ? reader.fail('a name, "*" or "["') : { kind: 'name', name };
}

function bracketed(reader: Reader): Selector[] | undefined {
  if (!reader.take('[')) return undefined;
  const selectors: Selector[] = [];
  do {
    reader.skipBlanks();
    selectors.push(selectorIn(reader));
    reader.skipBlanks();
  } while (reader.take(','));
  reader.expect(']');
  return selectors;
}

function selectorIn(reader: Reader): Selector {
  if (reader.take('*')) return { kind: 'all' };
  if (reader.take('?')) return { kind: 'filter', condition: orIn(reader) };
  const name = reader.quoted();
  if (name !== undefined) return { kind: 'name', name };
  const start = reader.integer();
  const slice = reader.optionally(() => {
    reader.skipBlanks();
    return reader.take(':') ? sliceIn(reader, start) : undefined;
  });
  if (slice) return slice;
  return start === undefined
    ? reader.fail('a name in quotes, an index, "*" or "?"')
    : { kind: 'index', index: start };
}

function sliceIn(reader: Reader, start: number | undefined): Selector {
  reader.skipBlanks();
  const end = reader.integer();
  const step = reader.optionally(() => {
    reader.skipBlanks();
    if (!reader.take(':')) return undefined;
    reader.skipBlanks();
    return reader.integer() ?? 1;
  });
  return { kind: 'slice', start, end, step: step ?? 1 };
}

function orIn(reader: Reader): Condition {
  return chain(reader, { sign: '||', kind: 'or' }, () =>
    chain(reader, { sign: '&&', kind: 'and' }, () => basic(reader)),
  );
}

function chain(
  reader: Reader,
  { sign, kind }: { sign: string; kind: 'and' | 'or' },
  part: () => Condition,
): Condition {
  let all = part();
  for (;;) {
    const more = reader.optionally(() => {
      reader.skipBlanks();
      return reader.take(sign) ? part() : undefined;
    });
    if (!more) return all;
    all = { kind, both: [all, more] };
  }
}

function basic(reader: Reader): Condition {
  reader.skipBlanks();
  if (reader.take('!')) {
    reader.skipBlanks();
    return { kind: 'not', what: grouped(reader) ?? existence(reader, operandIn(reader)) };
  }
  const group = grouped(reader);
  if (group) return group;
  const left = operandIn(reader);
  const operator = reader.optionally(() => {
    reader.skipBlanks();
    return operators.find((one) => reader.take(one));
  });
  return operator ? comparison(reader, left, operator) : existence(reader, left);
}

function grouped(reader: Reader): Condition | undefined {
  if (!reader.take('(')) return undefined;
  const condition = orIn(reader);
  reader.skipBlanks();
  reader.expect(')');
  return condition;
}

function existence(reader: Reader, operand: Operand): Condition {
  if ('literal' in operand) return reader.fail('a comparison');
  return { kind: 'exists', query: operand.query };
}

function comparison(reader: Reader, left: Operand, operator: Operator): Condition {
  reader.skipBlanks();
  const right = operandIn(reader);
  for (const side of [left, right]) {
    if ('query' in side && !isSingular(side.query)) throw new NotAPath('a comparison with several values');
  }
  return { kind: 'compare', operator, left, right };
}

function operandIn(reader: Reader): Operand {
  for (const from of ['@', '$'] as const) {
    if (reader.take(from)) return { query: { from, segments: segmentsIn(reader) } };
  }
  const text = reader.quoted();
  if (text !== undefined) return { literal: text };
  const written = reader.match(number);
  if (written !== undefined) return { literal: Number(written) };
  for (const [word, literal] of Object.entries(words)) if (reader.take(word)) return { literal };
  if (reader.match(functionName) !== undefined) throw new NotAPath('functions are not supported');
  return reader.fail('"@", "$", a text, a number, true, false or null');
}
