import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { systemProcesses } from '../../src/platform/processes.ts';
import { files, mark, pins } from '../support/secretive-workspace.ts';

/**
 * The programs as users run them, in processes that cannot open a socket, over a release full of secrets: what they print
 * and write is searched for every one of them.
 */

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const blocked = here('../support/no-network.js');
const cli = here('../../src/cli/main.ts');
const action = here('../../src/actions/validate.ts');

let folder = '';
let runner = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cutover-secrets-'));
  runner = await mkdtemp(join(tmpdir(), 'cutover-runner-'));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  for (const name of ['output', 'state', 'summary']) await writeFile(join(runner, name), '');
});
afterAll(async () => {
  for (const one of [folder, runner]) await rm(one, { recursive: true, force: true });
});

interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
  /** Sockets that it tried to open. */
  attempts: string;
}

async function run(program: string, argv: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  const attempts = join(runner, 'attempts');
  await rm(attempts, { force: true });
  const node = ['--disable-warning=ExperimentalWarning', '--import', blocked];
  const { code, stdout, stderr } = await systemProcesses.run([process.execPath, ...node, program, ...argv], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', NETWORK_ATTEMPTS: attempts, ...env },
  });
  return { code, stdout, stderr, attempts: await readFile(attempts, 'utf8') };
}

/** Every place where a secret is shown, with what stands around it; plain, in base64 or as part of a URL. */
function shown(text: string): string[] {
  const decoded = [...text.matchAll(/[A-Za-z0-9+/]{12,}={0,2}/g)].map(([part]) =>
    Buffer.from(part, 'base64').toString('latin1'),
  );
  const anything = new RegExp([mark.source, ...pins].join('|'), 'gi');
  return [text, ...decoded].flatMap((one) =>
    [...one.matchAll(anything)].map(({ index }) => one.slice(Math.max(0, index - 90), index + 30)),
  );
}

const written = async (path: string): Promise<string> => readFile(join(folder, path), 'utf8');

/** Which rules have to have looked at the secrets, so that a scan of what was said means something. */
const awake: readonly string[] = [
  'secret-literal',
  'compose-secret-literal',
  'dockerfile-secret',
  'workflow-plain-secret',
  'config-secrets',
  'config-rule',
  'syntax-error',
  'duplicate-key',
  'unknown-field',
  'schema',
  'prometheus-promql',
  'workflow-expression-syntax',
];

describe('no value of a secret is shown, and no socket is opened', () => {
  test('cutover validate --json, with SARIF and JUnit', async () => {
    const ran = await run(cli, ['validate', '--json', '--sarif', 'out/a.sarif', '--junit', 'out/a.xml']);
    expect([ran.code, ran.stderr, ran.attempts]).toEqual([1, '', '0']);
    const { findings } = JSON.parse(ran.stdout) as { findings: { rule: string }[] };
    const found = new Set(findings.map(({ rule }) => rule));
    expect(awake.filter((rule) => !found.has(rule))).toEqual([]);
    expect(found).not.toContain('internal-error');
    for (const text of [ran.stdout, await written('out/a.sarif'), await written('out/a.xml')])
      expect(shown(text)).toEqual([]);
  });

  test('cutover validate as text, with the lines of the findings', async () => {
    const ran = await run(cli, ['validate']);
    expect([ran.code, ran.stderr, ran.attempts]).toEqual([1, '', '0']);
    // Other lines are shown.
    expect(ran.stdout).toContain('│ FROM node:latest');
    expect(shown(ran.stdout)).toEqual([]);
  });

  test('cutover validate --fix --dry-run, as a patch and as JSON', async () => {
    for (const format of [[], ['--json']]) {
      const ran = await run(cli, ['validate', '--fix', '--dry-run', ...format]);
      expect([ran.stderr, ran.attempts]).toEqual(['', '0']);
      expect(ran.stdout).toMatch(/value: \\?"8000\\?"/);
      expect(ran.stdout).toContain('a change that is not shown');
      expect(shown(ran.stdout)).toEqual([]);
    }
  });

  test('cutover validate --write-baseline, and with it', async () => {
    const ran = await run(cli, ['validate', '--write-baseline', '--baseline', 'out/baseline.json']);
    expect([ran.stderr, ran.attempts]).toEqual(['', '0']);
    const baseline = await written('out/baseline.json');
    expect(JSON.parse(baseline).findings.length).toBeGreaterThan(20);
    expect(shown(ran.stdout + baseline)).toEqual([]);
    const again = await run(cli, ['validate', '--json', '--baseline', 'out/baseline.json']);
    expect(JSON.parse(again.stdout).ignored.length).toBeGreaterThan(20);
    expect(shown(again.stdout)).toEqual([]);
  });

  test('cutover explain', async () => {
    const list = await run(cli, ['explain']);
    const one = await run(cli, ['explain', 'secret-literal']);
    expect([list.attempts, one.attempts, one.code]).toEqual(['0', '0', 0]);
    expect(shown(list.stdout + one.stdout)).toEqual([]);
  });

  test('the action: log, annotations, outputs, summary and its files', async () => {
    const ran = await run(action, [], {
      GITHUB_REPOSITORY: 'acme/trading',
      GITHUB_RUN_ID: '7',
      GITHUB_OUTPUT: join(runner, 'output'),
      GITHUB_STATE: join(runner, 'state'),
      GITHUB_STEP_SUMMARY: join(runner, 'summary'),
      'INPUT_JUNIT-FILE': 'out/action.xml',
    });
    expect([ran.code, ran.attempts]).toEqual([1, '0']);
    expect(ran.stdout).toMatch(/^::error .*syntax-error/m);
    expect(shown(ran.stdout + ran.stderr)).toEqual([]);
    const rest = await Promise.all(
      ['output', 'state', 'summary'].map((name) => readFile(join(runner, name), 'utf8')),
    );
    const own = await readdir(join(folder, '.cutover/validate'));
    expect(own).toContain('findings.sarif');
    const all = [
      ...rest,
      await written('out/action.xml'),
      ...(await Promise.all(own.map((name) => written(`.cutover/validate/${name}`)))),
    ];
    for (const text of all) expect(shown(text)).toEqual([]);
  });

  test('cutover validate --fix: what it says of what it mended', async () => {
    const ran = await run(cli, ['validate', '--fix']);
    expect([ran.stderr, ran.attempts]).toEqual(['', '0']);
    expect(ran.stdout).toMatch(/^mended /m);
    expect(shown(ran.stdout)).toEqual([]);
  });
});

test('the scan notices secrets in every form', () => {
  const encoded = Buffer.from('user:Qz7xPw7').toString('base64');
  expect(
    [shown('a Qz7xPw7 b'), shown(`x ${encoded} y`), shown('88442211991')].map((found) => found.length),
  ).toEqual([1, 1, 1]);
});
