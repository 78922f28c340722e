import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { systemProcesses } from '../../src/platform/processes.ts';
import { Workspace } from '../e2e/support/workspace.ts';
import { leaveFault } from '../support/left-fault.ts';
import { serveWeb, type WebServer } from '../support/web-server.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cutover-step-'));
  for (const name of ['output', 'state', 'summary']) await writeFile(join(folder, name), '');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs an action's entry from its source as a runner would. */
async function step(entry: string, env: Record<string, string> = {}, cwd = folder) {
  const file = fileURLToPath(new URL(`../../src/actions/${entry}.ts`, import.meta.url));
  const { code, stdout } = await systemProcesses.run(
    [process.execPath, '--disable-warning=ExperimentalWarning', file],
    {
      cwd,
      env: {
        PATH: process.env['PATH'] ?? '',
        GITHUB_REPOSITORY: 'acme/trading',
        GITHUB_RUN_ID: '7',
        GITHUB_OUTPUT: join(folder, 'output'),
        GITHUB_STATE: join(folder, 'state'),
        GITHUB_STEP_SUMMARY: join(folder, 'summary'),
        ...env,
      },
    },
  );
  const [outputs, state] = [await valuesIn('output'), await valuesIn('state')];
  return { code, stdout, outputs, state, summary: await readFile(join(folder, 'summary'), 'utf8') };
}

/** Values in one of the runner's files, `name<<delimiter`. */
async function valuesIn(file: string): Promise<Record<string, string>> {
  const text = await readFile(join(folder, file), 'utf8');
  const found = text.matchAll(/^(.+?)<<(ghadelimiter_\S+)\n([\s\S]*?)\n\2$/gm);
  return Object.fromEntries([...found].map(([, name = '', , value = '']) => [name, value]));
}

describe('actions/smoke with two inputs', () => {
  let server: WebServer;
  beforeAll(async () => {
    server = await serveWeb((_, response) => {
      response.statusCode = 204;
      response.end();
    });
  });
  afterAll(() => server.close());
  const smoke = (url: string, status: string) =>
    step('smoke', { INPUT_URL: url, 'INPUT_EXPECT-STATUS': status });

  test('passes where the status is right: outputs, a summary, no annotation', async () => {
    const { code, stdout, outputs, summary } = await smoke(server.origin, '204');
    expect(code).toBe(0);
    expect(stdout).not.toMatch(/^::(error|warning)/m);
    expect(outputs).toMatchObject({ verdict: 'passed', checks: '1', passed: '1', failed: '0', flaky: '0' });
    expect(JSON.parse(await readFile(String(outputs['record']), 'utf8'))).toMatchObject({
      verdict: 'passed',
    });
    expect(await readFile(String(outputs['junit']), 'utf8')).toContain('check answers');
    expect(summary).toMatch(/answers/);
  }, 30_000);

  test('fails where it is not, and says at the step what came instead', async () => {
    const { code, stdout, outputs, summary } = await smoke(server.origin, '200,201');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^::error[^\n]*204/m);
    expect(outputs).toMatchObject({ verdict: 'failed', failed: '1', inconclusive: '0' });
    expect(summary).toContain('204');
  }, 30_000);

  test('is inconclusive where nothing can be said from here, with what to do', async () => {
    const { code, stdout, outputs } = await smoke('http://nowhere.invalid/', '200');
    expect(code).toBe(3);
    expect(outputs).toMatchObject({ verdict: 'inconclusive', failed: '0', inconclusive: '1' });
    expect(stdout).toMatch(/^::(warning|error)[^\n]*nowhere\.invalid/m);
  }, 30_000);

  test.each([
    [{ INPUT_URL: 'shop.example' }, /^::error::url: "shop\.example" is not an http:\/\/ or https:\/\/ URL/m],
    [{ 'INPUT_EXPECT-STATUS': '200' }, /^::error::expect-status is of no use without url/m],
    [
      { INPUT_AIM: 'liv' },
      /^::error::inputs\/aim: "liv" is not one of live, standby, did you mean "live"\?/m,
    ],
  ])('refuses %j', async (env, message) => {
    const { code, stdout, outputs } = await step('smoke', env);
    expect([code, outputs]).toEqual([2, {}]);
    expect(stdout).toMatch(message);
  });
});

