import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { systemFiles } from '../../src/platform/files.ts';
import type { FindingsReport } from '../../src/report/findings-model.ts';
import { renderSarif } from '../../src/report/sarif.ts';
import { catalogue } from '../../src/validate/catalogue.ts';
import { runValidate } from '../../src/validate/stage.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { fakePlatform } from '../support/fake-platform.ts';
import { officialSarif } from '../support/official-sarif.ts';

/** What the stage finds in real files, against the schema that OASIS publishes for SARIF 2.1.0. */

const rulesPage = 'https://github.com/acme/cutover/blob/main/docs/rules.md';
const check = officialSarif();

async function reportOn(folder: string): Promise<FindingsReport> {
  const root = fileURLToPath(new URL(folder, import.meta.url));
  const platform = fakePlatform({ files: { ...fakePlatform().files, ...systemFiles }, clock: fakeClock() });
  return runValidate({ root, failOn: 'error' }, platform);
}

const problemsOf = (value: unknown): readonly string[] => {
  check(value);
  return (check.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`);
};

const written = (report: FindingsReport) => JSON.parse(renderSarif(report, { rules: catalogue, rulesPage }));

describe('against the official schema', () => {
  test('findings of all layers', async () => {
    const report = await reportOn('../fixtures/corpus');
    expect(new Set(report.findings.map(({ rule }) => rule)).size).toBeGreaterThan(100);
    expect(problemsOf(written(report))).toEqual([]);
  });

  test('no finding at all', async () => {
    const report = await reportOn('../../examples/trading');
    expect(problemsOf(written({ ...report, findings: [] }))).toEqual([]);
  });

  test.each<[string, (run: Record<string, unknown>) => void]>([
    ['a property that there is not', (run) => Object.assign(run, { verdict: 'failed' })],
    [
      'a level that there is not',
      (run) => Object.assign(run, { results: [{ message: {}, level: 'fatal' }] }),
    ],
    [
      'a region without a beginning',
      (run) => {
        const physicalLocation = { artifactLocation: { uri: 'a.yml' }, region: { endLine: 3 } };
        Object.assign(run, { results: [{ message: { text: 'x' }, locations: [{ physicalLocation }] }] });
      },
    ],
    ['no tool', (run) => Object.assign(run, { tool: undefined })],
  ])('refuses %s, so that the checks above mean something', async (_, spoil) => {
    const value = written({
      verdict: 'passed',
      summary: '',
      findings: [],
      ignored: [],
      skips: [],
      files: [],
    });
    expect(problemsOf(value)).toEqual([]);
    spoil(value.runs[0]);
    expect(problemsOf(value)).not.toEqual([]);
  });
});
