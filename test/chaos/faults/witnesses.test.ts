import { describe, expect, test } from '@jest/globals';
import type { Evidence, FaultAim, Probe } from '../../../src/chaos/fault.ts';
import { faultKindOf, faultKinds } from '../../../src/chaos/faults/index.ts';
import type { FaultReading } from '../../../src/targets/fault.ts';
import { aimAt, evidence, probes, reading, type Seen, seen } from './evidence.ts';

const mib = 1024 ** 2;
const aim = aimAt(['a']);

/** What is the same in all cases of a kind. */
interface Kind {
  kind: string;
  spec: object;
  aim?: FaultAim;
}

/** One case: what it is about, what was seen, and what comes of it. */
type Case = [name: string, seen: Parameters<typeof evidence>[0], isSeen: boolean, detail?: RegExp];

function judged({ kind, spec, aim: at = aim }: Kind, cases: readonly Case[]): void {
  describe(kind, () => {
    test.each(cases)('%s', (_, parts, isSeen, detail = /./) => {
      const witnessed = faultKindOf(kind).witness(spec, evidence(parts), at);
      expect([witnessed.seen, witnessed.detail]).toEqual([isSeen, expect.stringMatching(detail)]);
    });
  });
}

const looks = (...instances: readonly (readonly Seen[])[]): readonly FaultReading[] =>
  instances.map((at) => reading(at));
const counted = (key: keyof FaultReading, values: readonly (number | undefined)[]) =>
  values.map((value, index) => reading([], { at: index * 250, [key]: value }));
const before = { reading: reading([seen('a')]) };
const stopped = seen('a', { process: 'stopped' });
const another = seen('a', { identity: 'a#2' });
const gone = seen('a', { process: 'gone', identity: undefined, pid: undefined, status: 'exited' });

judged({ kind: 'pause', spec: {} }, [
  [
    'stopped at every look',
    { before, during: { readings: looks([stopped], [stopped]) } },
    true,
    /^1 of 1 process stopped/,
  ],
  [
    'at four of five',
    { before, during: { readings: looks([stopped], [stopped], [seen('a')], [stopped], [stopped]) } },
    true,
  ],
  [
    'at three of four',
    { before, during: { readings: looks([stopped], [seen('a')], [stopped], [stopped]) } },
    false,
  ],
  ['it runs', { before, during: { readings: looks([seen('a')]) } }, false],
  [
    'replaced because it was frozen',
    { before, during: { readings: looks([stopped], [another], [another]) } },
    true,
  ],
  ['another process from the start', { before, during: { readings: looks([another]) } }, false],
  ['nobody looked', { before, during: { readings: [] } }, false],
]);

describe('pause of two', () => {
  test('one of them is not enough', () => {
    const two = { reading: reading([seen('a'), seen('b')]) };
    const during = { readings: looks([stopped, seen('b')]), probes: probes([3_000, 2]), until: 1_000 };
    expect(faultKindOf('pause').witness({}, evidence({ before: two, during }), aimAt(['a', 'b']))).toEqual({
      seen: false,
      detail: '1 of 2 processes stopped; 1 of 2 probes without an answer',
      ratio: 0.5,
    });
  });
});

judged({ kind: 'restart', spec: {} }, [
  ['gone, then another', { before, during: { readings: looks([gone], [another]) } }, true],
  ['another at once', { before, during: { readings: looks([another]) } }, true],
  ['gone and not back', { before, during: { readings: looks([gone], [gone]) } }, false, /^0 of 1 instance/],
  ['the same one', { before, during: { readings: looks([seen('a')]) } }, false],
  ['none before', { before: { reading: reading([gone]) }, during: { readings: looks([another]) } }, false],
]);

const cpu = (...cpuMs: readonly (number | undefined)[]) => ({
  during: { readings: counted('cpuMs', cpuMs) },
});
judged({ kind: 'cpu', spec: { workers: 2, load: 0.5 } }, [
  ['what was asked', cpu(10, 260, 510, 760), true, /^1 cores used of 1 asked$/],
  ['four fifths', cpu(0, 200, 400), true],
  ['less', cpu(0, 190, 399), false, /^0.8 cores used/],
  ['one look', cpu(500), false, /not counted for long enough/],
  ['two looks close to each other', cpu(0, 250), false],
  ['not counted', cpu(undefined, undefined), false],
]);

