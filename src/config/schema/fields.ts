import { didYouMean } from '../suggest.ts';
import { parseComparison } from '../values/comparison.ts';
import { parseWhole } from '../values/decimal.ts';
import { durationPattern, formatDuration, parseDuration } from '../values/duration.ts';
import { formatPercentage, parsePercentage, percentagePattern } from '../values/percentage.ts';
import { formatRate, parseRate, ratePattern } from '../values/rate.ts';
import { leaf, type Scalar } from './leaf.ts';

/** Smallest and largest value, both allowed. */
export type Range = readonly [least: number, most: number];

const within = (value: number | undefined, [least, most]: Range): number | undefined =>
  value !== undefined && value >= least && value <= most ? value : undefined;

/** A length of time, in milliseconds. A plain 0 needs no unit. */
export function duration(description: string, range: Range) {
  const bounds = `${formatDuration(range[0])} to ${formatDuration(range[1])}`;
  const read = (given: Scalar) => (given === 0 || given === '0' ? 0 : parseDuration(String(given)));
  return leaf<number>({
    description,
    noun: 'a duration',
    allowed: `a duration from ${bounds}, such as 500ms, 30s, 10m, 2h or 1m30s`,
    parse: (given) => within(read(given), range),
    explain: (given) => {
      if (read(given) !== undefined) return `{given} is not from ${bounds}`;
      if (typeof given === 'number' && given > 0) return '{given} has no unit';
      const comparison = parseComparison(String(given));
      return comparison?.unit === 'ms' ? '{given} is a comparison, write the duration alone' : undefined;
    },
    json: {
      anyOf: [{ type: 'string', pattern: durationPattern }, ...(range[0] === 0 ? [{ const: 0 }] : [])],
    },
    examples: ['500ms', '30s', '10m'],
  });
}

/** So many per unit of time, in events per second. */
export function rate(description: string, range: Range) {
  const bounds = `${formatRate(range[0])} to ${formatRate(range[1])}`;
  return leaf<number>({
    description,
    noun: 'a rate',
    allowed: `a rate from ${bounds}, such as 200/s or 12000/m`,
    parse: (given) => within(parseRate(String(given)), range),
    explain: (given) => {
      if (parseRate(String(given)) !== undefined) return `{given} is not from ${bounds}`;
      return typeof given === 'number' ? '{given} has no unit of time' : undefined;
    },
    json: { type: 'string', pattern: ratePattern },
    examples: ['200/s', '12000/m'],
  });
}

/** A share, as a ratio from 0 to 1. A plain 0 needs no percent sign. */
export function percentage(description: string, range: Range = [0, 1]) {
  const least = formatPercentage(range[0]);
  const allowed = range[0] === 0 ? '0 or a percentage up to 100%' : `a percentage from ${least} to 100%`;
  const read = (given: Scalar) => (given === 0 || given === '0' ? 0 : parsePercentage(String(given)));
  return leaf<number>({
    description,
    noun: 'a percentage',
    allowed: `${allowed}, such as ${range[0] === 0 ? '0.1%' : '10%'}`,
    parse: (given) => within(read(given), range),
    explain: (given) => {
      if (read(given) !== undefined) return `{given} is not from ${least} to 100%`;
      if (typeof given === 'number') return '{given} has no percent sign';
      const comparison = parseComparison(String(given));
      return comparison?.unit === 'ratio' && /^[<>=]/.test(comparison.text)
        ? '{given} is a comparison, write the percentage alone'
        : undefined;
    },
    json: {
      anyOf: [{ type: 'string', pattern: percentagePattern }, ...(range[0] === 0 ? [{ const: 0 }] : [])],
    },
    examples: range[0] === 0 ? [0, '0.1%', '1%'] : ['10%', '100%'],
  });
}

