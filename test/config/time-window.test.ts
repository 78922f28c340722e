import { describe, expect, test } from '@jest/globals';
import { isWithin, parseTimeWindow } from '../../src/config/values/time-window.ts';

describe('a time window', () => {
  test.each<[string, readonly [string, boolean][]]>([
    [
      'Mon-Fri 08:00-18:00 Europe/London',
      [
        ['2026-01-05T08:00Z', true], // a Monday in winter, when London is at UTC
        ['2026-01-05T07:59Z', false],
        ['2026-01-05T17:59Z', true],
        ['2026-01-05T18:00Z', false],
        ['2026-01-04T12:00Z', false],
        ['2026-07-06T07:00Z', true], // summer time
        ['2026-07-06T17:00Z', false],
      ],
    ],
    [
      'Sat,Sun 22:00-02:00',
      [
        ['2026-01-03T22:00Z', true],
        ['2026-01-04T01:59Z', true],
        ['2026-01-05T01:59Z', true], // the night of Sunday
        ['2026-01-05T02:00Z', false],
        ['2026-01-03T01:00Z', false], // the night of Friday
      ],
    ],
    [
      'daily 00:00-24:00 America/New_York',
      [
        ['2026-01-05T03:00Z', true],
        ['2026-01-05T23:59Z', true],
      ],
    ],
    [
      'Fri-Mon 12:00-13:00',
      [
        ['2026-01-05T12:30Z', true],
        ['2026-01-06T12:30Z', false],
      ],
    ],
  ])('%s', (text, moments) => {
    const window = parseTimeWindow(text);
    if (!window) throw new Error(`not read: ${text}`);
    expect(moments.map(([time]) => [time, isWithin(window, Date.parse(time))])).toEqual(moments);
  });

  test.each([
    '',
    'Mon',
    'Mon-Fri',
    '08:00-18:00',
    'Mon 8:00-18:00',
    'Mon 08:00-25:00',
    'Mon 24:00-25:00',
    'Mon 08:60-18:00',
    'Mon-Tue-Wed 08:00-18:00',
    'Mo 08:00-18:00',
    'Mon, Tue 08:00-18:00',
    'Mon 08:00-18:00 Nowhere/City',
    'Mon 08:00-18:00 UTC please',
  ])('%p is none', (text) => {
    expect(parseTimeWindow(text)).toBeUndefined();
  });
});
