import { type Verdict, worst } from '../platform/verdict.ts';
import { duration, plural } from '../report/format.ts';
import type { ExperimentRecord, FaultRecord, RecoveryRecord } from '../report/proof.ts';
import type { GateRecord } from '../report/record.ts';
import { explainedByLateness } from '../traffic/gates.ts';
import { judge } from './gates.ts';
import { faultAsked } from './hold.ts';
import type { PlannedFault } from './plan.ts';
import type { Ending } from './session.ts';
import { lateShareOf, sectionOf } from './traffic.ts';
import type { Injected, Trial } from './trial.ts';
import { witnessed } from './witness.ts';

/** Looks at all the evidence: whether each fault was seen to happen, and what the gates say. */
export async function judgeTrial(trial: Trial): Promise<void> {
  const { experiment, recovery, ledgerRecord: ledger, report } = trial;
  const sections = report?.sections ?? [];
  const [before, during] = [sectionOf(sections, 'before'), sectionOf(sections, 'fault')];
  for (const entry of trial.injected) entry.witnessed = await witnessOf(trial, entry, { before, during });
  const lateShare = lateShareOf(trial.lateSends, during);
  const waitedMs = experiment.recovery.within;
  trial.gates = [
    ...judge({ before, during, lateShare, recovery, waitedMs, ledger }, experiment),
    ...abortGate(trial, lateShare),
  ];
}

async function witnessOf(
  trial: Trial,
  { fault, before, readings, injectedAt, endedAt }: Injected,
  sections: Parameters<typeof witnessed>[0]['sections'],
) {
  if (injectedAt === undefined || endedAt === undefined) return { seen: false, detail: 'not injected' };
  return witnessed({
    fault,
    before: before.reading,
    readings: (await readings?.stop()) ?? [],
    prober: trial.proberOf(fault),
    times: { baseline: trial.startedAt, asked: faultAsked(trial), injected: injectedAt, ended: endedAt },
    sections,
  });
}

/** The fault was ended early. Where the meter itself may have been what was slow, that says nothing about the service. */
function abortGate({ breach, report, experiment }: Trial, lateShare: number): GateRecord[] {
  if (!breach) return [];
  const latency = sectionOf(report?.sections ?? [], 'fault')?.latency;
  const bound = breach.about === 'latency' ? (experiment.abortOn?.p99 ?? experiment.abortOn?.p50) : undefined;
  const isOurs = bound && latency && explainedByLateness({ lateShare, latency, limitMs: bound.value });
  return [
    {
      name: 'abort-on',
      measured: breach.reason,
      limit: 'not met',
      verdict: isOurs ? 'inconclusive' : 'failed',
    },
  ];
}

/** The verdict over everything that was looked at, and the first reason for it. Pure. */
export function endingOf(
  trial: Pick<Trial, 'gates' | 'injected' | 'steadyAfter' | 'unsteady' | 'recovery' | 'experiment'>,
): Ending {
  const parts = [
    ...trial.injected.flatMap(ofFault),
    ...trial.gates.map(({ name, verdict, measured, limit }) => ({
      verdict,
      reason: `${name}: ${measured}, limit ${limit}`,
    })),
    ofRecovery(trial),
    ...(trial.steadyAfter
      ? [{ verdict: trial.steadyAfter, reason: `afterwards: ${trial.unsteady ?? ''}` }]
      : []),
  ];
  const verdict = worst(parts.map((part) => part.verdict));
  if (verdict === 'passed') return { verdict, reason: held(trial) };
  return { verdict, reason: parts.find((part) => part.verdict === verdict)?.reason ?? '' };
}

interface Part {
  verdict: Verdict;
  reason: string;
}

function ofFault({ fault, witnessed: seen, left }: Injected): Part[] {
  const name = `${fault.kind.kind} of ${fault.aim.component.name}`;
  const unseen: Part = {
    verdict: 'inconclusive',
    reason: `${name} was not seen to happen: ${seen?.detail ?? 'not looked at'}`,
  };
  return [
    ...(left === undefined ? [] : [{ verdict: 'failed', reason: `after ${name}: ${left}` } as const]),
    seen?.seen ? { verdict: 'passed', reason: '' } : unseen,
  ];
}

function ofRecovery({ recovery, experiment }: Pick<Trial, 'recovery' | 'experiment'>): Part {
  if (recovery?.judgedMs !== undefined) return { verdict: 'passed', reason: '' };
  if (recovery?.detectMs === undefined) {
    return { verdict: 'inconclusive', reason: 'too few requests to tell whether the service recovered' };
  }
  return { verdict: 'failed', reason: `not itself again within ${duration(experiment.recovery.within)}` };
}

function held({ gates, recovery }: Pick<Trial, 'gates' | 'recovery'>): string {
  const again = recovery?.judgedMs ? `, itself again after ${duration(recovery.judgedMs)}` : '';
  return `seen to happen, ${gates.length === 0 ? 'nothing else was asked' : `${plural(gates.length, 'gate')} passed`}${again}`;
}

export function recordOf(trial: Trial, { verdict, reason }: Ending): ExperimentRecord {
  const { experiment, steadyBefore, steadyAfter, recovery, ledgerRecord, abortedAfterMs, report } = trial;
  return {
    name: experiment.name,
    aim: experiment.aim,
    verdict,
    reason,
    startedAt: trial.startedAt,
    durationMs: trial.elapsedMs,
    ...(steadyBefore ? { steadyBefore } : {}),
    ...(steadyAfter ? { steadyAfter } : {}),
    faults: faultsOf(trial),
    gates: trial.gates,
    ...(recovery ? { recovery: recoveryRecord(recovery) } : {}),
    ...(ledgerRecord ? { ledger: ledgerRecord } : {}),
    ...(abortedAfterMs === undefined ? {} : { abortedAfterMs }),
    ...(report ? { meter: report } : {}),
    checks: trial.checks,
  };
}

function recoveryRecord({
  judgedMs: _,
  ...record
}: RecoveryRecord & { judgedMs: number | undefined }): RecoveryRecord {
  return record;
}

function faultsOf({ injected, planned }: Trial): readonly FaultRecord[] {
  return injected.length > 0
    ? injected.map(injectedRecord)
    : planned.map((fault) => plannedRecord(fault, 'not injected'));
}

export function plannedRecord({ id, kind, aim }: PlannedFault, witness: string): FaultRecord {
  const targets = aim.chosen.map((instance) => instance.id);
  const { color, component } = aim;
  return {
    id,
    kind: kind.kind,
    component: component.name,
    color,
    targets,
    witnessed: 'inconclusive',
    witness,
  };
}

function injectedRecord(entry: Injected): FaultRecord {
  const { fault, injectedAt, injectMs, revertedAt, revertMs, witnessed: seen, left } = entry;
  return {
    ...plannedRecord(fault, seen?.detail ?? 'not looked at'),
    ...(seen?.seen ? { witnessed: 'passed' } : {}),
    ...(injectedAt === undefined ? {} : { injectedAt }),
    ...(injectMs === undefined ? {} : { injectMs }),
    ...(revertedAt === undefined ? {} : { revertedAt }),
    ...(revertMs === undefined ? {} : { revertMs }),
    ...(left === undefined ? {} : { left }),
  };
}