export function wholeNumber(description: string, range: Range) {
  const allowed = `a whole number from ${range[0]} to ${range[1]}`;
  return leaf<number>({
    description,
    noun: 'a whole number',
    allowed,
    parse: (given) => (typeof given === 'boolean' ? undefined : within(parseWhole(String(given)), range)),
    explain: (given) =>
      parseWhole(String(given)) === undefined ? undefined : `{given} is not from ${range[0]} to ${range[1]}`,
    json: {
      anyOf: [
        { type: 'integer', minimum: range[0], maximum: range[1] },
        { type: 'string', pattern: '^(?:0|[1-9][0-9]{0,14})$' },
      ],
    },
  });
}

/** One of several words, such as the entries of a registry. `planned` ones are refused with a word of hope. */
export function choice<const T extends string>(
  description: string,
  options: readonly T[],
  planned: readonly string[] = [],
) {
  return leaf<T>({
    description,
    noun: `one of ${options.join(', ')}`,
    allowed: options.join(', '),
    parse: (given) => options.find((option) => option === given),
    explain: (given) =>
      planned.includes(String(given))
        ? '{given} is not available in this version'
        : `{given} is not known${didYouMean(String(given), options)}`,
    json: { enum: [...options] },
  });
}

/** A yes or no where neither is a matter of course. */
export function trueOrFalse(description: string) {
  return leaf<boolean>({
    description,
    noun: 'true or false',
    allowed: 'true or false',
    parse: (given) => (typeof given === 'boolean' ? given : undefined),
    json: { type: 'boolean' },
  });
}

/** A text that has to fit a pattern. */
export function pattern(description: string, spec: { noun: string; allowed: string; pattern: string }) {
  const fits = new RegExp(spec.pattern);
  return leaf<string>({
    description,
    noun: spec.noun,
    allowed: spec.allowed,
    parse: (given) => (typeof given === 'string' && fits.test(given) ? given : undefined),
    json: { type: 'string', pattern: spec.pattern },
  });
}

/** Any text; a number or a boolean is taken as it is written. A NUL cannot be passed to a process or in a header. */
export function text(description: string, examples?: readonly string[]) {
  return leaf<string>({
    description,
    noun: 'a text',
    allowed: 'a text, a number, true or false',
    parse: (given) => (String(given).includes('\0') ? undefined : String(given)),
    explain: () => '{given} holds a NUL character',
    json: { type: ['string', 'number', 'boolean'] },
    ...(examples ? { examples } : {}),
  });
}

/** The path of an HTTP request, with its query. */
export function httpPath(description: string, example: string) {
  return leaf<string>({
    description,
    noun: 'a path',
    allowed: `a path that starts with / and has no blanks, such as ${example}`,
    parse: (given) => (typeof given === 'string' && httpPathShape.test(given) ? given : undefined),
    explain: (given) =>
      /^https?:\/\//i.test(String(given)) ? '{given} is a whole URL, write its path alone' : undefined,
    json: { type: 'string', pattern: httpPathShape.source },
    examples: [example],
  });
}

/** Printable ASCII without blanks, `#` (never sent), quotes or backslashes; at most 2,000 characters. */
const httpPathShape = /^\/[!$-&(-[\]-~]{0,1999}$/;

/** A folder below the one of cutover.yml. */
export function folder(description: string) {
  return leaf<string>({
    description,
    noun: 'a folder below that of this file',
    allowed: 'a relative folder below that of this file, with / and without .. between its parts',
    parse: (given) => (folderShape.test(String(given)) ? String(given) : undefined),
    explain: (given) => {
      if (/^(?:[/\\~]|[A-Za-z]:)/.test(String(given))) return '{given} is not relative';
      return /(?:^|[/\\])\.\.(?:[/\\]|$)/.test(String(given))
        ? '{given} leaves the folder of this file'
        : undefined;
    },
    json: { type: 'string', pattern: folderShape.source },
    examples: ['.', 'services/gateway'],
  });
}

/** Relative, without backslashes, control characters and `..`: what it names is inside, whatever stands before it. */
const folderShape =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  /^(?![/~])(?![A-Za-z]:)(?!(?:.*\/)?\.\.(?:\/|$))[^\\\u0000-\u001f\u007f]{1,1000}$/;
