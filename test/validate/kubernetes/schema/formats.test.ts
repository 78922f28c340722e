import { describe, expect, test } from '@jest/globals';
import { minorOf } from '../../../../src/validate/kubernetes/schema/cluster.ts';
import { cronFault } from '../../../../src/validate/kubernetes/schema/cron.ts';
import {
  base64,
  type Check,
  cidr,
  countOrShare,
  dataKey,
  dnsLabel,
  dnsLabel1035,
  dnsSubdomain,
  fileMode,
  ipAddress,
  labelValue,
  pathSegment,
  portName,
  portNumberOrName,
  qualifiedName,
  time,
  wildcardHost,
} from '../../../../src/validate/kubernetes/schema/formats.ts';
import { quantityFault, quantityOf } from '../../../../src/validate/kubernetes/schema/quantity.ts';

const forms = {
  base64,
  cidr,
  countOrShare,
  dataKey,
  dnsLabel,
  dnsLabel1035,
  dnsSubdomain,
  fileMode,
  ipAddress,
  labelValue,
  pathSegment,
  portName,
  portNumberOrName,
  qualifiedName,
  time,
  wildcardHost,
} satisfies Record<string, Check>;

/** What fits and what does not, by form. */
const table: readonly (readonly [keyof typeof forms, (string | number)[], (string | number)[]])[] = [
  ['dnsLabel', ['a', '1a', 'a-b', 'a'.repeat(63)], ['', 'A', '-a', 'a-', 'a.b', 'a_b', 'a'.repeat(64)]],
  ['dnsLabel1035', ['a', 'a1-b'], ['1a', 'a.b', 'A', '']],
  ['dnsSubdomain', ['a', 'a.b-c.d', '1.2'], ['a..b', '.a', 'a.', 'A.b', 'a_b', 'a/b']],
  ['pathSegment', ['system:node', 'Anything goes'], ['a/b', '.', '..', '50%']],
  ['wildcardHost', ['*.example.com', 'example.com'], ['*', '*.*.com', 'a.*.com', 'https://a']],
  ['labelValue', ['', 'a', 'A_b.c-1'], ['-a', 'a b', 'a/b', 'a'.repeat(64)]],
  ['qualifiedName', ['app', 'a.b/App_1'], ['', 'a/b/c', '/b', 'a/', 'A.b/c', 'a b']],
  ['portName', ['http', 'a1-b', '8080tcp'], ['8080', 'a--b', '-a', 'a-', 'HTTP', 'sixteen-letters-']],
  ['portNumberOrName', ['http', 1, 65_535], ['8080', 0, 65_536, -1]],
  ['dataKey', ['a.b', '.a', 'A_B-c'], ['', '..', '..a', 'a b', 'a/b']],
  ['countOrShare', [0, 3, '0%', '150%'], ['3', '%', '1.5%', -1, 'half']],
  ['fileMode', [0, 0o777], [512, -1, 888]],
  [
    'ipAddress',
    ['10.0.0.1', '::', '::1', 'fd00::a', '::ffff:10.0.0.1', '1:2:3:4:5:6:7:8'],
    ['10.0.0', '10.0.0.256', '010.0.0.1', '1:2:3', '1::2::3', '12345::', 'localhost', '1:2:3:4:5:6:7:8:9'],
  ],
  [
    'cidr',
    ['10.0.0.0/8', '0.0.0.0/0', '2001:db8::/32'],
    ['10.0.0.0', '10.0.0.0/33', '::/129', '10.0.0.0/8/8', 'a/8'],
  ],
  ['time', ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.123456+01:00'], ['2026-01-31', 'now', '12:00']],
  ['base64', ['', 'YQ==', 'YWJj', 'YWJj\nYWJj'], ['a', 'YQ=', '====', 'not base64!']],
];

describe('forms of names and texts', () => {
  const fits = table.flatMap(([name, good]) => good.map((value) => [name, value] as const));
  const fails = table.flatMap(([name, , bad]) => bad.map((value) => [name, value] as const));

  test.each(fits)('%s takes %j', (name, value) => {
    expect(forms[name](value)).toBeUndefined();
  });

  test.each(fails)('%s does not take %j', (name, value) => {
    expect(forms[name](value)).toEqual(expect.any(String));
  });
});

describe('quantities', () => {
  test.each([
    ['100m', 0.1],
    ['0.5', 0.5],
    [2, 2],
    [0.25, 0.25],
    ['1Gi', 2 ** 30],
    ['1.5Ki', 1536],
    ['1e3', 1000],
    ['1E3', 1000],
    ['2E', 2e18],
    ['-1', -1],
    ['.5', 0.5],
    ['5.', 5],
    ['12n', 12e-9],
  ])('%j is %d', (text, value) => {
    expect(quantityOf(text)).toBeCloseTo(value, 9);
    expect(quantityFault(text)).toBeUndefined();
  });

  test.each([
    ['512MB', '512M'],
    ['1GB', '1G'],
    ['1gib', '1Gi'],
    ['1K', '1k'],
    ['64mb', '64M'],
    ['1 Gi', '1Gi'],
    [' 5 ', '5'],
  ])('%j was meant as %s', (text, meant) => {
    expect(quantityFault(text)).toContain(`did you mean "${meant}"?`);
  });

  test.each(['', 'half', '1e', 'Mi', '1,5', '1.2.3', '--1', '0x10', '4 cores', 'NaN'])(
    '%j is none',
    (text) => {
      expect(quantityOf(text)).toBeUndefined();
      expect(quantityFault(text)).toContain('is not a quantity: it takes');
    },
  );
});

describe('schedules', () => {
  test.each([
    '* * * * *',
    '0 0 1 1 0',
    '*/5 0-23/2 1,15 JAN-MAR MON-fri',
    '0 12 ? * sun',
    '59 23 31 12 6',
    '@daily',
    '@every 1h30m',
    '  0   0 * * *  ',
  ])('%j', (text) => {
    expect(cronFault(text)).toBeUndefined();
  });

  test.each([
    ['60 * * * *', 'minute'],
    ['* 24 * * *', 'hour'],
    ['* * 0 * *', 'day of the month'],
    ['* * * 13 *', 'month'],
    ['* * * * 7', 'day of the week'],
    ['5-1 * * * *', 'minute'],
    ['*/0 * * * *', 'minute'],
    ['1,,2 * * * *', 'minute'],
    ['1-2-3 * * * *', 'minute'],
    ['* * * FOO *', 'month'],
    ['* * * *', '4 fields'],
    ['', '1 fields'],
    ['@fortnightly', 'is not a schedule'],
    ['@every day', 'is not a schedule'],
    ['CRON_TZ=UTC 0 0 * * *', 'timeZone'],
  ])('%j is none: %s', (text, words) => {
    expect(cronFault(text)).toContain(words);
  });
});

test.each([
  ['1.36', 36],
  ['v1.29.4', 29],
  ['1.30+', 30],
  ['1.31.0-gke.1', 31],
  ['2.0', undefined],
  ['latest', undefined],
  ['', undefined],
])('version %j is minor %p', (text, minor) => {
  expect(minorOf(text)).toBe(minor);
});
