import { duration, largestOf } from './format.ts';
import { printable } from './markup.ts';
import type { StepRecord } from './record.ts';
import { outcomeSign } from './wording.ts';

/** More than these and a chart in a job summary cannot be read. */
const mostNodes = 12;
const perRow = 4;
const labelLength = 44;

interface Node {
  label: string;
  outcome: StepRecord['outcome'];
}

/** Only these stand in a label as they are; all others become Mermaid's `#code;`. */
function label(text: string): string {
  const characters = [...printable(text).replace(/\s+/g, ' ')];
  const cut = characters.length > labelLength ? [...characters.slice(0, labelLength - 1), '…'] : characters;
  return cut.map((one) => (/[A-Za-z0-9 .,+/-]/.test(one) ? one : `#${one.codePointAt(0)};`)).join('');
}

const severity: Readonly<Record<StepRecord['outcome'], number>> = {
  failed: 4,
  cancelled: 3,
  done: 2,
  planned: 1,
  skipped: 0,
};

/** The steps from left to right, the same step of several components together. */
function nodesOf(steps: readonly StepRecord[]): readonly Node[] {
  const groups = new Map<string, StepRecord[]>();
  const inTime = steps.toSorted((a, b) => a.atMs - b.atMs);
  for (const step of inTime) groups.set(step.step, [...(groups.get(step.step) ?? []), step]);
  const nodes = [...groups].map(([name, group]) => nodeOf(name, group));
  if (nodes.length <= mostNodes) return nodes;
  const left = nodes.length - (mostNodes - 1);
  const middle: Node = { label: `and ${left} more steps`, outcome: 'skipped' };
  return [...nodes.slice(0, 6), middle, ...nodes.slice(6 + left)];
}

function nodeOf(name: string, group: readonly StepRecord[]): Node {
  const outcome = group.reduce<StepRecord['outcome']>(
    (worst, step) => (severity[step.outcome] > severity[worst] ? step.outcome : worst),
    group[0]?.outcome ?? 'skipped',
  );
  const from = -(largestOf(group.map((step) => -step.atMs)) ?? 0);
  const to = largestOf(group.map((step) => step.atMs + step.durationMs)) ?? 0;
  const times = group.length > 1 ? ` x ${group.length}` : '';
  const took = outcome === 'done' || outcome === 'failed' ? `, ${duration(to - from)}` : `, ${outcome}`;
  return { label: `${outcomeSign[outcome]} ${name}${times}${took}`, outcome };
}

/**
 * A Mermaid flowchart of at most twelve nodes, four to a row: one long row would be shrunk to the page's width until
 * nobody can read it. Undefined when there are no steps.
 */
export function mermaidSteps(steps: readonly StepRecord[]): string | undefined {
  const nodes = nodesOf(steps);
  if (nodes.length === 0) return undefined;
  const rows = Array.from({ length: Math.ceil(nodes.length / perRow) }, (_, row) => row);
  const lines = rows.flatMap((row) => drawRow(row, nodes.slice(row * perRow, (row + 1) * perRow)));
  return ['flowchart TB', ...lines, ...chain('r', rows), ...classes].join('\n');
}

/** Edges go from row to row: an edge to a node inside one would make Mermaid ignore the row's direction. */
function drawRow(row: number, nodes: readonly Node[]): readonly string[] {
  const numbers = nodes.map((_, n) => row * perRow + n);
  const boxes = nodes.map((node, n) => `  s${numbers[n]}["${label(node.label)}"]:::${node.outcome}`);
  return [
    `  subgraph r${row}[" "]`,
    '  direction LR',
    ...boxes,
    ...chain('s', numbers),
    '  end',
    `  style r${row} fill:none,stroke:none`,
  ];
}

const chain = (prefix: string, numbers: readonly number[]): readonly string[] =>
  numbers.length < 2 ? [] : [`  ${numbers.map((n) => `${prefix}${n}`).join(' --> ')}`];

/** Colours that hold on a light and on a dark page. */
const classes = [
  '  classDef done fill:#d8f0e2,stroke:#1a7f4b,color:#10301f',
  '  classDef failed fill:#fbdcd5,stroke:#b3301a,color:#4a1208',
  '  classDef cancelled fill:#e6e9ed,stroke:#5b6672,color:#191d23',
  '  classDef skipped fill:#f0f2f5,stroke:#9aa4af,color:#191d23',
  '  classDef planned fill:#e3edfc,stroke:#2f6fd6,color:#10264a',
];
