import type { Component, ReleaseFile, TrafficPlan } from '../config/model.ts';
import type { StageSection } from '../config/schema/file.ts';
import { list } from '../config/schema/lists.ts';
import type { Color } from '../targets/target.ts';
import { conflicts } from './schema/conflicts.ts';
import type { Expect } from './schema/expect.ts';
import { experimentSchema, type WrittenExperiment } from './schema/experiment.ts';
import type { LedgerSpec } from './schema/ledger.ts';

/** One fault of an experiment; `spec` holds the keys of its kind. */
export interface Fault {
  kind: string;
  component: string;
  /** Undefined: the aim decides. */
  color: Color | undefined;
  count: number | undefined;
  /** 0..1 */
  percent: number | undefined;
  spec: unknown;
}

/** An experiment with every default filled in. Times in milliseconds, shares 0..1. */
export interface Experiment
  extends Omit<
    WrittenExperiment,
    'fault' | 'faults' | 'traffic' | 'recovery' | 'after' | 'ledger' | 'parallel'
  > {
  /** Never empty; all act at once. */
  faults: readonly Fault[];
  traffic: TrafficPlan;
  recovery: { stable: number; within: number };
  after: readonly string[];
  /** Its group; undefined: it runs alone. */
  group: string | undefined;
  ledger: (Omit<LedgerSpec, 'component'> & { component: string }) | undefined;
}

/** The key `chaos:` of cutover.yml. */
export const chaosSection: StageSection = {
  schema: list(
    'Experiments: faults on purpose, and what has to hold while they last and after.',
    'a list of experiments',
    experimentSchema,
  ) as StageSection['schema'],
  conflicts,
};

/** The experiments of a release file that was read with {@link chaosSection}. */
export function experimentsOf(file: ReleaseFile): readonly Experiment[] {
  return (file.chaos as readonly WrittenExperiment[]).map((written) => completed(written, file));
}

const longestTimeoutMs = 1_000;
const defaultRecoveryMs = 30_000;

function completed(written: WrittenExperiment, file: ReleaseFile): Experiment {
  const { fault, faults, after, parallel, ledger, recovery, expect: asked, ...rest } = written;
  const traffic = trafficOf(written, file);
  const expect = expectOf(asked, { ledger, slo: file.slo });
  const within = recovery.within ?? expect.recovery?.value ?? defaultRecoveryMs;
  return {
    ...rest,
    expect,
    faults: (faults ?? (fault ? [fault] : [])).map((one) => ({
      ...one,
      component: one.component ?? traffic.component,
    })),
    traffic,
    recovery: { stable: recovery.stable, within },
    after: after ?? [],
    group: parallel || undefined,
    ledger: ledger && { ...ledger, component: ledger.component ?? traffic.component },
  };
}

/** Each key from the experiment, or else from `cutover.traffic`; a component of its own brings its own path. */
function trafficOf({ traffic: own }: WrittenExperiment, { cutover, components }: ReleaseFile): TrafficPlan {
  const base = cutover.traffic;
  const component = own.component ?? base.component;
  const elsewhere = component !== base.component;
  return {
    component,
    rate: own.rate ?? base.rate,
    method: own.method ?? (elsewhere ? 'GET' : base.method),
    path: own.path ?? (elsewhere ? healthPath(components[component]) : base.path),
    headers: own.headers ?? base.headers,
    body: own.body ?? (elsewhere || own.method === 'GET' ? undefined : base.body),
    connections: own.connections ?? base.connections,
    timeout: own.timeout ?? Math.min(base.timeout, longestTimeoutMs),
  };
}

const healthPath = (component: Component | undefined): string => component?.health.http ?? '/';

/** What was not asked and is expected all the same: the promised recovery, and of a ledger that nothing is lost. */
function expectOf(
  asked: Expect,
  { ledger, slo }: { ledger: LedgerSpec | undefined; slo: ReleaseFile['slo'] },
): Expect {
  const none = { operator: '<=', value: 0, unit: 'count', text: '0' } as const;
  const promised = slo.recovery === undefined ? undefined : withinMs(slo.recovery);
  return {
    ...asked,
    recovery: asked.recovery ?? promised,
    lost: asked.lost ?? (ledger && none),
    duplicated: asked.duplicated ?? (ledger && none),
  };
}

const withinMs = (value: number): Expect['recovery'] => ({
  operator: '<=',
  value,
  unit: 'ms',
  text: `<=${value}ms`,
});
