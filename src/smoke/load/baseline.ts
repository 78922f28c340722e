import * as v from 'valibot';
import { formatPercentage } from '../../config/values/percentage.ts';
import { type LoadGate, type Measured, mayBeLateness } from './gates.ts';

const amount = v.pipe(v.number(), v.finite(), v.minValue(0));

const schema = v.object({
  schema: v.literal('cutover/load-baseline/v1'),
  /** What was sent: only the same load can be compared. */
  request: v.string(),
  rate: amount,
  /** Milliseconds. */
  p50: amount,
  p90: amount,
  p99: amount,
  /** Answers a second. */
  throughput: amount,
});

/** What a load came to when all was well; kept in a file beside cutover.yml. */
export type Baseline = v.InferOutput<typeof schema>;

/** Below so much, a difference is the resolution of the meter's timers. Milliseconds. */
const resolutionMs = 1;

/** Purely: the baseline that a run makes; undefined when it has no answers. */
export function baselineFrom(
  { latency, answered, durationMs }: Measured,
  { request, rate }: Pick<Baseline, 'request' | 'rate'>,
): Baseline | undefined {
  if (latency === undefined) return undefined;
  const { p50, p90, p99 } = latency;
  const throughput = Math.round((answered * 100_000) / durationMs) / 100;
  return { schema: 'cutover/load-baseline/v1', request, rate, p50, p90, p99, throughput };
}

/** Reads the text of a baseline file. @returns what is wrong with it where it is none */
export function readBaseline(text: string): Baseline | { problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: 'is not JSON' };
  }
  const read = v.safeParse(schema, value);
  return read.success
    ? read.output
    : { problem: 'is not a baseline of this format (cutover/load-baseline/v1)' };
}

/** Purely: compares a run with a baseline, figure by figure; `worseBy` is a ratio. */
export function baselineGates(
  now: Baseline,
  then: Baseline,
  { worseBy, measured }: { worseBy: number; measured: Measured },
): LoadGate[] {
  if (now.request !== then.request || now.rate !== then.rate) {
    const limit = `${then.request} at ${then.rate}/s`;
    return [gate({ name: 'baseline', measured: 'another load', limit, verdict: 'inconclusive' })];
  }
  const times = (['p50', 'p90', 'p99'] as const).map((key) => {
    const most = Math.max(then[key] * (1 + worseBy), then[key] + resolutionMs);
    return { key, most };
  });
  const least = then.throughput * (1 - worseBy);
  return [
    ...times.map(({ key, most }) =>
      gate({
        name: `${key} against the baseline`,
        measured: `${round(now[key])} ms (${change(now[key], then[key])})`,
        limit: `<=${round(most)}ms`,
        verdict: now[key] <= most ? 'passed' : beyond(measured, most),
      }),
    ),
    gate({
      name: 'throughput against the baseline',
      measured: `${now.throughput}/s (${change(now.throughput, then.throughput)})`,
      limit: `>=${round(least)}/s`,
      verdict: now.throughput >= least ? 'passed' : 'failed',
    }),
  ];
}

const gate = (of: Omit<LoadGate, 'about'>): LoadGate => ({ ...of, about: 'speed' });

function beyond({ latency, lateShare }: Measured, most: number): 'failed' | 'inconclusive' {
  return latency && mayBeLateness(latency, lateShare, most) ? 'inconclusive' : 'failed';
}

function change(now: number, then: number): string {
  if (then === 0) return 'from 0';
  const share = now / then - 1;
  return `${share < 0 ? '-' : '+'}${formatPercentage(Math.abs(share))}`;
}

const round = (value: number): number => Math.round(value * 100) / 100;
