// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${…} is the syntax of variables in cutover.yml
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatComparison, holds, parseComparison } from '../../src/config/values/comparison.ts';
import { parseWhole } from '../../src/config/values/decimal.ts';
import { formatDuration, parseDuration } from '../../src/config/values/duration.ts';
import { formatPercentage, parsePercentage } from '../../src/config/values/percentage.ts';
import { formatRate, parseRate } from '../../src/config/values/rate.ts';
import { formatSize, parseSize } from '../../src/config/values/size.ts';

interface Kind {
  parse: (text: string) => number | undefined;
  format: (value: number) => string;
  good: readonly (readonly [text: string, value: number])[];
  bad: readonly string[];
  /** Amounts and units as they may be written. */
  units: readonly string[];
}

/** Refused by every parser. */
const junk = [
  '',
  ' ',
  '.',
  '-',
  'NaN',
  'Infinity',
  '1e3',
  '0x10',
  '1_000',
  '1,000',
  '٣s',
  '３s',
  '1e400s',
  '--1s',
  '${x}',
  'null',
  '__proto__',
  'constructor',
  'toString',
  '1\n',
  '\n1s',
  '1s\n',
  '1%\n',
  '10MB\n',
  '5/s\n',
  '+1s',
  '+1%',
  '+5/s',
  '+5MB',
];

const kinds: Record<string, Kind> = {
  duration: {
    parse: parseDuration,
    format: formatDuration,
    good: [
      ['500ms', 500],
      ['30s', 30_000],
      ['10m', 600_000],
      ['2h', 7_200_000],
      ['1d', 86_400_000],
      ['1m30s', 90_000],
      ['1d2h3m4s5ms6us', 93_784_005.006],
      ['1.5s', 1_500],
      ['0.1s', 100],
      ['0.3s', 300],
      ['0s', 0],
      ['007s', 7_000],
      ['250us', 0.25],
      ['104249d', 104_249 * 86_400_000],
    ],
    bad: [
      '3abc',
      '1s1m',
      '1s1s',
      '1 s',
      '1S',
      '1min',
      '1.s',
      '.5s',
      '1.2345s',
      '0.1us',
      '-1s',
      '30',
      '104250d',
      '999999999999999d',
      '1ms1',
    ],
    units: ['us', 'ms', 's', 'm', 'h', 'd'],
  },
  rate: {
    parse: parseRate,
    format: formatRate,
    good: [
      ['200/s', 200],
      ['12000/m', 200],
      ['1/m', 1 / 60],
      ['0.5/s', 0.5],
      ['30/h', 30 / 3600],
      ['0/s', 0],
    ],
    bad: ['200', '200/', '/s', '200/d', '200/ms', '200 /s', '-1/s', '1/s/s', '1.2345/s', '1/S'],
    units: ['/s', '/m', '/h'],
  },
  size: {
    parse: parseSize,
    format: formatSize,
    good: [
      ['64KiB', 65_536],
      ['10MB', 10_000_000],
      ['512B', 512],
      ['1.5GiB', 1_610_612_736],
      ['1GB', 1_000_000_000],
      ['0B', 0],
    ],
    bad: [
      '64',
      '64K',
      '64kb',
      '64kib',
      '0.5B',
      '1.001KiB',
      '-1B',
      '64 KiB',
      '9999999999999GiB',
      '1TiB',
      '64KiBB',
    ],
    units: ['B', 'KB', 'KiB', 'MB', 'MiB', 'GB', 'GiB'],
  },
  percentage: {
    parse: parsePercentage,
    format: formatPercentage,
    good: [
      ['1%', 0.01],
      ['0%', 0],
      ['100%', 1],
      ['0.05%', 0.0005],
      ['99.999%', 0.99999],
    ],
    bad: ['1', '101%', '100.001%', '-1%', '1 %', '%', '1%%', '0.0001%'],
    units: ['%'],
  },
};

