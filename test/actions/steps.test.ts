import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { systemProcesses } from '../../src/platform/processes.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cutover-step-'));
  for (const name of ['output', 'state', 'summary']) await writeFile(join(folder, name), '');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs an action's entry from its source as a runner would. */
function step(entry: string, env: Record<string, string> = {}) {
  const file = fileURLToPath(new URL(`../../src/actions/${entry}.ts`, import.meta.url));
  return systemProcesses.run([process.execPath, '--disable-warning=ExperimentalWarning', file], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'] ?? '',
      GITHUB_REPOSITORY: 'acme/trading',
      GITHUB_RUN_ID: '7',
      GITHUB_OUTPUT: join(folder, 'output'),
      GITHUB_STATE: join(folder, 'state'),
      GITHUB_STEP_SUMMARY: join(folder, 'summary'),
      ...env,
    },
  });
}

/** Values in one of the runner's files, `name<<delimiter`. */
async function valuesIn(file: string): Promise<Record<string, string>> {
  const text = await readFile(join(folder, file), 'utf8');
  const found = text.matchAll(/^(.+?)<<(ghadelimiter_\S+)\n([\s\S]*?)\n\2$/gm);
  return Object.fromEntries([...found].map(([, name = '', , value = '']) => [name, value]));
}

describe('a step', () => {
  test.each(['cutover', 'release'])('%s refuses bad inputs before it does anything', async (entry) => {
    const { code, stdout } = await step(entry, { INPUT_MODE: 'aply', INPUT_BAKE: '3', INPUT_VERSION: '' });
    expect(code).toBe(2);
    expect(stdout).toContain('::error::2 inputs cannot be used');
    expect(stdout).toContain('inputs/mode: "aply" is not one of');
    expect(stdout).toContain('inputs/bake: "3" is not a duration');
    expect(await valuesIn('state')).toEqual({});
  });

  test('annotates problems of the release file and fails', async () => {
    await writeFile(join(folder, 'cutover.yml'), 'version: 1\nname: x\ncomponent: {}\n');
    const { code, stdout } = await step('cutover');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^::error file=.*cutover\.yml,line=3,col=1::.*did you mean "components"/m);
    expect(stdout).toMatch(/^::error::cutover\.yml cannot be used/m);
    expect(await valuesIn('output')).toMatchObject({ verdict: 'failed' });
    expect(await valuesIn('state')).toEqual({ phase: 'finished' });
  });

  test.each<[Record<string, string>, string]>([
    [{}, 'main never began'],
    [{ STATE_phase: 'finished' }, 'main came to its end'],
  ])('post does nothing with state %j: %s', async (state) => {
    const { code, stdout } = await step('post', state);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'nothing is left to do\n' });
  });

  test('post recovers when main was kept from ending', async () => {
    const { code, stdout } = await step('post', { STATE_phase: 'started' });
    expect(stdout).toContain('recovering');
    // There is no release file here, which shows that recover was really tried.
    expect(stdout).toContain('there is no such file');
    expect(code).toBe(1);
  });

  test('a link of an error leads to the version that runs', async () => {
    const env = { INPUT_BAKE: 'x', GITHUB_ACTION_REPOSITORY: 'acme/cutover', GITHUB_ACTION_REF: 'v9' };
    const { stdout } = await step('rollback', env);
    expect(stdout).toContain('docs: https://github.com/acme/cutover/blob/v9/docs/actions.md');
  });
});