const held = (key: 'memoryBytes' | 'diskBytes', ...values: readonly (number | undefined)[]) => ({
  readings: counted(key, values),
});
judged({ kind: 'memory', spec: { bytes: 100 * mib, share: undefined } }, [
  [
    'all of it',
    { during: held('memoryBytes', 101 * mib, 100 * mib) },
    true,
    /^101 MiB held of 100 MiB asked, enough of it in 2 of 2 looks$/,
  ],
  ['four fifths', { during: held('memoryBytes', 80 * mib) }, true],
  ['less', { during: held('memoryBytes', 79 * mib) }, false],
  [
    'ended half way',
    { during: held('memoryBytes', 100 * mib, 100 * mib, undefined, undefined) },
    false,
    /in 2 of 4 looks$/,
  ],
  ['nobody looked', { during: held('memoryBytes') }, false],
]);
judged({ kind: 'memory', spec: { bytes: undefined, share: 0.5 } }, [
  [
    'half of what was available',
    {
      before: { reading: reading([], { memoryAvailableBytes: 200 * mib }) },
      during: held('memoryBytes', 90 * mib),
    },
    true,
    /^90 MiB held of 100 MiB asked/,
  ],
  ['of nobody knows how much', { during: held('memoryBytes', 90 * mib) }, false, /not known/],
]);

judged({ kind: 'disk-fill', spec: { bytes: 10 * mib, leave: undefined } }, [
  ['its blocks are there', { during: held('diskBytes', 10 * mib) }, true],
  ['a file with holes', { during: held('diskBytes', 4096) }, false],
]);
judged({ kind: 'disk-fill', spec: { bytes: undefined, leave: 5 * mib } }, [
  [
    'all but what is to stay free',
    { before: { reading: reading([], { diskFreeBytes: 15 * mib }) }, during: held('diskBytes', 10 * mib) },
    true,
    /of 10 MiB asked/,
  ],
  [
    'half of that',
    { before: { reading: reading([], { diskFreeBytes: 15 * mib }) }, during: held('diskBytes', 5 * mib) },
    false,
  ],
]);

const writes = (was: number | undefined, ...during: readonly number[]) => ({
  before: { reading: reading([], { syncWriteMs: was }) },
  during: { readings: counted('syncWriteMs', during) },
});
judged({ kind: 'disk-slow', spec: { workers: 4 } }, [
  ['three times as long', writes(2, 6, 6, 7), true, /^a small synchronous write took 6 ms, before it 2 ms$/],
  ['twice as long', writes(2, 4, 4, 4), true],
  ['not quite twice', writes(2, 3.9, 3.9, 3.9), false, /this disk is not slowed down/],
  ['twice nearly nothing', writes(0.1, 0.5), false],
  ['one slow write', writes(2, 2, 50, 2), false],
  ['nothing could be timed', writes(undefined, 6), false, /no write/],
]);

const passed = (...bytes: readonly (number | undefined)[]) => ({
  during: { readings: counted('passedBytes', bytes) },
});
judged({ kind: 'bandwidth', spec: { rate: 102_400, direction: 'both' } }, [
  ['what was asked', passed(1_000, 26_600, 52_200), true, /^100 KiB\/s passed of 100 KiB\/s asked$/],
  ['a fifth less', passed(0, 20_480, 40_960), true],
  ['a fifth more', passed(0, 30_720, 61_440), true],
  ['more than that', passed(0, 31_000, 62_000), false, /not held to that/],
  ['no demand', passed(0, 5_000, 10_000), false, /the limit was not reached/],
  ['not counted', passed(undefined, undefined), false],
]);

/** So many probes of which so many are of a kind, evenly in between the others. */
const mixed = (hits: number, of: number, hit: Partial<Probe>): readonly Probe[] =>
  probes(Array.from({ length: of }, () => 2)).map((probe, index) =>
    Math.floor(((index + 1) * hits) / of) > Math.floor((index * hits) / of) ? { ...probe, ...hit } : probe,
  );
