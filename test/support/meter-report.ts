/** What a meter would have reported, simulated request by request from a seed. */
import {
  failureKinds,
  type MeterReport,
  type Percentiles,
  type TrafficWindow,
} from '../../src/traffic/report.ts';

export interface Turn {
  /** Milliseconds since the meter's start from which this colour answers. */
  atMs: number;
  color: string;
  version: string;
  /** Share of requests that fail, 0..1. */
  failShare?: number;
  /** Added to every latency. */
  addMs?: number;
}

export interface MeterOptions {
  seed: number;
  startedAt: number;
  windows: number;
  /** Requests per second. */
  rate: number;
  first?: { color: string; version: string };
  turns: readonly Turn[];
}

/** A small generator of numbers from 0 to 1 (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const round = (ms: number): number => Math.round(ms * 100) / 100;

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

function percentiles(latencies: readonly number[]): Percentiles | undefined {
  if (latencies.length === 0) return undefined;
  const sorted = Float64Array.from(latencies).sort();
  const list = Array.from(sorted);
  return {
    p50: at(list, 0.5),
    p90: at(list, 0.9),
    p99: at(list, 0.99),
    p999: at(list, 0.999),
    max: at(list, 1),
  };
}

function add(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

const simulated = new Map<string, MeterReport>();

/** The same report for the same options; it is simulated once and shared, so it must not be changed. */
export function meterReport(options: MeterOptions): MeterReport {
  const key = JSON.stringify(options);
  const report = simulated.get(key) ?? simulate(options);
  simulated.set(key, report);
  return report;
}

function simulate(options: MeterOptions): MeterReport {
  const random = seeded(options.seed);
  const first: Turn = { ...(options.first ?? { color: 'blue', version: 'v1' }), atMs: 0 };
  const turns = [first, ...options.turns];
  const all: number[] = [];
  const [byColor, byVersion]: Record<string, number>[] = [{}, {}] as const;
  const windows: TrafficWindow[] = [];
  const examples: MeterReport['examples'][number][] = [];
  let lastGood = 0;
  let longestGapMs = 0;
  let longestGapAtMs = 0;
  for (let w = 0; w < options.windows; w += 1) {
    const latencies: number[] = [];
    const colors: Record<string, number> = {};
    const due = Math.round(((w + 1) * options.rate) / 10) - Math.round((w * options.rate) / 10);
    let failed = 0;
    for (let n = 0; n < due; n += 1) {
      const when = w * 100 + (n * 100) / due;
      const turn = turns.findLast((one) => one.atMs <= when) ?? first;
      const nearTurn = options.turns.some((one) => when >= one.atMs && when < one.atMs + 12);
      if (random() < (turn.failShare ?? 0)) {
        failed += 1;
        if (examples.length < 10)
          examples.push({ atMs: round(when), kind: 'bad-status', detail: 'POST /orders: 500' });
        continue;
      }
      const spread = Math.exp((random() + random() + random() - 1.5) * 1.1);
      const latency = round(1.1 * spread + (turn.addMs ?? 0) + (nearTurn ? 2.5 * random() : 0));
      latencies.push(latency);
      all.push(latency);
      if (when + latency - lastGood > longestGapMs) {
        longestGapMs = when + latency - lastGood;
        longestGapAtMs = lastGood;
      }
      lastGood = Math.max(lastGood, when + latency);
      add(colors, turn.color);
      add(byColor ?? {}, turn.color);
      add(byVersion ?? {}, turn.version);
    }
    const figures = percentiles(latencies);
    windows.push({
      startMs: w * 100,
      sent: due,
      answered: latencies.length,
      failed,
      byColor: colors,
      p50: figures?.p50,
      p99: figures?.p99,
      max: figures?.max,
    });
  }
  const failed = windows.reduce((sum, one) => sum + one.failed, 0);
  const sent = windows.reduce((sum, one) => sum + one.sent, 0);
  return {
    mode: 'cheap',
    rate: options.rate,
    startedAt: options.startedAt,
    durationMs: options.windows * 100,
    sent,
    answered: sent - failed,
    failed,
    failures: {
      ...(Object.fromEntries(failureKinds.map((kind) => [kind, 0])) as MeterReport['failures']),
      'bad-status': failed,
    },
    examples,
    byColor: byColor ?? {},
    byVersion: byVersion ?? {},
    latency: percentiles(all),
    longestGapMs: round(longestGapMs),
    longestGapAtMs: round(longestGapAtMs),
    lateSends: 0,
    sendErrorUs: { p50: 310, p99: 1_120, max: 2_900 },
    sections: [],
    windowMs: 100,
    windows,
  };
}
