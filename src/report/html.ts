import { count, duration, instant, largestOf, plural, timeOfDay, versionName } from './format.ts';
import { chaos } from './html/chaos.ts';
import { charts } from './html/charts.ts';
import { measurement } from './html/measurement.ts';
import { colorName, facts, outcomeChip, section, table, verdictChip } from './html/parts.ts';
import { smoke } from './html/smoke.ts';
import { style } from './html/style.ts';
import { tiles } from './html/tiles.ts';
import { type Content, type Markup, markup, plainAddress } from './markup.ts';
import { nextSteps } from './next.ts';
import type { CutoverEvidence, Finding, ReleaseRecord } from './record.ts';
import { stepBar } from './svg/steps.ts';
import { headline, levelWord, measuredSentence, outcomeSentence } from './wording.ts';

/** Nothing is loaded, run or sent: the page is its own text and style. */
const policy = "default-src 'none'; style-src 'unsafe-inline'";

/** The whole report as one HTML page that needs no network and no script. The same record gives the same bytes. */
export function renderHtml(record: ReleaseRecord): string {
  const parts = [
    verdict(record),
    tiles(record),
    next(record),
    charts(record),
    gates(record),
    smoke(record),
    chaos(record),
    findings(record),
  ];
  const details = [
    steps(record),
    switches(record),
    components(record),
    stages(record),
    measurement(record),
    about(record),
  ];
  return markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer"><title>${headline(record)} · ${record.application}</title><style>${style}</style></head>
<body><main>
${parts}${details}<footer>Record ${record.id} · ${record.schema} · everything here is computed from record.json beside this file</footer>
</main></body></html>
`.text;
}

function verdict(record: ReleaseRecord): Markup {
  const { cutover } = record;
  const measured =
    cutover?.meter || cutover?.switches.length
      ? markup`<p class="measured">${upper(measuredSentence(cutover.meter))}</p>`
      : undefined;
  return markup`<header class="verdict ${record.verdict}"><p class="crumbs">${verdictChip(record.verdict)}<b>${record.application}</b><span>${record.environment}</span><span>${instant(record.startedAt)}</span><span>took ${duration(Date.parse(record.finishedAt) - Date.parse(record.startedAt))}</span></p><h1>${outcomeSentence(record)}</h1>${measured}${cutover ? markup`<p class="reason">${cutover.reason}</p>` : undefined}</header>\n`;
}

const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function next(record: ReleaseRecord): Markup {
  const steps = nextSteps(record);
  if (steps.length === 0) return markup``;
  const items = steps.map(
    (step) =>
      markup`<p>${step.text}</p>${step.command === undefined ? undefined : markup`<pre><code>${step.command}</code></pre>`}`,
  );
  return section({ title: 'What to do next' }, items);
}

function gates(record: ReleaseRecord): Markup {
  const { cutover } = record;
  if (cutover === undefined || cutover.gates.length === 0) return markup``;
  return section(
    {
      title: 'Gates',
      hint: 'What was measured, against what must hold. A gate without data is inconclusive, never passed.',
    },
    table(cutover.gates, [
      { title: 'Gate', cell: (gate) => gate.name },
      { title: 'Measured', cell: (gate) => gate.measured },
      { title: 'Limit', cell: (gate) => gate.limit },
      { title: 'Verdict', cell: (gate) => verdictChip(gate.verdict), kind: 'nowrap' },
    ]),
  );
}

const order: Readonly<Record<Finding['level'], number>> = { error: 0, warning: 1, notice: 2 };

function findings(record: ReleaseRecord): Markup {
  const all = record.stages.flatMap((stage) =>
    stage.findings.map((finding) => ({ ...finding, stage: stage.name })),
  );
  if (all.length === 0) return markup``;
  const sorted = all.toSorted((a, b) => order[a.level] - order[b.level]);
  return section(
    { title: 'Findings', long: 'long' },
    table(sorted, [
      { title: 'Level', cell: (finding) => levelWord[finding.level], kind: 'nowrap' },
      { title: 'Stage', cell: (finding) => finding.stage },
      { title: 'Rule', cell: (finding) => markup`<code>${finding.rule}</code>` },
      { title: 'What was found', cell: (finding) => finding.message },
      { title: 'Where', cell: placeOf },
    ]),
  );
}

function placeOf({ place }: Finding): Content {
  if (place === undefined) return undefined;
  return markup`<code>${[place.file, place.line, place.column].filter((part) => part !== undefined).join(':')}</code>`;
}

function steps(record: ReleaseRecord): Markup {
  const all = (record.cutover?.steps ?? []).toSorted((a, b) => a.atMs - b.atMs);
  if (all.length === 0) return markup``;
  const wholeMs = largestOf(all.map((step) => step.atMs + step.durationMs)) ?? 0;
  const planned = all.every((step) => step.outcome === 'planned');
  return section(
    { title: 'Steps', hint: 'Each with the reason that it was taken for.', long: 'long' },
    table(all, [
      {
        title: 'Step',
        cell: (step) =>
          markup`<b>${step.step}</b>${step.component === undefined ? undefined : markup`<br><span class="quiet">${step.component}</span>`}`,
      },
      {
        title: 'Why',
        cell: (step) =>
          markup`${step.reason}${step.detail === undefined ? undefined : markup`<br><span class="quiet">${step.detail}</span>`}`,
      },
      { title: 'Outcome', cell: (step) => outcomeChip(step.outcome), kind: 'nowrap' },
      ...(planned
        ? []
        : [
            {
              title: 'Took',
              cell: (step: (typeof all)[number]) => duration(step.durationMs),
              kind: 'num' as const,
            },
            {
              title: `When, of ${duration(wholeMs)}`,
              cell: (step: (typeof all)[number]) => stepBar(step, wholeMs),
              kind: 'bar' as const,
            },
          ]),
    ]),
  );
}

function switches(record: ReleaseRecord): Markup {
  const all = record.cutover?.switches ?? [];
  if (all.length === 0) return markup``;
  const ms = (value: number | undefined): Content =>
    value === undefined ? markup`<span class="quiet">not told</span>` : duration(value);
  return section(
    { title: 'Route writes', hint: 'One compare-and-set each. Times count from the write.' },
    table(all, [
      { title: 'Component', cell: (one) => one.component },
      { title: 'Write', cell: (one) => one.kind },
      { title: 'From', cell: (one) => colorName(one.from) },
      { title: 'To', cell: (one) => colorName(one.to) },
      { title: 'At', cell: (one) => timeOfDay(one.at), kind: 'num' },
      { title: 'Route version', cell: (one) => count(one.routeVersion), kind: 'num' },
      { title: 'Write took', cell: (one) => ms(one.writeMs), kind: 'num' },
      { title: 'First new', cell: (one) => ms(one.firstNewMs), kind: 'num' },
      { title: 'Last old', cell: (one) => ms(one.lastOldMs), kind: 'num' },
      { title: 'Verified', cell: (one) => ms(one.verifiedMs), kind: 'num' },
    ]),
  );
}

function components(record: ReleaseRecord): Markup {
  const { cutover, release } = record;
  const names = [...new Set([...Object.keys(release.artifacts), ...Object.keys(cutover?.live ?? {})])].sort();
  if (names.length === 0) return markup``;
  const kept = Object.keys(cutover?.keptUntil ?? {});
  const live = (name: string) => cutover?.live[name];
  return section(
    { title: 'Components', long: 'long' },
    table(names, [
      { title: 'Component', cell: (name) => markup`<b>${name}</b>` },
      { title: 'Live colour', cell: (name) => (cutover ? colorName(live(name)?.color) : undefined) },
      { title: 'Live version', cell: (name) => live(name)?.version },
      { title: 'Instances', cell: (name) => instancesOf(cutover, name) },
      ...(kept.length > 0
        ? [{ title: 'Old colour stays warm until', cell: (name: string) => keptUntil(cutover, name) }]
        : []),
      {
        title: `Artifact of ${versionName(release.version)}`,
        cell: (name) => digestOf(release.artifacts[name]?.digest),
      },
    ]),
  );
}

function instancesOf(cutover: CutoverEvidence | undefined, name: string): Content {
  const all = cutover?.instances?.filter((one) => one.component === name) ?? [];
  return all.slice(0, 24).map((one) => {
    const restarts = one.restarts > 0 ? `, ${plural(one.restarts, 'restart')}` : '';
    return markup`<div><span class="dot ${one.color}"></span>${one.id} <span class="quiet">${one.version}${one.version === undefined ? '' : ', '}${one.status}${restarts}</span></div>`;
  });
}

function keptUntil(cutover: CutoverEvidence | undefined, name: string): Content {
  const until = cutover?.keptUntil[name];
  return until === undefined ? markup`<span class="quiet">not kept</span>` : instant(until);
}

const digestOf = (digest: string | undefined): Content =>
  digest === undefined ? undefined : markup`<code>${digest}</code>`;

function stages(record: ReleaseRecord): Markup {
  return section(
    { title: 'Stages' },
    table(record.stages, [
      { title: 'Stage', cell: (stage) => markup`<b>${stage.name}</b>` },
      { title: 'Verdict', cell: (stage) => verdictChip(stage.verdict), kind: 'nowrap' },
      { title: 'Took', cell: (stage) => duration(stage.durationMs), kind: 'num' },
      { title: 'Summary', cell: (stage) => stage.summary },
    ]),
  );
}

function about(record: ReleaseRecord): Markup {
  const { release, cutover } = record;
  return section(
    { title: 'About this release' },
    facts([
      ['Release', markup`<code>${release.id}</code>`],
      ['Version', release.version],
      ['Commit', release.sha === undefined ? undefined : markup`<code>${release.sha}</code>`],
      ['Application', record.application],
      ['Environment', `${record.environment}, target ${record.target}`],
      ['Mode', cutover?.mode],
      [
        'Old requests left at the drain deadline',
        cutover && cutover.switches.length > 0 ? count(cutover.residualOld) : undefined,
      ],
      ['Started, finished', `${instant(record.startedAt)}, ${instant(record.finishedAt)}`],
      ['Ran at', originOf(record.origin)],
    ]),
  );
}

function originOf(origin: string | undefined): Content {
  return origin !== undefined && plainAddress.test(origin)
    ? markup`<a href="${origin}" rel="noreferrer">${origin}</a>`
    : origin;
}
