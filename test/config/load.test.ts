import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { formatProblem, loadReleaseFile } from '../../src/config/load.ts';
import { systemFiles } from '../../src/platform/files.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cutover-load-'));
  writeFileSync(join(folder, 'good.yml'), 'name: a\ncomponents: {web: {run: [node]}}\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const env = () => undefined;

async function problemsOf(path: string, files: Pick<typeof systemFiles, 'size' | 'readBytes'> = systemFiles) {
  const result = await loadReleaseFile({ path, files, env });
  return result.ok ? [] : result.problems.map(formatProblem);
}

const failing = (code: string) => ({
  size: async () => 10,
  readBytes: async () => {
    throw Object.assign(new Error(`${code}: no`), { code });
  },
});

describe('loadReleaseFile', () => {
  test('knows the folder of the file', async () => {
    const result = await loadReleaseFile({ path: join(folder, 'good.yml'), files: systemFiles, env });
    expect(result).toMatchObject({ ok: true, file: { name: 'a', folder } });
  });

  test('a missing file', async () => {
    expect(await problemsOf(join(folder, 'no.yml'))).toEqual([`${folder}/no.yml:1:1 there is no such file`]);
  });

  test('a file below a file', async () => {
    expect(await problemsOf(join(folder, 'good.yml/x.yml'))).toEqual([
      `${folder}/good.yml/x.yml:1:1 there is no such file`,
    ]);
  });

  test('a folder', async () => {
    expect(await problemsOf(folder)).toEqual([`${folder}:1:1 is a folder, not a file`]);
  });

  test('a device without end is never read', async () => {
    expect(await problemsOf('/dev/zero')).toEqual([
      '/dev/zero:1:1 the file is empty; allowed: name and components',
    ]);
  });

  test.each([
    ['EACCES', 'f.yml:1:1 may not be read'],
    ['EIO', 'f.yml:1:1 cannot be read: EIO: no'],
  ])('%s', async (code, expected) => expect(await problemsOf('f.yml', failing(code))).toEqual([expected]));

  test('a huge file is not read at all', async () => {
    const files = { ...failing('EIO'), size: async () => 50 * 1024 * 1024 };
    expect(await problemsOf('f.yml', files)).toEqual([
      'f.yml:1:1 the file is too large; allowed: at most 1,048,576 bytes',
    ]);
  });

  test('a file that grew after its size was asked for', async () => {
    const files = { size: async () => 10, readBytes: async () => Buffer.alloc(2 * 1024 * 1024) };
    expect(await problemsOf('f.yml', files)).toEqual([
      'f.yml:1:1 the file is too large; allowed: at most 1,048,576 bytes',
    ]);
  });
});
