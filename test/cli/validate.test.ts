import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parseCommandLine } from '../../src/cli/arguments.ts';
import { systemProcesses } from '../../src/platform/processes.ts';
import { catalogue, findRule } from '../../src/validate/catalogue.ts';
import { examples } from '../../src/validate/examples.generated.ts';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cutover-cli-validate-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const cutover = (...argv: string[]) =>
  systemProcesses.run([process.execPath, '--disable-warning=ExperimentalWarning', main, ...argv], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '' },
  });

const pod = `apiVersion: v1
kind: Pod
metadata:
  name: a
  namespace: trading
spec:
  containers:
    - name: a
      image: a:latest
      securityContext:
        privileged: true
`;

describe('cutover validate', () => {
  test('prints findings by file with their lines, and fails', async () => {
    await mkdir(join(folder, 'k8s'));
    await writeFile(join(folder, 'k8s/pod.yml'), pod);
    const { code, stdout, stderr } = await cutover('validate');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toMatch(/^k8s\/pod\.yml\n/);
    expect(stdout).toMatch(/\n +11:21 {2}error +privileged +\S.*\n +│ {9}privileged: true\n +│ {21}\^\n/);
    expect(stdout).toMatch(/\n✗ \d+ errors?, .* in 1 of 1 file\n/);
    expect(stdout).toContain('cutover explain ');
  });

  test('--json prints one object, --sarif and --junit write files', async () => {
    await writeFile(join(folder, 'pod.yml'), pod);
    const { code, stdout } = await cutover(
      'validate',
      '--json',
      '--sarif',
      'out/a.sarif',
      '--junit',
      'out/a.xml',
      'pod.yml',
    );
    expect(code).toBe(1);
    const value = JSON.parse(stdout);
    expect(value).toMatchObject({ schema: 'cutover/findings/v1', verdict: 'failed' });
    const sarif = JSON.parse(await readFile(join(folder, 'out/a.sarif'), 'utf8'));
    expect(sarif.runs[0].results).toHaveLength(value.findings.length);
    expect(await readFile(join(folder, 'out/a.xml'), 'utf8')).toContain('name="privileged"');
  });

  test.each([
    [
      'validate --fail-on warnings',
      '--fail-on: "warnings" is not one of error, warning, did you mean "warning"?',
    ],
    ['validate --kubernetes-version 2', '--kubernetes-version: "2" is not a version such as 1.34'],
    ['validate --dry-run', '--dry-run needs --fix'],
    ['validate --fix --write-baseline', '--fix and --write-baseline cannot be used together'],
  ])('%s is refused', (line, message) => {
    const expected = expect.objectContaining({
      name: 'UsageError',
      message,
      next: 'cutover validate --help',
    });
    expect(() => parseCommandLine(line.split(' '))).toThrow(expected);
  });

  test.each([
    [['validate'], 3, 'nothing was found that could be checked'],
    [
      ['validate', '--baseline', 'b.json'],
      1,
      'there is no baseline b.json\nnext: cutover validate --write-baseline --baseline b.json',
    ],
    [
      ['explain', 'image-pind'],
      2,
      'there is no rule "image-pind", did you mean "image-pinned"?\nnext: cutover explain image-pinned',
    ],
  ])('%j ends with %i', async (argv, code, text) => {
    const ran = await cutover(...argv);
    expect(ran.code).toBe(code);
    expect(ran.stdout + ran.stderr).toContain(text);
  });

  test('--write-baseline takes what is there, and then nothing is left', async () => {
    await writeFile(join(folder, 'pod.yml'), pod);
    expect((await cutover('validate', '--write-baseline')).stdout).toMatch(
      /^\d+ findings written to cutover-baseline\.json\n$/,
    );
    const again = await cutover('validate', '--baseline', 'cutover-baseline.json');
    expect(again.code).toBe(0);
    expect(again.stdout).toMatch(/^✓ no problems in 1 file\n {2}\d+ in the baseline/);
  });

  test('--fix --dry-run prints a patch and writes nothing; --fix writes it', async () => {
    const dockerfile = 'FROM scratch\nUSER 1000\nADD server.js /app/\nCMD ["/app/server.js"]\n';
    const config =
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, namespace: trading }\ndata:\n  LEVEL: 5 # five\n';
    await writeFile(join(folder, 'Dockerfile'), dockerfile);
    await writeFile(join(folder, 'a.yml'), config);
    const { stdout } = await cutover('validate', '--fix', '--dry-run');
    expect(stdout).toContain('-ADD server.js /app/\n+COPY server.js /app/\n');
    expect(stdout).toContain('-  LEVEL: 5 # five\n+  LEVEL: "5" # five\n');
    expect(await readFile(join(folder, 'Dockerfile'), 'utf8')).toBe(dockerfile);
    const fixed = await cutover('validate', '--fix');
    expect(fixed.stdout).toContain('mended Dockerfile: 1 finding\n');
    expect(await readFile(join(folder, 'Dockerfile'), 'utf8')).toBe(dockerfile.replace('ADD', 'COPY'));
    expect(await readFile(join(folder, 'a.yml'), 'utf8')).toBe(config.replace('5 #', '"5" #'));
    expect(fixed.stdout).not.toContain('put it in quotes');
  });

  test('never prints a line that could hold a secret', async () => {
    const text = pod.replace(
      'securityContext:',
      'env: [{ name: DB_PASSWORD, value: s3cr3t-Zebra-77 }]\n      securityContext:',
    );
    await writeFile(join(folder, 'pod.yml'), text);
    await writeFile(join(folder, '.env'), 'API_TOKEN=Zebra-77-token\nnot a line of Zebra-77\n');
    const all = [
      await cutover('validate'),
      await cutover('validate', '--json'),
      await cutover('validate', '--fix', '--dry-run'),
    ];
    await cutover('validate', '--sarif', 's', '--junit', 'j');
    const written = await Promise.all(['s', 'j'].map((name) => readFile(join(folder, name), 'utf8')));
    for (const out of [...all.map(({ stdout, stderr }) => stdout + stderr), ...written])
      expect(out).not.toContain('Zebra-77');
  });
});

describe('cutover explain', () => {
  test('says what, why, how and where it comes from', async () => {
    const { code, stdout } = await cutover('explain', 'privileged');
    const found = findRule('privileged');
    expect(code).toBe(0);
    for (const text of [found.rule?.title, 'Why', 'Fix', 'Example', 'docs/rules.md#privileged'])
      expect(stdout).toContain(text);
  });

  test('lists every rule', async () => {
    const { stdout } = await cutover('explain');
    for (const { id } of catalogue) expect(stdout).toMatch(new RegExp(`^ {2}${id} `, 'm'));
  });

  test('its examples are of rules that exist, and point into their lines', () => {
    const ids = new Set(catalogue.map(({ id }) => id));
    for (const [id, { from, line, lines }] of Object.entries(examples)) {
      expect(ids).toContain(id);
      expect(line).toBeGreaterThanOrEqual(from);
      expect(line).toBeLessThan(from + lines.length);
    }
    expect(Object.keys(examples).length).toBeGreaterThan(20);
  });
});

test('the command line of validate as typed values', () => {
  const argv =
    'validate k8s !k8s/dev -e production --kubernetes-version v1.33.2 --fail-on warning --fix --dry-run'.split(
      ' ',
    );
  expect(parseCommandLine(argv)).toMatchObject({
    command: 'validate',
    operands: ['k8s', '!k8s/dev'],
    options: {
      environment: 'production',
      validate: { kubernetesVersion: '1.33', failOn: 'warning', action: 'show-fixes' },
    },
  });
});
