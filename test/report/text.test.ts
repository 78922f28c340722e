import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ReleaseRecord } from '../../src/report/record.ts';
import { logText, renderText, type TextStyle } from '../../src/report/text.ts';
import { hostileTexts, withTexts } from '../support/hostile.ts';
import {
  neverReadyRecord,
  records,
  rollbackRecord,
  stagesOnlyRecord,
  unmeasuredRecord,
} from '../support/records.ts';

test('the measured table of a rollback', () => {
  expect(
    renderText(rollbackRecord()),
  ).toBe(`✗ v3 was rolled back: v2 is live again 96 ms after the breach was seen; 5 of 4,800 requests failed, longest gap 7.8 ms, p99 3.7 ms

  why          5 requests failed during the bake, at most 0 may
  requests     4,800 at 300/s
  failed       5 (0.1 %)
  longest gap  7.8 ms
  latency      p50 1.1 ms, p99 3.7 ms, max 5.1 ms
  switch       12.1 ms to verified
  rollback     96 ms from breach to verified
  left on old  0

  gate             measured                limit        verdict
  failed requests  5 of 4,800              at most 0    ✗ failed
  p99              3.67 ms                 below 50 ms  ✓ passed
  health of blue   2 of 2 instances ready  all ready    ✓ passed
`);
});

test.each<[string, ReleaseRecord, string]>([
  ['unmeasured', unmeasuredRecord(), '\n  requests     not measured\n'],
  ['never ready', neverReadyRecord(), '\n  requests  not measured\n'],
])('%s says so and shows no figure', (_, record, line) => {
  expect(renderText(record)).toContain(line);
  expect(renderText(record)).not.toMatch(/failed {2,}0|longest gap/);
});

test('without a cutover there is only the verdict', () => {
  expect(renderText(stagesOnlyRecord())).toBe('✗ v2 failed before anything was switched\n');
});

test('a meter that was late says so', () => {
  const record = rollbackRecord();
  const { cutover } = record;
  if (cutover?.meter === undefined) throw new Error('the rollback has a meter');
  const late = { ...record, cutover: { ...cutover, meter: { ...cutover.meter, lateSends: 1_234 } } };
  expect(renderText(late)).toContain('late sends   1,234 of 4,800: the measurement itself was late\n');
});

describe('columns', () => {
  const marked: TextStyle = {
    strong: (text) => `\u001b[1m${text}\u001b[0m`,
    good: (text) => `\u001b[32m${text}\u001b[0m`,
    bad: (text) => `\u001b[31m${text}\u001b[0m`,
    dim: (text) => `\u001b[2m${text}\u001b[0m`,
  };

  test.each(Object.entries(records))('of %s stand where they stand without style', (_, make) => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the style of this test is made of them
    expect(renderText(make(), marked).replace(/\u001b\[\d+m/g, '')).toBe(renderText(make()));
  });

  test('are as wide as what a terminal shows', () => {
    const wide = withTexts(rollbackRecord(), (was) =>
      was === 'p99' ? '漢字🚀' : was === 'health of blue' ? 'e\u0301' : was,
    );
    const lines = renderText(wide).split('\n');
    const [high, low] = [
      lines.find((line) => line.includes('漢字')),
      lines.find((line) => line.includes('e\u0301')),
    ];
    // Three wide signs take six columns, a letter with an accent takes one.
    expect([high?.indexOf('3.67'), low?.indexOf('2 of 2')]).toEqual([2 + 17 - 6 + 4, 2 + 17 + 1]);
  });
});

describe('a runner or a terminal cannot be led astray', () => {
  const dangers = /(?!\n)\p{Cc}|^\s*::|##\[/mu;

  test.each(hostileTexts.map((text) => [text.slice(0, 30), text]))('by %j', (_, text) => {
    expect(renderText(withTexts(rollbackRecord(), () => text))).not.toMatch(dangers);
    expect(logText(text)).not.toMatch(dangers);
  });

  test('by anything', () => {
    const characters = fc.constantFrom(...':#[]\n\r\t \u001b\u009b\u2028\u202eerror');
    fc.assert(
      fc.property(fc.string({ unit: characters }), (text) => {
        expect(logText(text)).not.toMatch(dangers);
        expect(renderText(withTexts(rollbackRecord(), () => text)).split('\n')).toHaveLength(16);
      }),
    );
  });
});
