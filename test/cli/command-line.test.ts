import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { systemProcesses } from '../../src/platform/processes.ts';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cutover-cli-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const cutover = (...argv: string[]) =>
  systemProcesses.run([process.execPath, '--disable-warning=ExperimentalWarning', main, ...argv], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '' },
  });

describe('the cutover command', () => {
  test('shows its version and help on stdout with exit code 0', async () => {
    const manifest = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(await cutover('--version')).toMatchObject({
      code: 0,
      stdout: `${manifest.version}\n`,
      stderr: '',
    });
    expect(await cutover('--help')).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(/^cutover /),
    });
  });

  test('says what is wrong with the command line first, then what to do, with exit code 2', async () => {
    const { code, stdout, stderr } = await cutover('aply');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe('there is no command "aply", did you mean "apply"?\nnext: cutover --help\n');
  });

  test('a release file with problems fails with all of them', async () => {
    await writeFile(join(folder, 'bad.yml'), 'version: 1\nname: x\ncomponent: {}\n');
    const { code, stdout } = await cutover('apply', '--file', 'bad.yml');
    expect(code).toBe(1);
    expect(stdout).toMatch(/bad\.yml:3:1 .*did you mean "components"\?/);
  });

  test('--json puts one object on stdout and the progress on stderr', async () => {
    const { code, stdout, stderr } = await cutover('plan', '--json', '--file', 'missing.yml');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: 'failed',
      mode: 'plan',
      problems: [{ message: 'there is no such file', line: 1, column: 1 }],
    });
    expect(stderr).toContain('validate');
  });

  test('--json also tells an error as an object', async () => {
    const { code, stdout, stderr } = await cutover('report', '--json', 'missing.json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: 'failed',
      error: expect.stringContaining('there is no record at'),
    });
    expect(stderr).toMatch(/^there is no record at .*\nnext: /);
  });
});
