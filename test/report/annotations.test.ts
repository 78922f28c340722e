import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { annotations } from '../../src/report/annotations.ts';
import type { Finding, ReleaseRecord } from '../../src/report/record.ts';
import { cleanRecord, rollbackRecord, stagesOnlyRecord, unmeasuredRecord } from '../support/records.ts';

const finding = (level: Finding['level'], message: string): Finding => ({ level, rule: 'rule', message });
const withFindings = (findings: readonly Finding[]): ReleaseRecord => {
  const record = cleanRecord();
  return { ...record, stages: record.stages.slice(0, 1).map((stage) => ({ ...stage, findings })) };
};
const numbered = (level: Finding['level'], length: number): readonly Finding[] =>
  Array.from({ length }, (_, n) => finding(level, `${level} ${n}`));

test('a clean release has none', () => expect(annotations(cleanRecord())).toEqual([]));

test('failed gates come before findings, errors before warnings', () => {
  expect(annotations(rollbackRecord()).map(({ level, text }) => `${level}: ${text}`)).toEqual([
    'error: failed requests: measured 5 of 4,800, limit at most 0',
    'error: 5 requests failed with v3, at most 0 may',
    'warning: v3 answered 500 to 5 % of the requests from 3 s after the switch',
  ]);
});

test('a gate that could not tell is a warning', () => {
  expect(annotations(unmeasuredRecord())).toEqual([
    {
      type: 'message',
      level: 'warning',
      title: 'cutover: gate inconclusive',
      text: 'failed requests: measured not measured, limit at most 0',
    },
  ]);
});

test('a place in a file goes along', () => {
  expect(annotations(stagesOnlyRecord())[0]).toMatchObject({
    level: 'error',
    title: 'validate: schema',
    place: { file: 'cutover.yml', line: 7, column: 11 },
  });
});

describe('limits', () => {
  test.each([
    [9, 9, 'error 8'],
    [10, 10, 'error 9'],
    [11, 10, 'and 2 more; all of them are in the report'],
    [1_300, 10, 'and 1,291 more; all of them are in the report'],
  ])('of %i errors %i are shown, the last being "%s"', (many, shown, last) => {
    const list = annotations(withFindings(numbered('error', many)));
    expect(list).toHaveLength(shown);
    expect(list.at(-1)?.text).toBe(last);
  });

  test('each level has its own ten, the worst first', () => {
    const list = annotations(
      withFindings([...numbered('notice', 20), ...numbered('warning', 20), ...numbered('error', 20)]),
    );
    expect(list.map((one) => one.level)).toEqual([
      ...Array(10).fill('error'),
      ...Array(10).fill('warning'),
      ...Array(10).fill('notice'),
    ]);
  });

  test('a message has at most 4,096 characters and says that it was cut', () => {
    const [one] = annotations(withFindings([finding('error', '🚀'.repeat(5_000))]));
    expect(one?.text.length).toBeLessThanOrEqual(4_096);
    expect(one?.text).toMatch(/ … \(shortened\)$/);
  });

  test('hold whatever the message', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary', maxLength: 6_000 }), { maxLength: 15 }),
        (messages) => {
          const list = annotations(withFindings(messages.map((message) => finding('warning', message))));
          expect(list.length).toBe(Math.min(10, messages.length));
          for (const { text } of list) {
            expect(text.length).toBeLessThanOrEqual(4_096);
            expect(text).not.toMatch(/(?![\t\n\r])\p{Cc}/u);
          }
        },
      ),
      { numRuns: 25 },
    );
  });
});
