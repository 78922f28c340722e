import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { type Files, systemFiles } from '../../src/platform/files.ts';
import { fakeFiles } from '../support/fake-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'cutover-files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const implementations: [string, Files, string][] = [
  ['systemFiles', systemFiles, folder],
  ['fakeFiles', fakeFiles(), '/somewhere'],
];

/** The fake keeps the promises of the real one, or tests that use it show nothing. */
describe.each(implementations)('%s', (_, files, root) => {
  test('what is not there is undefined or empty, also below a file', async () => {
    await files.writeDurably(join(root, 'file'), 'x');
    for (const path of [join(root, 'none'), join(root, 'file/none')]) {
      expect(await files.readText(path)).toBeUndefined();
      expect(await files.readBytes(path)).toBeUndefined();
      expect(await files.size(path)).toBeUndefined();
      expect(await files.exists(path)).toBe(false);
      expect(await files.list(path)).toEqual([]);
    }
  });

  test('writes make folders, replace, and leave nothing else behind', async () => {
    await files.writeDurably(join(root, 'a/b/c.txt'), 'one');
    await files.writeDurably(join(root, 'a/b/c.txt'), Buffer.from('é'));
    expect(await files.readText(join(root, 'a/b/c.txt'))).toBe('é');
    expect(await files.size(join(root, 'a/b/c.txt'))).toBe(2);
    expect(await files.list(join(root, 'a/b'))).toEqual(['c.txt']);
    expect(await files.list(join(root, 'a'))).toEqual(['b']);
  });

  test('lists in order, with folders, and forgets what is removed', async () => {
    await files.makeFolder(join(root, 'l/z'));
    await files.writeDurably(join(root, 'l/b'), '');
    await files.writeDurably(join(root, 'l/a'), '');
    expect(await files.list(join(root, 'l'))).toEqual(['a', 'b', 'z']);
    await files.remove(join(root, 'l'));
    await files.remove(join(root, 'l'));
    expect(await files.exists(join(root, 'l'))).toBe(false);
  });
});
