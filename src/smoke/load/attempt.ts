import { join } from 'node:path';
import { messageOf, UserError } from '../../platform/errors.ts';
import { nameIssuer } from '../../platform/tls.ts';
import { notTrusted } from '../../traffic/handshake.ts';
import type { Meter, MeterPlan, MeterReport } from '../../traffic/report.ts';
import type { Attempt, CheckContext, LoadResult } from '../check.ts';
import { isLoopback, peerOf, peerText } from '../reach.ts';
import { readCa } from '../trust.ts';
import { type Baseline, baselineFrom, baselineGates, readBaseline } from './baseline.ts';
import { type LoadGate, loadGates, type Measured, measuredIn, type Thresholds } from './gates.ts';

export interface LoadSpec {
  load: {
    path: string;
    rate: number;
    for: number;
    ramp: number;
    method: string;
    headers: Readonly<Record<string, string>>;
    body: string | undefined;
    status: number | undefined;
    connections: 'keep-alive' | 'new';
    maxConnections: number;
    timeout: number;
    meter: 'cheap' | 'precise';
  };
  ca: string | undefined;
  expect: Thresholds;
  baseline: { file: string; worseThan: number; missing: 'inconclusive' | 'write' } | undefined;
}

type Failure = Extract<Attempt, { ok: false }>;

/** Sends the load and holds what was measured against the thresholds and the baseline. */
export async function attemptLoad(spec: LoadSpec, context: CheckContext): Promise<Attempt> {
  const trusted = await readCa(spec.ca, context);
  if ('problem' in trusted) return trusted.problem;
  const base = await context.aim.origin(context.component);
  const plan = { ...planOf(spec.load, base, context), ...trusted };
  const report = await metered(plan, spec.load, context);
  if ('ok' in report) return report;
  const measured = measuredIn(report);
  const gates = [...loadGates(measured, spec.expect), ...(await comparison(spec, measured, context))];
  if (measured.answered > 0) context.reached.add(peerOf(plan.origin));
  return outcome(report, { gates, measured, plan, context });
}

function planOf(
  { rate, for: steadyMs, ramp, ...load }: LoadSpec['load'],
  base: string,
  { aim, component }: CheckContext,
): MeterPlan {
  const url = new URL(base);
  const version = aim.versions[component ?? ''];
  const { header } = version ?? {};
  return {
    origin: url.origin,
    method: load.method,
    path: `${url.pathname.replace(/\/$/, '')}${load.path}`,
    headers: load.headers,
    body: load.body,
    rate,
    rampMs: ramp,
    durationMs: ramp + steadyMs,
    connections: load.connections,
    maxConnections: load.maxConnections,
    timeoutMs: load.timeout,
    expectStatus: load.status,
    version: version && header !== undefined ? { header, allowed: [version.equals] } : undefined,
    mode: load.meter,
  };
}

/** It stops by itself; asked earlier, it would leave out what is due in the last moment. */
const tailMs = 100;

async function metered(
  plan: MeterPlan,
  { ramp, for: steadyMs }: LoadSpec['load'],
  { platform, startMeter, signal }: CheckContext,
): Promise<MeterReport | Failure> {
  const { clock } = platform;
  let meter: Meter | undefined;
  try {
    meter = await startMeter(plan);
    tellProgress(meter, ramp + steadyMs, platform);
    if (ramp > 0) {
      await clock.sleep(ramp, signal);
      meter.mark('steady');
    }
    await clock.sleep(steadyMs + tailMs, signal);
    return await meter.stop();
  } catch (error) {
    meter?.stop().catch(() => {}); // It ends in its own time; nobody waits for it.
    signal.throwIfAborted();
    if (error instanceof UserError) return notMeasured(error.message, error.next);
    throw error;
  }
}

/** About once a second. */
function tellProgress(meter: Meter, total: number, { emit }: CheckContext['platform']): void {
  let seen = 0;
  let [answered, failed] = [0, 0];
  meter.onWindow((window) => {
    seen += 1;
    answered += window.answered;
    failed += window.failed;
    if (seen % 10 !== 0) return;
    const text = `${answered} answered, ${failed} failed`;
    emit({ type: 'progress', step: 'load', done: Math.min(window.startMs, total), total, text });
  });
}

