import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { brokenRule, validate } from '../../src/validate/engine.ts';
import { rules } from '../../src/validate/rules/index.ts';
import { fixtureNames, fixtures, misplaced } from '../support/validate-fixtures.ts';
import { changed, changes } from '../support/validate-mutations.ts';
import { workspaceOf } from '../support/validate-workspace.ts';

/** One workspace a fixture of a rule, good and bad beside each other where their files have other names. */
const seeds = fixtureNames()
  .flatMap((id) => ['good', 'bad'].map((side) => join(fixtures, id, side)))
  .map((root) => filesIn(root))
  .filter((files) => files.length > 0);

function filesIn(root: string): [string, string][] {
  try {
    return readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        return [path.slice(root.length + 1), readFileSync(path, 'utf8')];
      });
  } catch {
    return [];
  }
}

describe('whatever is in the files', () => {
  test('no rule fails, and every finding has a place', async () => {
    expect(seeds.length).toBeGreaterThan(10);
    const one = fc.record({ seed: fc.nat(seeds.length - 1), changes: fc.array(changes, { maxLength: 4 }) });
    await fc.assert(
      fc.asyncProperty(one, async ({ seed, changes: all }) => {
        const files = new Map(seeds[seed]);
        const paths = [...files.keys()];
        for (const change of all) {
          const path = paths[change.file % paths.length] ?? '';
          files.set(path, changed(path, files.get(path) ?? '', change));
        }
        const workspace = await workspaceOf(Object.fromEntries(files));
        const { findings } = validate(workspace, rules);
        expect(findings.filter(({ rule }) => rule === brokenRule).map(({ message }) => message)).toEqual([]);
        expect(findings.flatMap((finding) => misplaced(workspace, finding) ?? [])).toEqual([]);
      }),
      { numRuns: 250 },
    );
  });

  test.each([
    'a.yml',
    'a.json',
    'Dockerfile',
    '.env',
    'compose.yml',
    '.github/workflows/a.yml',
    'cutover.yml',
  ])('any text as %s', async (path) => {
    const line = fc.oneof(fc.string({ maxLength: 40 }), fc.string({ unit: 'binary', maxLength: 10 }));
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 8 }), async (lines) => {
        const prefix = path === 'a.json' ? '"apiVersion"' : '';
        const workspace = await workspaceOf({ [path]: prefix + lines.join('\n') });
        const { findings } = validate(workspace, rules);
        expect(findings.filter(({ rule }) => rule === brokenRule)).toEqual([]);
        expect(findings.flatMap((finding) => misplaced(workspace, finding) ?? [])).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  test('any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (bytes) => {
        const workspace = await workspaceOf({ 'a.yml': bytes, Dockerfile: bytes, '.env': bytes });
        const { findings } = validate(workspace, rules);
        expect(findings.flatMap((finding) => misplaced(workspace, finding) ?? [])).toEqual([]);
      }),
    );
  });
});
