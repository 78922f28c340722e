import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { brokenRule, validate } from '../../src/validate/engine.ts';
import { rules } from '../../src/validate/rules/index.ts';
import { type Reader, readers } from '../support/fuzz-files.ts';
import { misplaced } from '../support/validate-fixtures.ts';
import { workspaceOf } from '../support/validate-workspace.ts';

const runs = 100;

describe('whatever a file of its kind holds, no rule fails and every finding has a place', () => {
  test.each(Object.entries(readers))('%s', async (_, { path, text, beside, finds }: Reader) => {
    const found = new Set<string>();
    await fc.assert(
      fc.asyncProperty(text, async (content) => {
        const workspace = await workspaceOf({ ...beside, [path]: content });
        const { findings } = validate(workspace, rules);
        for (const { rule } of findings) found.add(rule);
        expect(findings.filter(({ rule }) => rule === brokenRule).map(({ message }) => message)).toEqual([]);
        expect(findings.flatMap((finding) => misplaced(workspace, finding) ?? [])).toEqual([]);
      }),
      { numRuns: runs },
    );
    // Files that no rule looks into would show nothing.
    expect([...found].some((rule) => finds.test(rule))).toBe(true);
  });
});
