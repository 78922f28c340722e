import type { Clock } from '../../src/platform/clock.ts';
import type {
  FailureKind,
  Meter,
  MeterPlan,
  MeterReport,
  MeterSection,
  TrafficWindow,
} from '../../src/traffic/report.ts';

/** What the fake traffic does from one moment on. */
export interface FakeTraffic {
  /** Share of requests that fail, 0..1; evenly spread. */
  failing?: number;
  /** Latency of every request in milliseconds. */
  latencyMs?: number;
  /** Share of the sends that the meter itself makes late, 0..1. */
  late?: number;
}

type FailureListener = (failure: { atMs: number; kind: FailureKind; detail: string }) => void;

interface Section {
  name: string;
  startMs: number;
  answered: number;
  failed: number;
  slowest: number;
}

/**
 * A meter without sockets: at each 100 ms of the clock it "sends" `rate / 10` requests, which do what `traffic` says at
 * that moment. Its p99 is the slowest request.
 */
export function fakeMeter(clock: Clock, traffic: () => FakeTraffic) {
  return async (plan: MeterPlan): Promise<Meter> => {
    const startedAt = clock.now();
    const rate = plan.rate === 'max' ? 1_000 : plan.rate;
    const stopped = new AbortController();
    const sections: Section[] = [newSection('start', 0)];
    const onFailure: FailureListener[] = [];
    const onWindow: ((window: TrafficWindow) => void)[] = [];
    const windows: TrafficWindow[] = [];
    let owed = 0;
    let late = 0;
    const tick = () => {
      const { failing = 0, latencyMs = 1, late: lateShare = 0 } = traffic();
      late += (lateShare * rate) / 10;
      const current = sections.at(-1);
      if (!current) return;
      const before = { answered: current.answered, failed: current.failed };
      for (let index = 0; index < rate / 10; index += 1) {
        owed += failing;
        if (owed < 1) {
          current.answered += 1;
          current.slowest = Math.max(current.slowest, latencyMs);
          continue;
        }
        owed -= 1;
        current.failed += 1;
        for (const listener of onFailure)
          listener({ atMs: clock.now() - startedAt, kind: 'bad-status', detail: '500' });
      }
      const counts = { answered: current.answered - before.answered, failed: current.failed - before.failed };
      const window = windowOf(clock.now() - startedAt - 100, counts, latencyMs);
      windows.push(window);
      for (const listener of onWindow) listener(window);
    };
    const running = (async () => {
      for (;;) {
        await clock.sleep(100, stopped.signal);
        tick();
      }
    })().catch(() => {});
    const sectionsNow = () =>
      sections.map((section, index) =>
        sectionOf(section, sections[index + 1]?.startMs ?? clock.now() - startedAt),
      );
    return {
      onWindow: (listener) => {
        onWindow.push(listener);
      },
      onFailure: (listener) => {
        onFailure.push(listener);
      },
      mark: (name) => {
        sections.push(newSection(name, clock.now() - startedAt));
      },
      sections: async () => sectionsNow(),
      snapshot: async () => ({ ...reportOf(plan, startedAt, sectionsNow()), lateSends: late, windows }),
      allowVersions: () => {},
      stop: async () => {
        stopped.abort(new Error('stopped'));
        await running;
        return { ...reportOf(plan, startedAt, sectionsNow()), lateSends: late, windows };
      },
    };
  };
}

function windowOf(
  startMs: number,
  { answered, failed }: { answered: number; failed: number },
  latencyMs: number,
): TrafficWindow {
  const latency = answered === 0 ? undefined : latencyMs;
  const figures = { p50: latency, p99: latency, max: latency };
  return { startMs, sent: answered + failed, answered, failed, byColor: {}, ...figures };
}

const newSection = (name: string, startMs: number): Section => ({
  name,
  startMs,
  answered: 0,
  failed: 0,
  slowest: 0,
});

function sectionOf({ name, startMs, answered, failed, slowest }: Section, endMs: number): MeterSection {
  const latency =
    answered === 0 ? undefined : { p50: slowest, p90: slowest, p99: slowest, p999: slowest, max: slowest };
  return {
    name,
    startMs,
    durationMs: endMs - startMs,
    sent: answered + failed,
    answered,
    failed,
    byColor: {},
    latency,
    longestGapMs: 0,
  };
}

function reportOf(plan: MeterPlan, startedAt: number, sections: readonly MeterSection[]): MeterReport {
  const sum = (pick: (section: MeterSection) => number) =>
    sections.reduce((total, one) => total + pick(one), 0);
  const failed = sum((section) => section.failed);
  return {
    mode: 'cheap',
    rate: plan.rate === 'max' ? 1_000 : plan.rate,
    startedAt,
    durationMs: sum((section) => section.durationMs),
    sent: sum((section) => section.sent),
    answered: sum((section) => section.answered),
    failed,
    failures: {
      unreachable: 0,
      refused: 0,
      reset: 0,
      timeout: 0,
      'bad-status': failed,
      'wrong-version': 0,
      malformed: 0,
    },
    examples: [],
    byColor: {},
    byVersion: {},
    latency: sections.at(-1)?.latency,
    longestGapMs: 0,
    longestGapAtMs: 0,
    lateSends: 0,
    sendErrorUs: undefined,
    sections,
    windowMs: 100,
    windows: [],
  };
}
