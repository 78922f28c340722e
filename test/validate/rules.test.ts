import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { rules } from '../../src/validate/rules/index.ts';
import {
  compared,
  expectedOf,
  fixtureNames,
  hasFixtures,
  lineOf,
  runOn,
  settingsOf,
} from '../support/validate-fixtures.ts';

/**
 * Every registered rule against its fixture: test/fixtures/rules/<id>/bad holds exactly the findings of expected.json, good
 * holds none. `npm test -- test/validate/rules.test.ts -t <id>` runs one.
 */

const folder = fileURLToPath(new URL('../../src/validate/rules/', import.meta.url));
const ruleFiles = new Set(
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => basename(file, '.ts')),
);

/** Messages are one sentence without an end: they stand in tables, annotations and lines of a log. */
const isBadlyWorded = (message: string): boolean =>
  /[.!]$|\n| {2}|^(?:The|An?|This|There|It|Not)\b|^(?:is|has|does|takes)\b/.test(message);

describe.each(rules.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  test('has a good and a bad fixture', () => {
    expect(hasFixtures(id)).toBe(true);
    expect(expectedOf(id).length).toBeGreaterThan(0);
  });

  test('finds in bad/ what expected.json says, and nothing else', async () => {
    const { findings, skips } = await runOn(rule, 'bad');
    expect(findings.filter(({ message }) => isBadlyWorded(message)).map(lineOf)).toEqual([]);
    expect(compared(findings, expectedOf(id))).toEqual({ missing: [], unexpected: [] });
    const { skips: wanted } = settingsOf(id);
    if (wanted !== undefined) expect(skips.filter((skip) => skip.rule === id)).toHaveLength(wanted);
  });

  test('finds nothing in good/', async () => {
    const { findings } = await runOn(rule, 'good');
    expect(findings.map(lineOf)).toEqual([]);
  });

  test('says what, why and how', () => {
    expect(id).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
    expect(ruleFiles).toContain(id);
    for (const text of [rule.title, rule.why, rule.fix]) {
      expect(text.trim()).toBe(text);
      expect(text.length).toBeGreaterThan(10);
    }
    expect(rule.title).not.toMatch(/\.$/);
    if (rule.source !== undefined) expect(new URL(rule.source).protocol).toBe('https:');
  });
});

describe('the rules together', () => {
  test('have ids of their own', () => {
    const ids = rules.map(({ id }) => id);
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
  });

  test('have a fixture each, and there is none of a rule that is not', () => {
    const ids = new Set(rules.map(({ id }) => id));
    expect(fixtureNames().filter((name) => !ids.has(name))).toEqual([]);
  });
});
