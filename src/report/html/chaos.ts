import { duration, timeOfDay } from '../format.ts';
import { type Content, type Markup, markup } from '../markup.ts';
import type { ExperimentRecord, FaultRecord } from '../proof.ts';
import { chaosSentence, duringText, faultsText, ledgerText, recoveryText } from '../proof-wording.ts';
import type { ReleaseRecord } from '../record.ts';
import { latencyChart } from '../svg/latency.ts';
import { wholeOf } from '../svg/series.ts';
import { trafficChart } from '../svg/traffic.ts';
import { timelineOfExperiment } from '../timeline.ts';
import { facts, section, table, verdictChip } from './parts.ts';
import { checkTable } from './smoke.ts';

const widest = 1080;

/** All experiments in a table, then each with its charts: the faults are bands over traffic and latency. */
export function chaos(record: ReleaseRecord): Markup {
  const evidence = record.chaos;
  if (evidence === undefined) return markup``;
  const hint = `${chaosSentence(evidence)}. Seed ${evidence.seed}: the same seed chooses the same targets.`;
  const all = table(evidence.experiments, [
    {
      title: 'Experiment',
      cell: (one) => markup`<b>${one.name}</b><br><span class="quiet">on ${one.aim}</span>`,
    },
    { title: 'Fault', cell: faultsText },
    { title: 'While it lasted', cell: duringText },
    { title: 'Recovery', cell: (one) => recoveryText(one.recovery) },
    { title: 'Data', cell: (one) => one.ledger && ledgerText(one.ledger) },
    { title: 'Verdict', cell: (one) => verdictChip(one.verdict), kind: 'nowrap' },
  ]);
  const each = evidence.experiments.map((one, n) => experiment(one, record.slo?.p99Ms, `experiment-${n}`));
  return markup`${section({ title: 'Chaos', hint }, all)}${each}`;
}

function experiment(one: ExperimentRecord, limitMs: number | undefined, id: string): Markup {
  const parts = [
    markup`<p>${verdictChip(one.verdict)} ${one.reason}</p>`,
    drawn(one, { limitMs, id }),
    faultTable(one.faults),
    gateTable(one),
    figures(one),
    one.checks.length === 0
      ? undefined
      : markup`<h3>Checks of the steady state</h3>${checkTable(one.checks)}`,
  ];
  return section({ title: `Experiment: ${one.name}`, long: 'long' }, markup`${parts}`);
}

function drawn(one: ExperimentRecord, { limitMs, id }: { limitMs: number | undefined; id: string }): Content {
  const timeline = timelineOfExperiment(one);
  if (timeline === undefined) return markup`<p class="hint">Requests were not measured.</p>`;
  const size = { width: widest, span: wholeOf(timeline.meter) };
  const traffic = trafficChart(timeline, { ...size, height: 230, id: `${id}-traffic` });
  const latency = latencyChart(timeline, { ...size, height: 210, id: `${id}-latency`, limitMs });
  return markup`<div class="chart wide scroll">${traffic}</div><div class="chart wide scroll">${latency}</div>`;
}

function faultTable(faults: readonly FaultRecord[]): Content {
  if (faults.length === 0) return undefined;
  return markup`<h3>Faults</h3>${table(faults, [
    {
      title: 'Fault',
      cell: (one) => markup`<b>${one.kind}</b><br><span class="quiet">${one.component}, ${one.color}</span>`,
    },
    { title: 'Targets', cell: (one) => one.targets.join(', ') || 'the whole colour' },
    {
      title: 'At',
      cell: (one) => (one.injectedAt === undefined ? 'never' : timeOfDay(one.injectedAt)),
      kind: 'num',
    },
    { title: 'Injected in', cell: (one) => duration(one.injectMs), kind: 'num' },
    { title: 'Gone in', cell: (one) => duration(one.revertMs), kind: 'num' },
    { title: 'Witness', cell: (one) => one.witness },
    { title: 'Seen', cell: (one) => verdictChip(one.witnessed), kind: 'nowrap' },
    { title: 'Left behind', cell: (one) => one.left ?? 'nothing' },
  ])}`;
}

function gateTable({ gates }: ExperimentRecord): Content {
  if (gates.length === 0) return undefined;
  return markup`<h3>Gates</h3>${table(gates, [
    { title: 'Gate', cell: (gate) => gate.name },
    { title: 'Measured', cell: (gate) => gate.measured },
    { title: 'Limit', cell: (gate) => gate.limit },
    { title: 'Verdict', cell: (gate) => verdictChip(gate.verdict), kind: 'nowrap' },
  ])}`;
}

function figures(one: ExperimentRecord): Markup {
  const { recovery, ledger, steadyBefore, steadyAfter, abortedAfterMs } = one;
  return facts([
    ['Steady before', steadyBefore && verdictChip(steadyBefore)],
    ['Steady after', steadyAfter && verdictChip(steadyAfter)],
    ['Detected after', recovery && duration(recovery.detectMs)],
    ['First success after the first bad window', recovery && duration(recovery.firstSuccessMs)],
    [
      'Stable after the first bad window',
      recovery &&
        `${duration(recovery.stableMs)} (${recovery.windows} windows of ${duration(recovery.windowMs)} in a row)`,
    ],
    [
      'Fault removed after the first breaching window',
      abortedAfterMs === undefined ? undefined : duration(abortedAfterMs),
    ],
    ['Acknowledged writes', ledger && markup`${ledgerText(ledger)} ${verdictChip(ledger.verdict)}`],
  ]);
}
