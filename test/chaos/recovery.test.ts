import { describe, expect, test } from '@jest/globals';
import { isStable, type Limits, recoveryOf, type Timeline, type Window } from '../../src/chaos/recovery.ts';

const limits: Limits = { errorRate: 0, p99: 50 };

/** Windows from 0 on: `.` good, `x` all failed, `/` some failed, `s` slow, ` ` nothing sent. */
function windows(picture: string): readonly Window[] {
  const kinds: Record<string, Omit<Window, 'startMs'>> = {
    '.': { sent: 10, answered: 10, failed: 0, p99: 5 },
    x: { sent: 10, answered: 0, failed: 10, p99: undefined },
    '/': { sent: 10, answered: 6, failed: 4, p99: 5 },
    s: { sent: 10, answered: 10, failed: 0, p99: 90 },
    ' ': { sent: 0, answered: 0, failed: 0, p99: undefined },
  };
  return [...picture].map((kind, index) => ({
    startMs: index * 100,
    ...(kinds[kind] as Omit<Window, 'startMs'>),
  }));
}

const timeline = (picture: string, more: Partial<Timeline> = {}): Timeline => ({
  windows: windows(picture),
  faultMs: 200,
  goneMs: 200,
  heldMs: undefined,
  limits,
  stable: 3,
  ...more,
});

describe('recovery from windows', () => {
  test.each<[string, string, Partial<Timeline>, object]>([
    ['nothing was noticed', '........', {}, { judgedMs: 0 }],
    ['down for 300 ms', '..xxx...', {}, { detectMs: 0, firstSuccessMs: 300, stableMs: 300, judgedMs: 300 }],
    [
      'noticed 200 ms later',
      '....xx...',
      {},
      { detectMs: 200, firstSuccessMs: 200, stableMs: 200, judgedMs: 200 },
    ],
    ['in the middle of a window', '..xx...', { faultMs: 250 }, { detectMs: 0, stableMs: 150, judgedMs: 150 }],
    ['what was bad before does not count', 'xx......', {}, { judgedMs: 0 }],
    ['some succeed before all do', '..x//...', {}, { firstSuccessMs: 100, stableMs: 300, judgedMs: 300 }],
    ['slow is not well', '..sss...', {}, { firstSuccessMs: 100, stableMs: 300, judgedMs: 300 }],
    ['flapping counts to its end', '..x...x...', {}, { firstSuccessMs: 100, stableMs: 500, judgedMs: 500 }],
    ['never again', '..xxxxxx', {}, { detectMs: 0, judgedMs: undefined }],
    ['not long enough', '..xxx..', {}, { firstSuccessMs: 300, judgedMs: undefined }],
    ['too few to tell', '....', {}, { judgedMs: undefined }],
    ['empty windows say nothing', '..x . . .', {}, { stableMs: 200, judgedMs: 200 }],
    [
      'held and not well before its end',
      '..sssss...',
      { heldMs: 700, goneMs: 700 },
      { stableMs: 500, judgedMs: 0 },
    ],
    [
      'held and not well for 200 ms after its end',
      '..sssss...',
      { heldMs: 500, goneMs: 500 },
      { stableMs: 500, judgedMs: 200 },
    ],
    [
      'well again under the fault',
      '..ss......',
      { heldMs: 900, goneMs: 900 },
      { stableMs: 200, judgedMs: 200 },
    ],
    [
      'a window in which the fault ended shows nothing of it',
      '..ssss....',
      { heldMs: 650, goneMs: 650 },
      { stableMs: 400, judgedMs: 0 },
    ],
  ])('%s: %p', (_, picture, more, expected) => {
    expect(recoveryOf(timeline(picture, more))).toMatchObject({ windows: 3, windowMs: 100, ...expected });
  });

  test('what was not seen is absent, never 0', () => {
    expect(Object.keys(recoveryOf(timeline('........'))).sort()).toEqual(['judgedMs', 'windowMs', 'windows']);
    expect(Object.keys(recoveryOf(timeline('..xxxxxx')))).not.toContain('stableMs');
  });

  test('is right to 200 ms, wherever in its window the trouble begins and ends', () => {
    for (let from = 1_000; from < 1_100; from += 7) {
      for (let lasts = 150; lasts < 1_500; lasts += 83) {
        const seen = windowsOf({ from, until: from + lasts, everyMs: 10, forMs: 5_000 });
        const { stableMs = Number.NaN } = recoveryOf({
          ...timeline(''),
          windows: seen,
          faultMs: from,
          stable: 10,
        });
        const error = stableMs - lasts;
        expect([from, lasts, error > -100 && error <= 200]).toEqual([from, lasts, true]);
      }
    }
  });
});

/** What a meter would see of a service that refuses from one moment to another. */
function windowsOf(truth: {
  from: number;
  until: number;
  everyMs: number;
  forMs: number;
}): readonly Window[] {
  const all: Window[] = [];
  for (let startMs = 0; startMs < truth.forMs; startMs += 100) {
    const due = Array.from({ length: 100 / truth.everyMs }, (_, index) => startMs + index * truth.everyMs);
    const failed = due.filter((at) => at >= truth.from && at < truth.until).length;
    const answered = due.length - failed;
    all.push({ startMs, sent: due.length, answered, failed, p99: answered > 0 ? 5 : undefined });
  }
  return all;
}

test.each<[string, Partial<Timeline>, boolean]>([
  ['.....', {}, true],
  ['..x...', {}, true],
  ['..x..', {}, false],
  ['..x...', { goneMs: undefined }, false],
  ['......', { goneMs: 500 }, false],
  ['........', { goneMs: 500 }, true],
])('%p with %p is stable: %p', (picture, more, expected) => {
  expect(isStable(timeline(picture, more))).toBe(expected);
});
