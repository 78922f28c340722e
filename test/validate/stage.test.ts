import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { systemFiles } from '../../src/platform/files.ts';
import { systemProcesses } from '../../src/platform/processes.ts';
import { writeBaseline } from '../../src/validate/baseline/baseline.ts';
import { changedSince } from '../../src/validate/changed-lines.ts';
import { runValidate, type ValidateRequest } from '../../src/validate/stage.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { fakePlatform } from '../support/fake-platform.ts';
import { fakeProcesses } from '../support/fake-processes.ts';

let root = '';

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'cutover-validate-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function write(files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

async function run(more: Partial<ValidateRequest> = {}) {
  const platform = fakePlatform({ files: { ...fakePlatform().files, ...systemFiles }, clock: fakeClock() });
  const outcome = await runValidate({ root, failOn: 'error', ...more }, platform);
  return { ...outcome, events: platform.events };
}

const release = 'version: 1\nname: trading\ncomponents:\n  gateway: { run: [node, a.js] }\n';
/** Privileged and with a tag that moves: errors that are sure to be found. */
const pod =
  'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  namespace: trading\nspec:\n  containers:\n    - name: a\n      image: a:latest\n      securityContext:\n        privileged: true\n';

const rulesOf = ({ findings }: { findings: readonly { rule: string }[] }) =>
  new Set(findings.map(({ rule }) => rule));

describe('the verdict', () => {
  test('nothing that can be checked is inconclusive, never passed', async () => {
    await write({ 'README.md': '# x\n' });
    expect(await run()).toMatchObject({
      verdict: 'inconclusive',
      findings: [],
      summary: 'nothing was found that could be checked',
    });
  });

  test('paths that match nothing are inconclusive, whatever else is fine', async () => {
    await write({ 'cutover.yml': release });
    expect((await run()).verdict).toBe('passed');
    expect((await run({ paths: ['k8z'] })).verdict).toBe('inconclusive');
  });

  test('an error fails, and stands on its line', async () => {
    await write({ 'cutover.yml': release, 'k8s/pod.yml': pod });
    const outcome = await run();
    expect(outcome.verdict).toBe('failed');
    const privileged = outcome.findings.find(({ rule }) => rule === 'privileged');
    expect(privileged).toMatchObject({ file: 'k8s/pod.yml', line: 11, severity: 'error' });
    expect(outcome.summary).toMatch(/^\d+ errors?, .* in 1 of 2 files$/);
  });

  test.each([
    ['error', 'passed'],
    ['warning', 'failed'],
  ] as const)('a warning, failing on %s: %s', async (failOn, verdict) => {
    await write({ Dockerfile: 'FROM scratch\n' });
    const outcome = await run({ failOn });
    expect(outcome.findings.map(({ severity }) => severity)).toContain('warning');
    expect(outcome.findings.map(({ severity }) => severity)).not.toContain('error');
    expect(outcome.verdict).toBe(verdict);
  });

  test('a broken release file fails', async () => {
    await write({ 'cutover.yml': 'name: 5 x\n' });
    expect(rulesOf(await run())).toContain('release-file');
  });
});

test('tells how it goes on', async () => {
  await write({ 'cutover.yml': release });
  const { events } = await run();
  expect(
    events.map((event) => (event.type === 'step' ? `${event.step} ${event.state}` : event.type)),
  ).toEqual(['read the workspace started', 'read the workspace finished', 'check started', 'check finished']);
});

describe('what it cannot begin with', () => {
  test.each<[string, Partial<ValidateRequest>, string]>([
    [
      'an environment that is not there',
      { environment: 'locl' },
      'there is no environment "locl", did you mean "local"?',
    ],
    ['a baseline that is not there', { baseline: 'b.json' }, 'there is no baseline b.json'],
    ['paths outside', { paths: ['../x'] }, '../x is outside of the workspace'],
    ['a folder that is not there', { root: '/nowhere/at/all' }, 'there is no folder /nowhere/at/all'],
  ])('%s', async (_, more, message) => {
    await write({ 'cutover.yml': release });
    await expect(run(more)).rejects.toThrow(
      expect.objectContaining({ name: 'UserError', message: expect.stringContaining(message) }),
    );
  });
});

