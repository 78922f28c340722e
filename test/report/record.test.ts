import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { text as generatedSchema } from '../../scripts/record-schema.js';
import { UserError } from '../../src/platform/errors.ts';
import { serializeRecord } from '../../src/report/json.ts';
import { parseRecord } from '../../src/report/parse.ts';
import { hostileTexts, withTexts } from '../support/hostile.ts';
import { cleanRecord, records, rollbackRecord } from '../support/records.ts';

const committed = readFileSync(new URL('../../schema/record.schema.json', import.meta.url), 'utf8');
const names = Object.keys(records);
const make = (name: string) => (records[name] ?? cleanRecord)();

describe('a record file', () => {
  test.each(names)('%s comes back as it was, and as the same bytes', (name) => {
    const text = serializeRecord(make(name));
    const read = parseRecord(text);
    expect(read).toEqual(make(name));
    expect(serializeRecord(read)).toBe(text);
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(make(name))));
  });

  test('does not depend on the order in which keys were set', () => {
    const record = rollbackRecord();
    const turned = Object.fromEntries(Object.entries(record).reverse()) as unknown as typeof record;
    expect(serializeRecord(turned)).toBe(serializeRecord(record));
  });

  test('has a line for each window of the meter', () => {
    const lines = serializeRecord(cleanRecord()).split('\n');
    expect(lines.filter((line) => line.includes('"startMs"') && line.includes('"p99"'))).toHaveLength(300);
  });

  test.each(hostileTexts.map((text) => [text.slice(0, 30), text]))('keeps %j', (_, text) => {
    const record = withTexts(rollbackRecord(), () => text.toWellFormed());
    expect(parseRecord(serializeRecord(record))).toEqual(record);
  });

  test('from before unreachable requests were told apart is still read', () => {
    const text = serializeRecord(cleanRecord()).replace('"unreachable": 0, ', '');
    expect(text).not.toContain('unreachable');
    expect(parseRecord(text)).toEqual(cleanRecord());
  });

  test.each(['clean', 'rollback', 'never-ready', 'refused'])(
    'the committed example %s is what the generator makes',
    (name) => {
      const file = new URL(`../fixtures/records/${name}.json`, import.meta.url);
      expect(readFileSync(file, 'utf8')).toBe(serializeRecord(make(name)));
    },
  );
});

describe('reading refuses', () => {
  const without = (...path: string[]): string => {
    const value = JSON.parse(serializeRecord(cleanRecord()));
    const last = path.pop() ?? '';
    delete path.reduce((at, key) => at[key], value)[last];
    return JSON.stringify(value);
  };
  const changed = (change: (value: Record<string, Record<string, unknown>>) => void): string => {
    const value = JSON.parse(serializeRecord(cleanRecord()));
    change(value);
    return JSON.stringify(value);
  };
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['nothing', '', /^r\.json is not JSON: /],
    ['text', 'cutover', /^r\.json is not JSON: /],
    ['half a file', serializeRecord(cleanRecord()).slice(0, 900), /^r\.json is not JSON: /],
    ['a list', '[]', /schema is not "cutover\/record\/v1"/],
    ['null', 'null', /schema is not "cutover\/record\/v1"/],
    ['something else', '{"schema":"other"}', /schema is not "cutover\/record\/v1"/],
    [
      'another version',
      '{"schema":"cutover/record/v2"}',
      /another version: cutover\/record\/v2; this one reads cutover\/record\/v1/,
    ],
    ['a missing key', without('application'), /\n {2}application: is missing/],
    [
      'a missing key deep down',
      without('cutover', 'meter', 'windows', '3', 'sent'),
      /\n {2}cutover\/meter\/windows\/3\/sent: is missing/,
    ],
    [
      'a wrong word',
      changed((v) => Object.assign(v, { verdict: 'great' })),
      /\n {2}verdict: "great" where \("passed" \| /,
    ],
    [
      'a wrong type',
      changed((v) => Object.assign(v, { stages: 'none' })),
      /\n {2}stages: "none" where Array is expected/,
    ],
    [
      'an id that leaves its folder',
      changed((v) => Object.assign(v, { id: '../../etc' })),
      /\n {2}id: "\.\.\/\.\.\/etc"/,
    ],
    [
      'no number',
      changed((v) => Object.assign(v['cutover'] ?? {}, { residualOld: null })),
      /\n {2}cutover\/residualOld: null where number is expected/,
    ],
    [
      'less than nothing',
      changed((v) => Object.assign(v['cutover'] ?? {}, { residualOld: -1 })),
      /\n {2}cutover\/residualOld: -1 where >=0 is expected/,
    ],
  ];
  test.each(cases)('%s', (_, text, message) => {
    const read = (): unknown => parseRecord(text, 'r.json');
    expect(read).toThrow(UserError);
    expect(read).toThrow(message);
  });

  test('with ten problems at the most, and says how many more there are', () => {
    const text = changed((v) => Object.assign(v, { stages: Array.from({ length: 30 }, () => 1) }));
    expect(() => parseRecord(text)).toThrow(/stages\/9: .*\n {2}and 20 more$/);
  });

  test('anything that is not a record with a UserError, never with another error', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.json().map((j) => `{"schema":"cutover/record/v1","x":${j}}`),
        ),
        (text) => {
          expect(() => parseRecord(text)).toThrow(UserError);
        },
      ),
    );
  });

  test('nothing because of a key that a later version may add', () => {
    const text = changed((v) => Object.assign(v, { weather: 'fine' }));
    expect(parseRecord(text)).toEqual(cleanRecord());
  });
});

describe('schema/record.schema.json', () => {
  const validate = new Ajv({ allErrors: true }).compile(JSON.parse(committed));

  test('is what scripts/record-schema.js makes', () => {
    expect(committed).toBe(generatedSchema);
  });

  test.each(names)('describes %s', (name) => {
    validate(JSON.parse(serializeRecord(make(name))));
    expect(validate.errors).toBeNull();
  });

  test('refuses what reading refuses', () => {
    const record = JSON.parse(serializeRecord(cleanRecord()));
    expect(validate({ ...record, verdict: 'great' })).toBe(false);
    expect(validate({ ...record, id: '../x' })).toBe(false);
    expect(validate({ ...record, stages: undefined })).toBe(false);
  });
});