describe.each(Object.entries(kinds))('%s', (_, { parse, format, good, bad, units }) => {
  test.each(good)('%s is %d', (text, value) => {
    expect(parse(text)).toBe(value);
  });

  test.each([...bad, ...junk])('%j is refused', (text) => {
    expect(parse(text)).toBeUndefined();
  });

  const written = fc
    .tuple(fc.nat({ max: 1_000_000 }), fc.nat({ max: 999 }), fc.constantFrom(...units))
    .map(([amount, thousandths, unit]) => `${amount}.${String(thousandths).padStart(3, '0')}${unit}`);
  const whole = fc
    .tuple(fc.nat({ max: 100_000_000 }), fc.constantFrom(...units))
    .map(([amount, unit]) => `${amount}${unit}`);

  test('what was read is written so that it is read the same again', () => {
    let tried = 0;
    fc.assert(
      fc.property(fc.oneof(written, whole), (text) => {
        const value = parse(text);
        if (value === undefined) return;
        tried += 1;
        expect(parse(format(value))).toBe(value);
      }),
      { numRuns: 2_000 },
    );
    expect(tried).toBeGreaterThan(0);
  });

  test('junk never throws and never gives NaN or infinity', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...'0123456789.-+e/%<>=smhduKMGiB ') }),
    );
    fc.assert(
      fc.property(text, (given) => {
        const value = parse(given);
        expect(value === undefined || (Number.isFinite(value) && value >= 0)).toBe(true);
        if (value !== undefined) expect(given).toMatch(/^[0-9][0-9a-zA-Z./%]*$/);
      }),
      { numRuns: 2_000 },
    );
  });

  test('a number of any size is written without throwing', () => {
    fc.assert(fc.property(fc.double(), (value) => expect(typeof format(value)).toBe('string')));
  });
});

describe('whole number', () => {
  test.each([
    ['0', 0],
    ['8080', 8080],
    ['999999999999999', 999_999_999_999_999],
  ])('%s', (text, value) => expect(parseWhole(text)).toBe(value));

  test.each([...junk, '080', '1.0', '80x', ' 80', '-1', '1000000000000000'])('%j is refused', (text) => {
    expect(parseWhole(text)).toBeUndefined();
  });
});

describe('duration as people read it', () => {
  test.each([
    [0, '0s'],
    [90_000, '1m30s'],
    [600_000, '10m'],
    [1_500, '1s500ms'],
    [0.25, '250us'],
    [-5, '0s'],
    [Number.NaN, 'unbounded'],
  ])('%d ms is %s', (ms, text) => expect(formatDuration(ms)).toBe(text));
});

describe('comparison', () => {
  test.each([
    ['<1%', '<', 0.01, 'ratio'],
    ['<50ms', '<', 50, 'ms'],
    ['< 50ms', '<', 50, 'ms'],
    ['>=10000/s', '>=', 10_000, 'rate'],
    ['<=64MiB', '<=', 67_108_864, 'bytes'],
    ['>3', '>', 3, 'count'],
    ['0', '=', 0, 'count'],
    ['=5m', '=', 300_000, 'ms'],
    ['1m', '=', 60_000, 'ms'],
  ] as const)('%s', (text, operator, value, unit) => {
    expect(parseComparison(text)).toEqual({ operator, value, unit, text });
  });

  test.each([
    '',
    '<',
    '< ',
    '<  1s',
    '<<1s',
    '=<1s',
    '==1s',
    '!=1s',
    '<1x',
    '<-1s',
    '1s<',
    '< 1s ',
    '<NaN',
    '~1s',
    '<1s\n',
  ])('%j is refused', (text) => expect(parseComparison(text)).toBeUndefined());

  test('what was read is written so that it is read the same again', () => {
    const bound = fc
      .tuple(fc.nat({ max: 90 }), fc.constantFrom('', '%', 'ms', 's', 'm', '/s', '/m', 'B', 'KiB', 'MB'))
      .map(([amount, unit]) => `${amount}${unit}`);
    fc.assert(
      fc.property(fc.constantFrom('<', '<=', '>', '>=', '=', ''), bound, (operator, text) => {
        const { text: _, ...comparison } = parseComparison(operator + text) ?? { text: '' };
        expect(comparison).toHaveProperty('unit');
        if (!('unit' in comparison)) return;
        expect(parseComparison(formatComparison(comparison))).toMatchObject(comparison);
      }),
    );
  });

  test('junk never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseComparison(text)));
  });

  test.each([
    ['<1%', 0.0099, true],
    ['<1%', 0.01, false],
    ['<=1%', 0.01, true],
    ['>5', 5, false],
    ['>=5', 5, true],
    ['0', 0, true],
    ['0', 1, false],
    ['<50ms', Number.NaN, false],
    ['>=0', Number.NaN, false],
  ])('%s holds for %d: %s', (text, measured, expected) => {
    const comparison = parseComparison(text);
    expect(comparison && holds(comparison, measured)).toBe(expected);
  });
});