const broken = (hit: Partial<Probe>, hits: number, of: number, anyway = 0) => ({
  before: { probes: mixed(anyway, 20, hit) },
  during: { probes: mixed(hits, of, hit) },
});
const isReset = { outcome: 'reset', status: undefined } as const;
judged({ kind: 'reset', spec: { share: 1 } }, [
  ['every one', broken(isReset, 20, 20), true, /^20 of 20 probes reset \(100 %\), 100 % asked$/],
  ['half of them', broken(isReset, 10, 20), false, /fewer than asked/],
  ['none', broken(isReset, 0, 20), false],
  ['too few probes', broken(isReset, 4, 4), false, /only 4 probes/],
  ['as many before', broken(isReset, 20, 20, 20), false, /before it, too/],
]);
judged({ kind: 'reset', spec: { share: 0.5 } }, [
  ['half of them', broken(isReset, 10, 20), true],
  ['as few as may be by chance', broken(isReset, 5, 20), true],
  ['too few for chance', broken(isReset, 3, 20), false, /fewer than asked/],
  ['all of them', broken(isReset, 20, 20), false, /more than asked/],
  ['nearly as many before', broken(isReset, 10, 20, 8), false, /before it, too/],
]);
judged({ kind: 'reset', spec: { share: 0.01 } }, [
  ['one of many', broken(isReset, 1, 100), true],
  ['none, and nobody could expect one', broken(isReset, 0, 20), false, /too few probes for so small a share/],
  ['none of very many', broken(isReset, 0, 500), false, /fewer than asked/],
]);

judged({ kind: 'http-error', spec: { share: 0.5, status: 503, body: '' } }, [
  [
    'half of them',
    broken({ status: 503 }, 10, 20),
    true,
    /^10 of 20 probes answered with 503 \(50 %\), 50 % asked$/,
  ],
  ['another status', broken({ status: 500 }, 10, 20), false],
  ['failed without a status', broken(isReset, 10, 20), false],
]);

/** Sent every 100 ms from 0 on; those that hang are answered when the fault ends at 2 s. */
const swallowed = (share: number): readonly Probe[] =>
  mixed(Math.round(share * 20), 20, {}).map((probe, index) =>
    Math.floor((index + 1) * share) > Math.floor(index * share) ? { ...probe, ms: 2_010 - probe.at } : probe,
  );
judged({ kind: 'blackhole', spec: { share: 1 } }, [
  [
    'answered only when it was over',
    { during: { probes: swallowed(1), until: 2_000 } },
    true,
    /^16 of 16 probes unanswered/,
  ],
  [
    'timed out',
    {
      during: { probes: probes([5_000, 5_000, 5_000, 5_000, 5_000], { outcome: 'timeout' }), until: 10_000 },
    },
    true,
  ],
  ['half of them', { during: { probes: swallowed(0.5), until: 2_000 } }, false],
  ['answered', { during: { probes: swallowed(0), until: 2_000 } }, false],
  [
    'slow as before',
    { before: { probes: probes([900, 900, 900]) }, during: { probes: swallowed(1), until: 2_000 } },
    false,
    /only 0 probes/,
  ],
  ['too short', { during: { probes: swallowed(1), until: 400 } }, false],
]);
judged({ kind: 'blackhole', spec: { share: 0.5 } }, [
  ['half of them', { during: { probes: swallowed(0.5), until: 2_000 } }, true],
]);

const open = (openMs: number, count = 20, until = 10_000) => ({
  before: { probes: probes([2, 2, 2, 2, 2], { openMs: 1 }) },
  during: {
    probes: probes(
      Array.from({ length: count }, () => 2),
      { openMs },
    ),
    until,
  },
});
judged({ kind: 'slow-close', spec: { delay: 500 } }, [
  ['what was asked', open(501), true, /^connections closed 500 ms later of 500ms asked$/],
  ['four fifths', open(401), true],
  ['less', open(399), false],
  ['closed by the end of the fault', open(501, 5, 600), false, /only 5 connections watched before and 1/],
  [
    'not watched',
    { before: { probes: probes([2, 2, 2, 2, 2]) }, during: { probes: probes([2, 2, 2, 2, 2]) } },
    false,
  ],
]);

/** Server times that are so far ahead, as a `Date` header has them. */
const clock = (aheadMs: readonly number[]) =>
  probes(aheadMs.map(() => 10)).map((probe, index) => ({
    ...probe,
    serverTime: probe.at + probe.ms / 2 + (aheadMs[index] ?? 0),
  }));
