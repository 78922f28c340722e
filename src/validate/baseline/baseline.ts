import { messageOf, UserError } from '../../platform/errors.ts';
import type { ReportedFinding } from '../../report/findings-model.ts';
import { listOf, mappingOf } from '../document.ts';
import type { Finding } from '../finding.ts';
import { own } from '../ignore/ignore.ts';
import { neverIgnored } from '../ignore/rules.ts';

/** Findings that were there before: so many of one kind. */
export interface BaselineEntry {
  rule: string;
  file: string;
  fingerprint: string;
  count: number;
}

export interface Baseline {
  /** Relative to the workspace. */
  file: string;
  text: string;
  entries: readonly BaselineEntry[];
}

const schema = 'cutover/baseline/v1';
const next = 'cutover validate --write-baseline';

/** The file that `--write-baseline` writes unless told otherwise. */
export const defaultBaseline = 'cutover-baseline.json';

/** Reads a baseline file. @throws UserError where it is not one */
export function parseBaseline(text: string, file: string): Baseline {
  const refuse = (why: string): never => {
    throw new UserError(`${file} is not a baseline: ${why}`, { next, docs: 'docs/validate.md#baseline' });
  };
  const value = mappingOf(parseJson(text, refuse)) ?? refuse('it is not an object');
  if (value['schema'] !== schema) refuse(`its schema is not "${schema}"`);
  const entries = listOf(value['findings']).map(
    (item, i) => entryOf(item) ?? refuse(`findings/${i} is not an entry`),
  );
  return { file, text, entries };
}

function parseJson(text: string, refuse: (why: string) => never): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return refuse(messageOf(error));
  }
}

function entryOf(item: unknown): BaselineEntry | undefined {
  const { rule, file, fingerprint, count } = mappingOf(item) ?? {};
  if (typeof rule !== 'string' || typeof file !== 'string' || typeof fingerprint !== 'string')
    return undefined;
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 1) return undefined;
  return { rule, file, fingerprint, count };
}

const keyOf = ({ rule, file, fingerprint }: Omit<BaselineEntry, 'count'>): string =>
  `${file}\n${rule}\n${fingerprint}`;

/** The baseline file of these findings: sorted, one entry a line, the same findings give the same bytes. */
export function writeBaseline(findings: readonly ReportedFinding[]): string {
  const counts = new Map<string, BaselineEntry>();
  for (const finding of findings.filter(({ rule }) => !neverIgnored.has(rule))) {
    const { rule, file, fingerprint } = finding;
    const entry = counts.get(keyOf(finding)) ?? { rule, file, fingerprint, count: 0 };
    counts.set(keyOf(finding), { ...entry, count: entry.count + 1 });
  }
  const lines = [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, entry]) => `    ${JSON.stringify(entry)}`);
  const list = lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n  ]`;
  return `{\n  "schema": "${schema}",\n  "findings": ${list}\n}\n`;
}

/** Takes out what the baseline holds, each entry as often as it says; `stale` are entries with fewer findings than that. */
export function applyBaseline<F extends ReportedFinding>(findings: readonly F[], baseline: Baseline) {
  const left = new Map<string, number>();
  for (const entry of baseline.entries) left.set(keyOf(entry), (left.get(keyOf(entry)) ?? 0) + entry.count);
  const kept: F[] = [];
  const known: F[] = [];
  for (const finding of findings) {
    const room = neverIgnored.has(finding.rule) ? 0 : (left.get(keyOf(finding)) ?? 0);
    if (room > 0) left.set(keyOf(finding), room - 1);
    (room > 0 ? known : kept).push(finding);
  }
  const stale = baseline.entries.flatMap((entry) => {
    const unmatched = Math.min(left.get(keyOf(entry)) ?? 0, entry.count);
    left.set(keyOf(entry), (left.get(keyOf(entry)) ?? 0) - unmatched);
    return unmatched > 0 ? [{ ...entry, count: unmatched }] : [];
  });
  return { kept, known, stale };
}

/** Tells of an entry that nothing matches, on its line of the baseline file. */
export function staleFinding({ file, text }: Baseline, entry: BaselineEntry): Finding {
  const at = text.indexOf(JSON.stringify(entry.fingerprint));
  const before = text.slice(0, Math.max(0, at)).split('\n');
  const times = entry.count === 1 ? '' : ` (${entry.count} times)`;
  const place = { file, line: before.length, column: (before.at(-1) ?? '').length + 1, path: '' };
  return own('baseline-stale', place, `${entry.rule} is no longer found in ${entry.file}${times}`);
}