describe('actions/chaos', () => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await Workspace.create(`  bake: 500ms
  traffic: { rate: 20/s, path: / }
chaos:
  - name: slow answers
    fault: { kind: latency, delay: 300ms }
    for: 1s
    steady: { watch: 500ms }
    recovery: { stable: 2 }
  - name: twice as much
    fault: { kind: latency, delay: 300ms }
    for: 1s
    steady: { watch: 500ms }
    recovery: { stable: 2 }
    expect: { throughput: ">900/s" }`);
    await workspace.cli(['apply', '--version', 'v1', '--skip', 'chaos']);
  }, 60_000);
  afterAll(() => workspace.remove());
  const chaos = (env: Record<string, string>) =>
    step('chaos', { INPUT_AIM: 'live', ...env }, workspace.folder);

  test('runs what is named at the aim that is given: outputs, a summary, and nothing left for post', async () => {
    const { code, outputs, state, summary } = await chaos({
      INPUT_EXPERIMENTS: 'slow answers',
      INPUT_SEED: 'abc',
    });
    expect([code, outputs['verdict'], state]).toEqual([0, 'passed', { phase: 'finished' }]);
    expect(Number(outputs['p99-ms'])).toBeGreaterThanOrEqual(300);
    expect(outputs).toMatchObject({ lost: '', duplicated: '', seed: 'abc' });
    expect(JSON.parse(String(outputs['faults']))).toMatchObject([{ kind: 'latency', witnessed: 'passed' }]);
    expect(summary).toContain('slow answers');
  }, 60_000);

  test('fails where the service did not keep what was expected, and names the gate', async () => {
    const { code, stdout, outputs } = await chaos({ INPUT_EXPERIMENTS: 'twice as much' });
    expect([code, outputs['verdict']]).toEqual([1, 'failed']);
    expect(stdout).toMatch(/^::error[^\n]*throughput/m);
  }, 60_000);

  test('cannot tell where nothing stands by', async () => {
    const { code, stdout, outputs } = await chaos({
      INPUT_AIM: 'standby',
      INPUT_EXPERIMENTS: 'slow answers',
    });
    expect([code, outputs['verdict'], outputs['p99-ms'], outputs['recovery-ms']]).toEqual([
      3,
      'inconclusive',
      '',
      '',
    ]);
    expect(stdout).toMatch(/not injected/);
  }, 60_000);

  test('plans: what would be hit stands in the log, and post has nothing to look after', async () => {
    const { code, stdout, outputs, state } = await chaos({ INPUT_MODE: 'plan' });
    expect([code, outputs['verdict'], outputs['record'] ?? '', state]).toEqual([0, 'passed', '', {}]);
    expect(stdout).toMatch(/latency of all of blue of app .*100 % of blue.*permission: none/);
    expect(stdout).toContain('2 experiments can be run; nothing was changed');
  }, 60_000);

  test('refuses a name that no experiment has, and leaves nothing for post', async () => {
    const { code, stdout, state } = await chaos({ INPUT_EXPERIMENTS: 'slow' });
    expect([code, state]).toEqual([2, { phase: 'finished' }]);
    expect(stdout).toMatch(/^::error::there is no experiment "slow".*: slow answers, twice as much/m);
  }, 60_000);

  test('post ends what an interrupted main left broken', async () => {
    await leaveFault(workspace, 'blue');
    expect((await workspace.status()).faults).toHaveLength(1);
    const { code, stdout } = await step('post', { STATE_phase: 'started' }, workspace.folder);
    expect(stdout).toContain('a fault that was left is ended: network, reverted');
    expect(code).toBe(0);
    expect((await workspace.status()).faults).toEqual([]);
  }, 60_000);
});