const skewed = (...aheadMs: readonly number[]) => ({
  before: { probes: clock([-500, -400, -600, -500, -500]) },
  during: { probes: clock(aheadMs) },
});
judged({ kind: 'clock-skew', spec: { offset: 60_000, grace: 0 } }, [
  [
    'what was asked',
    skewed(59_500, 59_500, 59_400, 59_600, 59_500),
    true,
    /^server time \+60 s of \+1m asked, in 5 of 5 answers$/,
  ],
  ['four fifths', skewed(47_500, 47_500, 47_500, 47_500, 47_500), true],
  ['less', skewed(47_000, 47_000, 47_000, 47_000, 47_000), false],
  ['most of the answers', skewed(59_500, 59_500, 59_500, 59_500, -500), true, /in 4 of 5 answers$/],
  ['half of them', skewed(59_500, 59_500, 59_500, -500, -500, -500), false],
  ['the other way', skewed(-60_500, -60_500, -60_500, -60_500, -60_500), false],
  ['not at all', skewed(-500, -500, -500, -500, -500), false],
  [
    'nobody tells the time',
    { before: { probes: probes([2, 2, 2, 2, 2]) }, during: { probes: probes([2, 2, 2, 2, 2]) } },
    false,
    /say at clock/,
  ],
]);
judged({ kind: 'clock-skew', spec: { offset: -60_000, grace: 0 } }, [
  ['backwards', skewed(-60_500, -60_500, -60_500, -60_500, -60_500), true, /^server time -/],
  ['forwards', skewed(59_500, 59_500, 59_500, 59_500, 59_500), false],
]);
judged({ kind: 'clock-skew', spec: { offset: -60_000, grace: 0 }, aim: aimAt(['a'], ['a', 'b']) }, [
  ['one of two', skewed(-60_500, -500, -60_500, -500, -60_500, -500), true],
  [
    'one of two, in too few answers',
    skewed(-60_500, -500, -60_500, -500, -500, -500),
    false,
    /in 2 of 6 answers$/,
  ],
  ['one of two, and neither is', skewed(-500, -500, -500, -500, -500, -500), false],
]);

const lied = (touched: number | undefined, now: Seen) => ({
  before,
  during: { readings: [reading([now], { touched })] },
});
judged({ kind: 'dns', spec: { names: ['db'], answer: 'not-found', grace: 0 } }, [
  ['asked and lied to', lied(3, another), true, /^3 look-ups answered with not-found in 1 process/],
  ['nobody asked', lied(0, another), false, /nobody asked for those names/],
  ['not counted', lied(undefined, another), false],
  ['the process of before', lied(3, seen('a')), false],
]);

const down = (readings: readonly FaultReading[], answers: readonly Probe[]) => ({
  before,
  during: { readings, probes: answers },
});
const refused = probes([1, 1, 1, 1, 1], { outcome: 'refused', status: undefined });
judged({ kind: 'dependency-down', spec: {} }, [
  [
    'gone, and refused',
    down(looks([gone], [gone]), refused),
    true,
    /^1 of 1 instances gone; 0 % of the probes/,
  ],
  ['gone, and the proxy says so', down(looks([gone]), probes([1, 1, 1, 1, 1], { status: 502 })), true],
  ['gone, and somebody else answers', down(looks([gone]), probes([1, 1, 1, 1, 1])), false],
  ['started again meanwhile', down(looks([gone], [another], [another]), refused), false],
  ['still there', down(looks([seen('a')]), probes([1])), false],
  ['nobody looked', down([], refused), false],
  [
    'it did not run before',
    { before: { reading: reading([gone]) }, during: { readings: looks([gone]), probes: refused } },
    false,
  ],
]);

test('no kind takes nothing at all for evidence', () => {
  const nothing: Evidence = evidence({});
  expect(Object.keys(specs).toSorted()).toEqual(Object.keys(faultKinds).toSorted());
  for (const [kind, spec] of Object.entries(specs)) {
    expect([kind, faultKindOf(kind).witness(spec, nothing, aim).seen]).toEqual([kind, false]);
  }
});

const specs: Readonly<Record<string, object>> = {
  kill: { signal: 'SIGKILL' },
  pause: {},
  restart: { grace: 0 },
  'dependency-down': {},
  cpu: { workers: 1, load: 1 },
  memory: { bytes: mib },
  'disk-fill': { bytes: mib },
  'disk-slow': { workers: 1 },
  latency: { delay: 100, jitter: 0, distribution: 'normal', share: 1 },
  bandwidth: { rate: 1024, direction: 'both' },
  reset: { share: 1 },
  blackhole: { share: 1 },
  'http-error': { share: 1, status: 503, body: '' },
  'slow-close': { delay: 100 },
  'clock-skew': { offset: 1_000, grace: 0 },
  dns: { names: ['db'], answer: 'wrong', grace: 0 },
};