describe('validate: of cutover.yml', () => {
  const withPlan = (plan: string) => `${release}validate:\n${plan}`;

  test('ignores by rule and path, with a reason', async () => {
    const plan = '  ignore:\n    - { rule: privileged, path: k8s, reason: the node agent needs it }\n';
    await write({ 'cutover.yml': withPlan(plan), 'k8s/pod.yml': pod, 'other/pod.yml': pod });
    const { findings, ignored } = await run();
    expect(findings.filter(({ rule }) => rule === 'privileged').map(({ file }) => file)).toEqual([
      'other/pod.yml',
    ]);
    expect(ignored).toMatchObject([
      { rule: 'privileged', file: 'k8s/pod.yml', by: 'config', reason: 'the node agent needs it' },
    ]);
  });

  test('tells of ignores that ignore nothing, name no rule or have run out, on their lines', async () => {
    const plan = `  severity: { priviledged: warning }
  ignore:
    - { rule: replicas, reason: x }
    - { rule: nothing-such, reason: x }
    - { rule: privileged, reason: x, until: 1970-01-01 }
`;
    await write({ 'cutover.yml': withPlan(plan), 'k8s/pod.yml': pod });
    const { findings } = await run();
    const own = findings.filter(({ file }) => file === 'cutover.yml');
    expect(own.map(({ rule, line }) => [rule, line])).toEqual([
      ['ignore-unknown-rule', 6],
      ['ignore-unused', 8],
      ['ignore-unknown-rule', 9],
      ['ignore-expired', 10],
    ]);
    expect(rulesOf({ findings })).toContain('privileged');
  });

  test('changes severities and the version of the cluster', async () => {
    const plan = '  severity: { privileged: notice }\n  kubernetes-version: "1.30"\n';
    await write({ 'cutover.yml': withPlan(plan), 'k8s/pod.yml': pod });
    const outcome = await run();
    expect(outcome.findings.find(({ rule }) => rule === 'privileged')?.severity).toBe('notice');
    expect(outcome.workspace.kubernetesVersion).toBe('1.30');
    expect((await run({ kubernetesVersion: '1.33' })).workspace.kubernetesVersion).toBe('1.33');
    const { events } = await run({ kubernetesVersion: '1.99' });
    const told = events.flatMap((event) => (event.type === 'message' ? [event.text] : []));
    expect(told).toEqual([expect.stringContaining('1.99 is newer than what is known here')]);
  });

  test.each([
    ['ignore: [{ rule: privileged }]', 'validate/ignore/0/reason: is missing'],
    ['ignore: [{ rule: privileged, reason: " " }]', 'validate/ignore/0/reason'],
    ['severity: { privileged: off }', 'validate/severity/privileged'],
    ['ignore: [{ rule: a, reason: b, path: ../x }]', 'validate/ignore/0/path'],
    ['kubernetes-version: 1.3x', 'validate/kubernetes-version'],
    ['ignores: []', 'did you mean "ignore"'],
  ])('%s is refused', async (plan, path) => {
    await write({ 'cutover.yml': withPlan(`  ${plan}\n`) });
    const { findings } = await run();
    expect(findings.map((one) => `${one.path}: ${one.message}`).join('\n')).toContain(path);
  });
});