async function comparison(spec: LoadSpec, measured: Measured, context: CheckContext): Promise<LoadGate[]> {
  const { baseline, load } = spec;
  if (baseline === undefined) return [];
  const limit = `no worse than ${baseline.file} by more than ${Math.round(baseline.worseThan * 1_000) / 10}%`;
  const unknown = (told: string): LoadGate[] => [
    { name: 'baseline', measured: told, limit, verdict: 'inconclusive', about: 'speed' },
  ];
  const now = baselineFrom(measured, {
    request: context.shown(`${load.method} ${load.path}`),
    rate: load.rate,
  });
  if (now === undefined) return unknown('no answers');
  const text = await context.platform.files.readText(join(context.folder, baseline.file));
  if (text === undefined) {
    if (baseline.missing === 'inconclusive') return unknown('there is no baseline yet');
    const kept = loadGates(measured, spec.expect).every(({ verdict }) => verdict === 'passed');
    return kept
      ? [await written(baseline.file, now, { limit, context })]
      : unknown('not good enough for a baseline');
  }
  const then = readBaseline(text);
  if ('problem' in then) return unknown(`the file ${then.problem}`);
  return baselineGates(now, then, { worseBy: baseline.worseThan, measured });
}

async function written(
  file: string,
  now: Baseline,
  { limit, context }: { limit: string; context: CheckContext },
): Promise<LoadGate> {
  const gate = { name: 'baseline', limit, about: 'speed' } as const;
  try {
    await context.platform.files.writeDurably(
      join(context.folder, file),
      `${JSON.stringify(now, undefined, 2)}\n`,
    );
    return { ...gate, measured: 'written, for the next runs to compare with', verdict: 'passed' };
  } catch (error) {
    return { ...gate, measured: `cannot be written: ${messageOf(error)}`, verdict: 'inconclusive' };
  }
}

interface Judged {
  gates: readonly LoadGate[];
  measured: Measured;
  plan: MeterPlan;
  context: CheckContext;
}

function outcome(report: MeterReport, { gates, measured, plan, context }: Judged): Attempt {
  const load: LoadResult = { report, gates: gates.map(({ about, ...gate }) => gate) };
  const failed = gates.filter(({ verdict }) => verdict === 'failed');
  const unclear = gates.filter(({ verdict }) => verdict === 'inconclusive');
  // Whatever the thresholds tolerate, nothing passes on the wrong release.
  if (report.failures['wrong-version'] > 0) return { ...wrongVersion(report), load };
  if (failed.length > 0) return { ...failure(report, failed, { plan, context }), load };
  if (unclear.length > 0) {
    const next =
      measured.lateShare > 0 ? 'run it where more of a core is free, or at a lower rate' : undefined;
    return { ...notMeasured(listed(unclear), next), load };
  }
  const { latency, answered } = measured;
  const p99 = latency === undefined ? '' : `, p99 ${Math.round(latency.p99 * 100) / 100} ms`;
  return {
    ok: true,
    detail: `${answered} answered, ${measured.failed} failed${p99}`,
    answer: measured,
    ms: 0,
    load,
  };
}

const listed = (gates: readonly LoadGate[]): string =>
  gates.map(({ name, measured, limit }) => `${name} ${measured}, limit ${limit}`).join('; ');

/** The worst that the failed gates can mean. */
function failure(
  { failures, answered, failed: all, examples }: MeterReport,
  failed: readonly LoadGate[],
  { plan, context }: Pick<Judged, 'plan' | 'context'>,
): Failure {
  const peer = peerOf(plan.origin);
  if (failures.refused === all && answered === 0 && !isLoopback(peer.host) && !context.reached.has(peer)) {
    return notMeasured(
      `${peerText(peer)} refuses every connection`,
      `check that ${peerText(peer)} may be reached from here`,
    );
  }
  const detail = listed(failed);
  const isErrors = failed.some(({ about }) => about === 'errors');
  if (!isErrors) return { ok: false, finding: 'slow', detail };
  const [example] = examples;
  const why = example === undefined ? '' : ` (${example.kind}: ${context.shown(example.detail)})`;
  const isTrustMissing = plan.ca === undefined && example?.detail.startsWith(notTrusted);
  const next = isTrustMissing ? { next: nameIssuer } : {};
  return { ok: false, finding: 'unhealthy', detail: `${detail}${why}`, ...next };
}

function wrongVersion({ failures, sent, examples }: MeterReport): Failure {
  const example = examples.find(({ kind }) => kind === 'wrong-version');
  const detail = `${failures['wrong-version']} of ${sent} answers were of another version`;
  return {
    ok: false,
    finding: 'wrong-version',
    detail: example === undefined ? detail : `${detail}: ${example.detail}`,
  };
}

/** Nothing was learnt about the release. */
function notMeasured(detail: string, next?: string): Failure {
  return { ok: false, finding: 'unreachable-from-here', detail, ...(next === undefined ? {} : { next }) };
}
