import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { rules } from '../../src/validate/rules/index.ts';
import { committed, tableOf } from '../support/corpus/files.ts';
import { corpus, type Workspace } from '../support/corpus/generate.ts';
import { type Known, knownDifferences } from '../support/corpus/known.ts';
import { type Measured, measure, report, shareOf } from '../support/corpus/measure.ts';

/**
 * All rules together over workspaces with known defects: test/fixtures/corpus, written by `node scripts/corpus.js`. What
 * must be found, and where, is known from how the defects were put in, not from our own positions.
 */

const folder = fileURLToPath(new URL('../fixtures/corpus/', import.meta.url));

/** A rule that the corpus cannot show, and why. */
const notShown: Readonly<Record<string, string>> = {};

let workspaces: readonly Workspace[];
let measured: Measured;

beforeAll(async () => {
  workspaces = corpus();
  measured = await measure(folder, workspaces);
  console.log(report(measured));
});

describe('the corpus', () => {
  test('is what its generator writes', () => {
    const files = committed(workspaces);
    const there = readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length));
    expect(there.sort()).toEqual([...files.keys(), 'expected.json', '.gitattributes'].sort());
    const differing = [...files].filter(([path, bytes]) => !readFileSync(join(folder, path)).equals(bytes));
    expect(differing.map(([path]) => path)).toEqual([]);
    expect(readFileSync(join(folder, 'expected.json'), 'utf8')).toBe(tableOf(workspaces));
  });

  test('has at least 200 files in 40 workspaces, and some without a defect', () => {
    expect(committed(workspaces).size).toBeGreaterThanOrEqual(200);
    expect(workspaces.length).toBeGreaterThanOrEqual(40);
    expect(workspaces.filter(({ expected }) => expected.length === 0).length).toBeGreaterThanOrEqual(10);
  });

  test('shows every rule', () => {
    const shown = new Set(workspaces.flatMap(({ expected }) => expected.map(({ rule }) => rule)));
    const missing = rules.map(({ id }) => id).filter((id) => !shown.has(id));
    expect(missing).toEqual(Object.keys(notShown));
  });

  test('names only rules that there are', () => {
    const ids = new Set(rules.map(({ id }) => id));
    const named = workspaces.flatMap(({ expected }) => expected.map(({ rule }) => rule));
    expect(named.filter((id) => !ids.has(id))).toEqual([]);
  });
});

describe('the rules over the corpus', () => {
  test('find what is there, nothing else, and each on its line and column', () => {
    const told = (kind: Known['kind']) => measured[kind].filter((entry) => !isKnown(kind, entry));
    expect({ missing: told('missing'), moved: told('moved'), unexpected: told('unexpected') }).toEqual({
      missing: [],
      moved: [],
      unexpected: [],
    });
  });

  test('differ in all that is listed as known, and for a reason', () => {
    const gone = knownDifferences.filter((one) => !measured[one.kind].some((entry) => covers(one, entry)));
    expect(gone).toEqual([]);
    for (const { reason } of knownDifferences) expect(reason.length).toBeGreaterThan(40);
  });

  test('have at least 99 % of what they find on the exact place', () => {
    expect(measured.found).toBeGreaterThan(400);
    expect(shareOf(measured.exact, measured.found)).toBeGreaterThanOrEqual(0.99);
  });
});

const isKnown = (kind: Known['kind'], entry: string): boolean =>
  knownDifferences.some((one) => one.kind === kind && covers(one, entry));

/** Entries are `workspace: rule file:line:column`. */
function covers({ rule, defect }: Known, entry: string): boolean {
  const [name, found = ''] = entry.split(': ', 2);
  const workspace = workspaces.find((one) => one.name === name);
  return found.startsWith(`${rule} `) && (workspace?.defects.includes(defect) ?? false);
}
