import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { pack, prunePacks } from '../../src/build/engines/pack.ts';
import { parseIgnore } from '../../src/build/ignore.ts';
import { buildEngine, buildKinds } from '../../src/build/index.ts';
import type { RunEvent } from '../../src/platform/events.ts';
import { systemPlatform } from '../../src/platform/platform.ts';

let root: string;
let folder: string;
let stateFolder: string;
let events: RunEvent[];
const platform = systemPlatform((event) => events.push(event));

beforeEach(async () => {
  events = [];
  root = await mkdtemp(join(tmpdir(), 'cutover-pack-'));
  folder = join(root, 'app');
  stateFolder = join(root, 'state');
  await mkdir(join(folder, 'lib/empty'), { recursive: true });
  await writeFile(join(folder, 'server.js'), 'listen();\n');
  await writeFile(join(folder, 'lib/order.js'), 'order();\n');
  await writeFile(join(folder, 'start.sh'), '#!/bin/sh\n', { mode: 0o755 });
  await symlink('lib/order.js', join(folder, 'order.js'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const source = () => ({ folder, stateFolder, platform });
const digestOf = async () => (await pack.describe(source())).digest;

describe('packing', () => {
  test('copies what is there under the hash of its content, read-only', async () => {
    const artifact = await pack.build(source());
    expect(artifact.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(artifact.location).toBe(join(stateFolder, 'packs', artifact.digest.slice('sha256:'.length)));
    expect(await readFile(join(artifact.location, 'lib/order.js'), 'utf8')).toBe('order();\n');
    expect(await readlink(join(artifact.location, 'order.js'))).toBe('lib/order.js');
    expect((await readdir(artifact.location, { recursive: true })).sort()).toEqual(
      ['lib', 'lib/empty', 'lib/order.js', 'order.js', 'server.js', 'start.sh'].sort(),
    );
    const mode = async (path: string) =>
      ((await stat(join(artifact.location, path))).mode & 0o777).toString(8);
    expect([await mode('server.js'), await mode('start.sh')]).toEqual(['444', '555']);
    expect(await pack.describe(source())).toEqual(artifact);
  });

  test('describing writes nothing', async () => {
    await pack.describe(source());
    expect(await readdir(root)).toEqual(['app']);
  });

  test('the same content gives the same name, wherever and whenever it was written', async () => {
    const before = await pack.build(source());
    const { ino } = await stat(before.location);
    await utimes(join(folder, 'server.js'), 0, 0);
    expect(await pack.build(source())).toEqual(before);
    expect((await stat(before.location)).ino).toBe(ino);
    expect(await readdir(join(stateFolder, 'packs'))).toHaveLength(1);
    expect(events).toEqual([]);
  });

  test.each([
    { what: 'content', change: () => writeFile(join(folder, 'server.js'), 'listen() \n') },
    { what: 'a new file', change: () => writeFile(join(folder, 'new.js'), '') },
    { what: 'an executable bit', change: () => chmod(join(folder, 'server.js'), 0o755) },
    { what: 'an empty folder', change: () => mkdir(join(folder, 'lib/other')) },
    {
      what: 'a link',
      change: async () => {
        await rm(join(folder, 'order.js'));
        await symlink('server.js', join(folder, 'order.js'));
      },
    },
    {
      what: 'a byte from one file to the next',
      change: async () => {
        await writeFile(join(folder, 'server.js'), 'listen();');
        await writeFile(join(folder, 'start.sh'), '\n#!/bin/sh\n');
      },
    },
  ])('another name for $what', async ({ change }) => {
    const before = await digestOf();
    await change();
    expect(await digestOf()).not.toBe(before);
  });

  test.each([
    { path: '.git/config' },
    { path: 'lib/.git' },
    { path: '.cutover/state.json' },
    { path: 'inside/packs/x' },
    { path: 'node_modules/a/index.js' },
    { path: 'lib/debug.log' },
  ])('$path does not count', async ({ path }) => {
    await writeFile(join(folder, '.cutoverignore'), '# not needed\n\nnode_modules/\n*.log\n');
    const before = await pack.describe({ ...source(), stateFolder: join(folder, 'inside') });
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), 'x');
    const after = await pack.describe({ ...source(), stateFolder: join(folder, 'inside') });
    expect(after.digest).toBe(before.digest);
  });

  test.each([
    { target: '/etc/passwd', leaves: true },
    { target: '../secret', leaves: true },
    { target: 'lib/../../secret', leaves: true },
    { target: 'lib/../server.js', leaves: true },
    { target: './lib', leaves: false },
    { target: 'not-there', leaves: false },
  ])('a link to $target is refused: $leaves', async ({ target, leaves }) => {
    await symlink(target, join(folder, 'link'));
    if (leaves) await expect(pack.build(source())).rejects.toThrow('link is a link that leaves it');
    else await pack.build(source());
  });

  test('a link may climb within the folder', async () => {
    await symlink('../server.js', join(folder, 'lib/up'));
    const { location } = await pack.build(source());
    expect(await readFile(join(location, 'lib/up'), 'utf8')).toBe('listen();\n');
  });

  test('what cannot be copied is refused, all of it at once', async () => {
    const server = createServer().listen(join(folder, 'a.sock'));
    await new Promise((resolve) => server.once('listening', resolve));
    await writeFile(join(folder, 'huge'), '');
    await truncate(join(folder, 'huge'), 3 * 1024 ** 3);
    try {
      const packed = pack.build(source());
      await expect(packed).rejects.toThrow('a.sock is neither a file nor a folder');
      await expect(packed).rejects.toThrow('at the most 2048 are packed');
    } finally {
      server.close();
    }
  });

  test('a folder that is not there is told', async () => {
    await expect(pack.build({ ...source(), folder: join(root, 'none') })).rejects.toMatchObject({
      name: 'UserError',
      message: `there is no folder ${join(root, 'none')} to pack`,
    });
  });

  test('a pack that was changed is packed again, with a warning', async () => {
    const artifact = await pack.build(source());
    await writeFile(join(artifact.location, 'written-by-the-app'), 'x');
    expect(await pack.build(source())).toEqual(artifact);
    expect(await readdir(artifact.location)).not.toContain('written-by-the-app');
    expect(events).toMatchObject([{ type: 'message', level: 'warning' }]);
  });

  test('packing the same at the same time gives one pack', async () => {
    const artifacts = await Promise.all(Array.from({ length: 4 }, () => pack.build(source())));
    expect(new Set(artifacts.map(({ digest }) => digest)).size).toBe(1);
    expect(await readdir(join(stateFolder, 'packs'))).toHaveLength(1);
  });
});

describe('pruning', () => {
  /** `count` packs, the oldest first. */
  async function packs(count: number): Promise<string[]> {
    const digests: string[] = [];
    for (let index = 0; index < count; index += 1) {
      await writeFile(join(folder, 'server.js'), `${index}`);
      const { digest, location } = await pack.build(source());
      await utimes(location, 1_000 + index, 1_000 + index);
      digests.push(digest);
    }
    return digests;
  }
  const left = async () => (await readdir(join(stateFolder, 'packs'))).map((name) => `sha256:${name}`).sort();

  test('keeps the newest, those that run, and those named', async () => {
    const digests = await packs(7);
    const state = {
      schema: 'cutover/local-state/v1',
      lease: { token: 0, held: null },
      components: {
        app: {
          name: 'app',
          port: 1,
          route: { live: 'blue', version: 1 },
          colors: {
            blue: { release: {}, artifact: { digest: digests[0] }, component: {}, instances: [] },
            green: null,
          },
        },
      },
    };
    await writeFile(join(stateFolder, 'state.json'), JSON.stringify(state));
    await mkdir(join(stateFolder, 'packs/not-a-pack'));
    const removed = await prunePacks({ stateFolder, keep: [digests[2] ?? ''], platform });
    expect(removed.map((name) => `sha256:${name}`).sort()).toEqual([digests[1], digests[3]].sort());
    const kept = [0, 2, 4, 5, 6].map((index) => digests[index]);
    expect((await left()).filter((name) => !name.endsWith('not-a-pack'))).toEqual(kept.sort());
    expect(await prunePacks({ stateFolder, keep: [digests[2] ?? ''], platform })).toEqual([]);
  });

  test('removes copies that were broken off long ago, and only those', async () => {
    await packs(1);
    const broken = join(stateFolder, 'packs/.0000.tmp');
    await mkdir(broken);
    expect(await prunePacks({ stateFolder, keep: [], platform })).toEqual([]);
    await utimes(broken, 1_000, 1_000);
    expect(await prunePacks({ stateFolder, keep: [], platform })).toEqual([basename(broken)]);
  });

  test('is nothing where nothing was packed', async () => {
    expect(await prunePacks({ stateFolder, keep: [], platform })).toEqual([]);
  });
});

describe('.cutoverignore', () => {
  test.each([
    { pattern: 'node_modules', path: 'a/node_modules', kind: 'folder', out: true },
    { pattern: 'node_modules', path: 'node_modules2', kind: 'folder', out: false },
    { pattern: 'tmp/', path: 'tmp', kind: 'file', out: false },
    { pattern: 'tmp/', path: 'a/tmp', kind: 'folder', out: true },
    { pattern: '/tmp', path: 'a/tmp', kind: 'folder', out: false },
    { pattern: '/tmp', path: 'tmp', kind: 'folder', out: true },
    { pattern: 'a/*.log', path: 'a/x.log', kind: 'file', out: true },
    { pattern: 'a/*.log', path: 'a/b/x.log', kind: 'file', out: false },
    { pattern: 'a/**/x', path: 'a/b/c/x', kind: 'file', out: true },
    { pattern: 'a/**/x', path: 'a/x', kind: 'file', out: true },
    { pattern: 'v?.js', path: 'v1.js', kind: 'file', out: true },
    { pattern: 'v?.js', path: 'v10js', kind: 'file', out: false },
    { pattern: 'a+b', path: 'aab', kind: 'file', out: false },
    { pattern: '# x', path: '# x', kind: 'file', out: false },
  ] as const)('$pattern leaves out $path ($kind): $out', ({ pattern, path, kind, out }) => {
    expect(parseIgnore(`${pattern}\n`, 'x')(path, kind)).toBe(out);
  });

  test.each(['!keep', 'a[bc]', 'a\\ b', '{a,b}'])('%s is told, not misread', (pattern) => {
    expect(() => parseIgnore(`ok\n${pattern}\n`, 'app/.cutoverignore')).toThrow('app/.cutoverignore:2');
  });
});

test('every engine can be loaded', async () => {
  for (const kind of buildKinds) expect(await buildEngine(kind)).toHaveProperty('build');
});
