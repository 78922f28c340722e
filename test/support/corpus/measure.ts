import { join } from 'node:path';
import { validate } from '../../../src/validate/engine.ts';
import type { Finding } from '../../../src/validate/finding.ts';
import { readWorkspace } from '../../../src/validate/read/index.ts';
import { rules } from '../../../src/validate/rules/index.ts';
import type { Workspace } from './generate.ts';
import type { Expectation } from './marks.ts';

/** Counts of one class of defects, or of all. */
export interface Counts {
  expected: number;
  /** Of the expected: the right rule in the right file. */
  found: number;
  /** Of the found: on the right line and column. */
  exact: number;
  unexpected: number;
}

export interface Measured extends Omit<Counts, 'unexpected'> {
  /** `workspace: rule file:line:column` of what was not found, was found elsewhere in its file, and was not expected. */
  missing: readonly string[];
  moved: readonly string[];
  unexpected: readonly string[];
  byLayer: ReadonlyMap<string, Counts>;
  files: number;
  workspaces: number;
}

/** 0..1; 1 where there is nothing to count. */
export const shareOf = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole);

const placeOf = ({ rule, file, line, column }: Expectation | Finding): string =>
  `${rule} ${file}:${line}:${column}`;

const layerOf = new Map(rules.map(({ id, layer }) => [id, layer]));

/** Runs all rules over every workspace under `folder` and compares with what is expected. */
export async function measure(folder: string, workspaces: readonly Workspace[]): Promise<Measured> {
  const missing: string[] = [];
  const moved: string[] = [];
  const unexpected: string[] = [];
  const byLayer = new Map<string, Counts>();
  const count = (rule: string, key: keyof Counts): void => {
    const layer = layerOf.get(rule) ?? 'unknown';
    const counts = byLayer.get(layer) ?? { expected: 0, found: 0, exact: 0, unexpected: 0 };
    counts[key] += 1;
    byLayer.set(layer, counts);
  };
  for (const { name, settings, expected } of workspaces) {
    const workspace = await readWorkspace({ root: join(folder, name), ...settings });
    const { pairs, rest } = paired(validate(workspace, rules).findings, expected);
    for (const { wanted, finding } of pairs) {
      count(wanted.rule, 'expected');
      if (!finding) missing.push(`${name}: ${placeOf(wanted)}`);
      else {
        count(wanted.rule, 'found');
        if (placeOf(finding) === placeOf(wanted)) count(wanted.rule, 'exact');
        else moved.push(`${name}: ${placeOf(wanted)} is told at ${finding.line}:${finding.column}`);
      }
    }
    for (const finding of rest) {
      count(finding.rule, 'unexpected');
      unexpected.push(`${name}: ${placeOf(finding)}`);
    }
  }
  const sum = (key: keyof Counts): number =>
    [...byLayer.values()].reduce((all, counts) => all + counts[key], 0);
  return {
    missing,
    moved,
    unexpected,
    byLayer,
    expected: sum('expected'),
    found: sum('found'),
    exact: sum('exact'),
    files: workspaces.reduce((all, { files }) => all + Object.keys(files).length, 0),
    workspaces: workspaces.length,
  };
}

interface Pair {
  wanted: Expectation;
  finding: Finding | undefined;
}

/** Exact places first; what is left is paired by rule and file. */
function paired(findings: readonly Finding[], expected: readonly Expectation[]) {
  const rest = [...findings];
  const take = (isIt: (finding: Finding) => boolean): Finding | undefined => {
    const at = rest.findIndex(isIt);
    return at === -1 ? undefined : rest.splice(at, 1)[0];
  };
  const exact = expected.map((wanted): Pair => {
    const finding = take((candidate) => placeOf(candidate) === placeOf(wanted));
    return { wanted, finding };
  });
  const pairs = exact.map(({ wanted, finding }): Pair => {
    const other = finding ?? take(({ rule, file }) => rule === wanted.rule && file === wanted.file);
    return { wanted, finding: other };
  });
  return { pairs, rest };
}

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`.padStart(9);

/** The three numbers, and a table of the layers. */
export function report(measured: Measured): string {
  const { expected, found, exact, unexpected, byLayer, files, workspaces } = measured;
  const lines = [...byLayer]
    .sort(([a], [b]) => a.localeCompare(b, 'en'))
    .map(([layer, counts]) => line(layer, counts));
  return [
    `corpus: ${workspaces} workspaces, ${files} files, ${expected} places`,
    `${'layer'.padEnd(14)}${'expected'.padStart(9)}${'recall'.padStart(10)}${'precision'.padStart(10)}${'exact'.padStart(10)}`,
    ...lines,
    line('all', { expected, found, exact, unexpected: unexpected.length }),
  ].join('\n');
}

const line = (name: string, { expected, found, exact, unexpected }: Counts): string =>
  `${name.padEnd(14)}${`${expected}`.padStart(9)} ${percent(shareOf(found, expected))} ${percent(shareOf(found, found + unexpected))} ${percent(shareOf(exact, found))}`;
