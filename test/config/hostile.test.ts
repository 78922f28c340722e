import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mostProblems } from '../../src/config/problems.ts';
import { hostileFiles } from './hostile-files.ts';

/** Little memory; garbage of one file is collected before the next, as in a process of its own. */
const flags = ['--max-old-space-size=128', '--max-semi-space-size=8', '--expose-gc'];
/** The whole process, of which Node itself with type stripping takes about 90. */
const residentMiB = 256;
/** Only there so that a file that never ends does not hang the tests. */
const killAfterMs = 60_000;

interface Outcome {
  ok: boolean;
  problems: string[];
}

const names = Object.keys(hostileFiles);
const outcomes = new Map<string, Outcome>();
let peakMiB = Number.NaN;
let stderr = '';
let folder = '';

/** One process reads all files in turn; when one kills it, that file and those after it have no outcome. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cutover-hostile-'));
  const paths = names.map((name, index) => {
    const path = join(folder, `${index}.yml`);
    writeFileSync(path, hostileFiles[name]?.make() ?? '');
    return path;
  });
  const child = fileURLToPath(new URL('./read-in-child.ts', import.meta.url));
  const ran = spawnSync(process.execPath, [...flags, child, ...paths], {
    encoding: 'utf8',
    timeout: killAfterMs,
    killSignal: 'SIGKILL',
    maxBuffer: 64 * 1024 * 1024,
  });
  stderr = ran.stderr;
  for (const [index, line] of ran.stdout.trim().split('\n').entries()) {
    const { rssMiB, ...outcome }: Outcome & { rssMiB: number } = JSON.parse(line);
    outcomes.set(names[index] ?? '', outcome);
    peakMiB = Math.max(rssMiB, index === 0 ? 0 : peakMiB);
  }
}, killAfterMs * 2);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('hostile files end in a clear problem', () => {
  test.each(names)('%s', (name) => {
    const outcome = outcomes.get(name);
    if (outcome === undefined) throw new Error(`no outcome: ${stderr.slice(0, 500)}`);
    expect(outcome.ok).toBe(false);
    expect(outcome.problems.join('\n')).toMatch(hostileFiles[name]?.problem ?? /^$/);
  });

  test.each(names)('%s: few, short, printable problems', (name) => {
    const problems = outcomes.get(name)?.problems ?? [];
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.length).toBeLessThanOrEqual(mostProblems + 1);
    for (const problem of problems) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
      expect(problem).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]| at \S+:\d+:\d+/);
      expect(problem.length).toBeLessThan(3_000);
      expect(problem).toMatch(/^\S+\.yml:[1-9]\d*:[1-9]\d* \S/);
    }
  });

  test(`all of them stay below ${residentMiB} MiB`, () => {
    expect(outcomes.size).toBe(names.length);
    expect(peakMiB).toBeLessThan(residentMiB);
  });
});
