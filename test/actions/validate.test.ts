import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { validateInputs } from '../../src/actions/inputs.ts';
import { baseOfPullRequest } from '../../src/actions/perform-validate.ts';
import { systemProcesses } from '../../src/platform/processes.ts';
import { fakeFiles } from '../support/fake-files.ts';
import { fakePlatform } from '../support/fake-platform.ts';

let folder = '';
let runner = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cutover-validate-step-'));
  runner = await mkdtemp(join(tmpdir(), 'cutover-runner-'));
  for (const name of ['output', 'state', 'summary']) await writeFile(join(runner, name), '');
});
afterEach(async () => {
  for (const one of [folder, runner]) await rm(one, { recursive: true, force: true });
});

/** Runs the action's entry from its source as a runner would. */
function step(env: Record<string, string> = {}) {
  const file = fileURLToPath(new URL('../../src/actions/validate.ts', import.meta.url));
  return systemProcesses.run([process.execPath, '--disable-warning=ExperimentalWarning', file], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'] ?? '',
      GITHUB_REPOSITORY: 'acme/trading',
      GITHUB_RUN_ID: '7',
      GITHUB_OUTPUT: join(runner, 'output'),
      GITHUB_STATE: join(runner, 'state'),
      GITHUB_STEP_SUMMARY: join(runner, 'summary'),
      ...env,
    },
  });
}

async function outputs(): Promise<Record<string, string>> {
  const text = await readFile(join(runner, 'output'), 'utf8');
  const found = text.matchAll(/^(.+?)<<(ghadelimiter_\S+)\n([\s\S]*?)\n\2$/gm);
  return Object.fromEntries([...found].map(([, name = '', , value = '']) => [name, value]));
}

const container = '    - name: a\n      image: a:latest\n      securityContext:\n        privileged: true\n';
const pod = `apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  namespace: trading\nspec:\n  containers:\n${container.repeat(15)}`;

describe('the step', () => {
  test('annotates, sums up, writes SARIF and fails', async () => {
    await mkdir(join(folder, 'k8s'));
    await writeFile(join(folder, 'k8s/pod.yml'), pod);
    const { code, stdout } = await step({ 'INPUT_JUNIT-FILE': 'out/junit.xml' });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^::group::validate$/m);
    expect(stdout).toMatch(
      /^::error file=k8s\/pod\.yml,line=\d+,col=\d+,title=privileged|^::error title=privileged,file=k8s\/pod\.yml/m,
    );
    for (const level of ['error', 'warning', 'notice']) {
      expect(stdout.match(new RegExp(`^::${level} `, 'gm'))?.length ?? 0).toBeLessThanOrEqual(10);
    }
    expect(stdout).toMatch(/^::error::validate: \d+ errors/m);
    const found = await outputs();
    expect(found).toMatchObject({ verdict: 'failed', sarif: '.cutover/validate/findings.sarif' });
    expect(Number(found['errors'])).toBeGreaterThan(15);
    const sarif = JSON.parse(await readFile(join(folder, found['sarif'] ?? ''), 'utf8'));
    expect(sarif.runs[0].results.length).toBe(
      ['error', 'warning', 'note'].reduce(
        (sum, level) =>
          sum + sarif.runs[0].results.filter((one: { level: string }) => one.level === level).length,
        0,
      ),
    );
    expect(await readFile(join(folder, 'out/junit.xml'), 'utf8')).toContain('<testsuites');
    expect(await readFile(join(runner, 'summary'), 'utf8')).toMatch(/^## ✗ Validate: \d+ errors/);
  });

  test('annotates the lines of the pull request first', async () => {
    const git = (...argv: string[]) =>
      systemProcesses.run(['git', '-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b.c', ...argv]);
    await git('init', '-q');
    await writeFile(join(folder, 'pod.yml'), pod);
    await git('add', '.');
    await git('commit', '-qm', 'a');
    const sha = (await git('rev-parse', 'HEAD')).stdout.trim();
    const last = pod.lastIndexOf('privileged: true');
    await writeFile(join(folder, 'pod.yml'), `${pod.slice(0, last)}privileged:  true\n`);
    await git('commit', '-qam', 'b');
    await writeFile(join(runner, 'event.json'), JSON.stringify({ pull_request: { base: { sha } } }));
    const { stdout } = await step({ GITHUB_EVENT_PATH: join(runner, 'event.json') });
    const [first] = stdout.split('\n').filter((line) => line.startsWith('::error '));
    expect(first).toContain(`line=${pod.trimEnd().split('\n').length}`);
    expect(await readFile(join(runner, 'summary'), 'utf8')).toContain('(changed here)');
  });

  test('nothing to check is inconclusive, which fails the step with another code', async () => {
    const { code, stdout } = await step({ INPUT_SUMMARY: 'false' });
    expect(code).toBe(3);
    expect(stdout).toContain('::error::validate: nothing was found that could be checked');
    expect(await outputs()).toMatchObject({ verdict: 'inconclusive', errors: '0', warnings: '0' });
    expect(await readFile(join(runner, 'summary'), 'utf8')).toBe('');
  });

  test('bad inputs are told together, before anything is read', async () => {
    const { code, stdout } = await step({
      'INPUT_FAIL-ON': 'warnings',
      'INPUT_KUBERNETES-VERSION': 'newest',
    });
    expect(code).toBe(2);
    expect(stdout).toContain(
      'inputs/fail-on: "warnings" is not one of error, warning, did you mean "warning"?',
    );
    expect(stdout).toContain('inputs/kubernetes-version: "newest" is not a version such as 1.34');
  });

  test('a finding cannot act as a workflow command', async () => {
    await writeFile(
      join(folder, 'a.yml'),
      'apiVersion: v1\nkind: "::error::pwned ##[error]x"\nmetadata: { name: "::stop-commands::x" }\n',
    );
    const { stdout } = await step();
    for (const line of stdout.split('\n'))
      expect(line).not.toMatch(/^\s*::(error::pwned|stop-commands::x)|^(?!::).*##\[/);
  });
});

test.each([
  ['k8s', ['k8s']],
  ['k8s  Dockerfile', ['k8s', 'Dockerfile']],
  ['k8s\n  !k8s/dev \n\n', ['k8s', '!k8s/dev']],
  ['with blanks/a.yml\nother', ['with blanks/a.yml', 'other']],
])('paths %j', (given, paths) => expect(validateInputs.paths.read(given)).toEqual(paths));

describe('baseOfPullRequest', () => {
  const sha = 'a'.repeat(40);
  test.each<[string, string | undefined, string | undefined]>([
    ['a pull request', JSON.stringify({ pull_request: { base: { sha } } }), sha],
    ['a push', JSON.stringify({ before: sha }), undefined],
    [
      'a text that could be an option',
      JSON.stringify({ pull_request: { base: { sha: '--output=x' } } }),
      undefined,
    ],
    ['no JSON', 'x', undefined],
    ['null', 'null', undefined],
    ['no payload', undefined, undefined],
  ])('of %s', async (_, payload, expected) => {
    const files = fakeFiles(payload === undefined ? {} : { '/event.json': payload });
    const platform = fakePlatform({ files, env: { GITHUB_EVENT_PATH: '/event.json' } });
    expect(await baseOfPullRequest(platform)).toBe(expected);
    expect(await baseOfPullRequest(fakePlatform())).toBeUndefined();
  });
});
