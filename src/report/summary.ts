import { duration, instant, notMeasured } from './format.ts';
import { byteLength, markdownCode, markdownOrigin, markdownTable, markdownText } from './markdown.ts';
import { mermaidSteps } from './mermaid.ts';
import { nextSteps } from './next.ts';
import type { Finding, ReleaseRecord } from './record.ts';
import { sparkline } from './sparkline.ts';
import { chaosPart, smokePart } from './summary-proofs.ts';
import { timelineOf } from './timeline.ts';
import { headline, levelWord, verdictSign, verdictWord } from './wording.ts';

/** GitHub drops a step's whole summary above 1 MiB and shows little of a long one; ours stays far below. */
export const summaryLimitBytes = 64 * 1024;

type Part = (record: ReleaseRecord) => string | undefined;

/** In the order shown; each is bounded, and together they stay below the limit. */
const parts: readonly Part[] = [
  title,
  next,
  gates,
  smokePart,
  chaosPart,
  chart,
  switches,
  findings,
  stages,
  components,
  origin,
];

/** The job summary as GitHub's Markdown, at most 64 KiB whatever the record holds. */
export function renderSummary(record: ReleaseRecord): string {
  let text = '';
  for (const part of parts) {
    const next = part(record);
    if (next === undefined) continue;
    if (byteLength(text) + byteLength(next) + 200 > summaryLimitBytes) {
      return `${text}\nThe rest does not fit here: see the HTML report.\n`;
    }
    text += text === '' ? next : `\n${next}`;
  }
  return text;
}

function title(record: ReleaseRecord): string {
  const { cutover } = record;
  const where = `${markdownText(record.application, 100)} to ${markdownText(record.environment, 100)}`;
  const reason = cutover ? `\n${markdownText(cutover.reason, 600)}\n` : '';
  return `## ${verdictSign[record.verdict]} ${markdownText(headline(record), 600)}\n\n**${verdictWord[record.verdict]}** · ${where} · ${markdownText(instant(record.startedAt), 60)} · took ${duration(Date.parse(record.finishedAt) - Date.parse(record.startedAt))}\n${reason}`;
}

function next(record: ReleaseRecord): string | undefined {
  const steps = nextSteps(record);
  if (steps.length === 0) return undefined;
  const lines = steps.map(
    (step) =>
      `${markdownText(step.text, 600)}${step.command === undefined ? '' : ` ${markdownCode(step.command, 400)}`}`,
  );
  return `### What to do next\n\n${lines.join('\n\n')}\n`;
}

function gates({ cutover }: ReleaseRecord): string | undefined {
  if (cutover === undefined) return undefined;
  if (cutover.gates.length === 0) {
    return cutover.switches.length === 0
      ? undefined
      : `### Gates\n\nNo gate was evaluated: ${notMeasured}.\n`;
  }
  const rows = cutover.gates;
  const cells = (gate: (typeof rows)[number]): readonly string[] => [
    markdownText(gate.name),
    markdownText(gate.measured),
    markdownText(gate.limit),
    `${verdictSign[gate.verdict]} ${verdictWord[gate.verdict]}`,
  ];
  return `### Gates\n\n${markdownTable({ head: ['Gate', 'Measured', 'Limit', 'Verdict'], rows, cells, bytes: 10_000, most: 60 })}`;
}

function chart(record: ReleaseRecord): string | undefined {
  const steps = mermaidSteps(record.cutover?.steps ?? []);
  const timeline = timelineOf(record);
  const drawn = steps === undefined ? '' : `\`\`\`mermaid\n${steps}\n\`\`\`\n`;
  const text = timeline === undefined ? '' : `\`\`\`text\n${sparkline(timeline)}\n\`\`\`\n`;
  if (drawn === '' && text === '') return undefined;
  return `### What happened\n\n${drawn}${drawn && text ? '\n' : ''}${text}`;
}

function switches({ cutover }: ReleaseRecord): string | undefined {
  if (cutover === undefined || cutover.switches.length === 0) return undefined;
  const told = (ms: number | undefined): string => (ms === undefined ? 'not told' : duration(ms));
  const rows = cutover.switches;
  const cells = (one: (typeof rows)[number]): readonly string[] => [
    markdownText(one.component),
    one.kind,
    `${one.from ?? 'none'} → ${one.to}`,
    duration(one.writeMs),
    told(one.firstNewMs),
    told(one.lastOldMs),
    told(one.verifiedMs),
  ];
  const head = [
    'Component',
    'Write',
    'Colours',
    'Write took',
    'First new after',
    'Last old after',
    'Verified after',
  ];
  return `### Route writes\n\n${markdownTable({ head, rows, cells, bytes: 8_000, most: 40 })}`;
}

const order: Readonly<Record<Finding['level'], number>> = { error: 0, warning: 1, notice: 2 };

function findings(record: ReleaseRecord): string | undefined {
  const all = record.stages.flatMap((stage) =>
    stage.findings.map((finding) => ({ finding, stage: stage.name })),
  );
  if (all.length === 0) return undefined;
  const rows = all.toSorted((a, b) => order[a.finding.level] - order[b.finding.level]);
  const cells = ({ finding, stage }: (typeof rows)[number]): readonly string[] => [
    levelWord[finding.level],
    markdownText(stage, 60),
    markdownCode(finding.rule, 60),
    markdownText(finding.message, 500),
    placeOf(finding),
  ];
  const head = ['Level', 'Stage', 'Rule', 'What was found', 'Where'];
  return `### Findings\n\n${markdownTable({ head, rows, cells, bytes: 14_000, most: 40 })}`;
}

function placeOf({ place }: Finding): string {
  if (place === undefined) return '';
  return markdownCode(
    [place.file, place.line, place.column].filter((part) => part !== undefined).join(':'),
    200,
  );
}

function stages(record: ReleaseRecord): string {
  const rows = record.stages;
  const cells = (stage: (typeof rows)[number]): readonly string[] => [
    markdownText(stage.name, 60),
    `${verdictSign[stage.verdict]} ${verdictWord[stage.verdict]}`,
    duration(stage.durationMs),
    markdownText(stage.summary),
  ];
  return `### Stages\n\n${markdownTable({ head: ['Stage', 'Verdict', 'Took', 'Summary'], rows, cells, bytes: 8_000, most: 30 })}`;
}

function components({ release, cutover }: ReleaseRecord): string | undefined {
  const names = [...new Set([...Object.keys(release.artifacts), ...Object.keys(cutover?.live ?? {})])].sort();
  if (names.length === 0) return undefined;
  const rows = names;
  const cells = (name: (typeof rows)[number]): readonly string[] => [
    markdownText(name, 100),
    cutover?.live[name]?.color ?? '',
    markdownText(cutover?.live[name]?.version ?? '', 100),
    markdownCode(release.artifacts[name]?.digest ?? 'not in this release', 100),
  ];
  const head = [
    'Component',
    'Live colour',
    'Live version',
    `Artifact of ${markdownText(release.version, 100)}`,
  ];
  return `### Components\n\n${markdownTable({ head, rows, cells, bytes: 8_000, most: 40 })}`;
}

function origin(record: ReleaseRecord): string {
  return `Record ${markdownCode(record.id, 130)}${record.origin === undefined ? '' : ` · ran at ${markdownOrigin(record.origin)}`}\n`;
}