describe('inline ignores', () => {
  test('take a finding out, whose reason is kept', async () => {
    const text = pod.replace(
      'privileged: true',
      'privileged: true # cutover-ignore privileged: the node agent needs it',
    );
    await write({ 'k8s/pod.yml': text });
    const { findings, ignored } = await run();
    expect(rulesOf({ findings })).not.toContain('privileged');
    expect(ignored).toMatchObject([{ rule: 'privileged', by: 'inline', reason: 'the node agent needs it' }]);
  });

  test('without a reason are an error and ignore nothing', async () => {
    await write({
      'k8s/pod.yml': pod.replace('privileged: true', 'privileged: true # cutover-ignore privileged'),
    });
    const rules = rulesOf(await run());
    expect(rules).toContain('privileged');
    expect(rules).toContain('ignore-without-reason');
  });
});

describe('the baseline', () => {
  test('takes out what was there before, also when lines have moved, and tells what has gone', async () => {
    await write({ 'cutover.yml': `${release}validate: { baseline: b.json }\n`, 'k8s/pod.yml': pod });
    const before = await run({ baseline: null });
    expect(before.verdict).toBe('failed');
    await write({ 'b.json': writeBaseline(before.findings) });
    await write({ 'k8s/pod.yml': `# moved\n\n${pod}` });
    const moved = await run();
    expect(moved).toMatchObject({ verdict: 'passed', findings: [] });
    expect(moved.ignored.every(({ by }) => by === 'baseline')).toBe(true);
    await write({ 'k8s/pod.yml': pod.replace('privileged: true', 'privileged: false') });
    const mended = await run();
    expect(mended.verdict).toBe('passed');
    expect(mended.findings.filter(({ file }) => file === 'b.json')).toMatchObject([
      { rule: 'baseline-stale', severity: 'notice', message: 'privileged is no longer found in k8s/pod.yml' },
    ]);
    // Files that were not looked at show nothing.
    expect((await run({ paths: ['other'] })).findings).toEqual([]);
  });
});

describe('lines of a pull request', () => {
  const git = async (...argv: string[]) => {
    const identity = ['-c', 'user.name=a', '-c', 'user.email=a@b.c', '-c', 'commit.gpgsign=false'];
    const { code, stdout, stderr } = await systemProcesses.run(['git', '-C', root, ...identity, ...argv]);
    if (code !== 0) throw new Error(stderr);
    return stdout.trim();
  };

  test('are known from git, relative to the workspace, and marked', async () => {
    await git('init', '-q');
    await write({ 'app/k8s/pod.yml': pod, 'app/ä b.yml': 'a: 1\n' });
    await git('add', '.');
    await git('commit', '-qm', 'a');
    const base = await git('rev-parse', 'HEAD');
    await write({
      'app/k8s/pod.yml': pod.replace('privileged: true', 'privileged: true # here'),
      'app/ä b.yml': 'a: 1\nb: 2\n',
    });
    await git('commit', '-qam', 'b');
    const folder = join(root, 'app');
    const changed = await changedSince(base, { root: folder, processes: systemProcesses });
    expect([...(changed ?? [])]).toEqual([
      ['k8s/pod.yml', [[11, 11]]],
      ['ä b.yml', [[2, 2]]],
    ]);
    const { findings } = await run({ root: folder, changed });
    const lines = findings.filter(({ isChanged }) => isChanged).map(({ line }) => line);
    expect(new Set(lines)).toEqual(new Set([11]));
  });

  test.each([
    ['git is missing', fakeProcesses()],
    ['the commit is unknown', fakeProcesses(() => ({ code: 128 }))],
  ])('are unknown where %s', async (_, processes) => {
    expect(await changedSince('0'.repeat(40), { root: '/w', processes })).toBeUndefined();
  });

  test('are told by the merge commit where the clone is shallow', async () => {
    const processes = fakeProcesses((argv) =>
      argv.includes('HEAD^1') ? { stdout: '+++ b/a.yml\n@@ -0,0 +1 @@\n+a\n' } : { code: 128 },
    );
    expect(await changedSince('0'.repeat(40), { root: '/w', processes })).toEqual(
      new Map([['a.yml', [[1, 1]]]]),
    );
  });
});
