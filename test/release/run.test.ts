import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { systemPlatform } from '../../src/platform/platform.ts';
import type { ReleaseRequest } from '../../src/release/contract.ts';
import { outputsOf } from '../../src/release/outputs.ts';
import { runRelease } from '../../src/release/run.ts';
import { cleanRecord, multiComponentRecord, planRecord, unmeasuredRecord } from '../support/records.ts';

describe('a release that is held up by what it is made of', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cutover-release-'));
    const file = 'version: 1\nname: held\ncomponents:\n  app: { run: [node, server.js] }\n';
    await writeFile(join(folder, 'cutover.yml'), file);
    await writeFile(join(folder, 'Dockerfile'), 'FROM node:latest\nCMD ["node", "server.js"]\n');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const run = (request: Partial<ReleaseRequest>) =>
    runRelease(
      {
        mode: 'apply',
        configPath: join(folder, 'cutover.yml'),
        environment: undefined,
        version: 'v1',
        sha: undefined,
        stateFolder: undefined,
        reportFolder: undefined,
        checks: 'workspace',
        allowOlder: 'no',
        bakeMs: undefined,
        skip: [],
        seed: undefined,
        origin: 'a test',
        resume: 'cutover recover',
        ...request,
      },
      systemPlatform(() => {}),
      new AbortController().signal,
    );

  test('builds and switches nothing, and leaves a record with the findings at their places', async () => {
    const { verdict, record, paths, outputs } = await run({});
    expect(verdict).toBe('failed');
    expect(record?.stages.map((stage) => [stage.name, stage.verdict])).toEqual([['validate', 'failed']]);
    expect(record?.cutover).toBeUndefined();
    expect(record?.stages[0]?.findings).toContainEqual(
      expect.objectContaining({
        level: 'error',
        rule: 'dockerfile-pinned-base',
        place: { file: join(folder, 'Dockerfile'), line: 1, column: 6 },
      }),
    );
    expect(paths?.record).toMatch(/record\.json$/);
    expect(outputs).toMatchObject({ verdict: 'failed', result: '', requests: '', record: paths?.record });
  });

  test('is not looked at beyond the release file where only that is asked for', async () => {
    const { verdict, record } = await run({ mode: 'plan', checks: 'release-file' });
    expect([verdict, record?.cutover?.result]).toEqual(['passed', 'ready']);
  });

  test('problems of the release file end the run before anything else', async () => {
    await writeFile(
      join(folder, 'cutover.yml'),
      'version: 1\nname: held\ncomponents: { app: { run: node } }\n',
    );
    const { verdict, record, problems } = await run({});
    expect([verdict, record]).toEqual(['failed', undefined]);
    expect(problems).toMatchObject([{ path: 'components/app/run', line: 3 }]);
  });
});

describe('outputs', () => {
  test('of a release that went live', () => {
    const outputs = outputsOf(cleanRecord(), undefined);
    expect(outputs).toMatchObject({
      verdict: 'passed',
      result: 'cut-over',
      'live-color': 'green',
      failed: '0',
    });
    expect(Number(outputs['requests'])).toBeGreaterThan(0);
  });

  test('that were not measured are empty, never 0', () => {
    for (const record of [planRecord(), unmeasuredRecord()]) {
      expect(outputsOf(record, undefined)).toMatchObject({
        requests: '',
        failed: '',
        'p99-ms': '',
        'longest-gap-ms': '',
      });
    }
  });

  test('in which components differ are mixed', () => {
    const record = multiComponentRecord();
    const colors = new Set(Object.values(record.cutover?.live ?? {}).map(({ color }) => color));
    expect(outputsOf(record, undefined)['live-color']).toBe(colors.size > 1 ? 'mixed' : [...colors][0]);
  });
});
