import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { identityOf } from '../../../src/platform/daemons.ts';
import type { NotReady } from '../../../src/targets/target.ts';
import { LocalSandbox, moody, until } from '../../support/local-sandbox.ts';

let sandbox: LocalSandbox;
beforeEach(async () => {
  sandbox = await LocalSandbox.create();
});
afterEach(() => sandbox.end());

const impatient = { ...moody().health, startWithin: 600 };

describe('preparing a colour', () => {
  test.each([
    {
      mood: 'crash-at-start',
      finding: 'crashed',
      says: 'app/green-1 exited with code 3',
      output: 'it is torn',
    },
    { mood: 'never-ready', finding: 'unhealthy', says: '/health answers 503', output: '' },
    { mood: 'deaf', finding: 'timeout', says: 'connection refused', output: '' },
    {
      mood: 'wrong-version',
      finding: 'wrong-version',
      says: 'reports version "other", expected "v2"',
      output: '',
    },
  ])('tells $mood apart as $finding', async ({ mood, finding, says, output }) => {
    const { target, lease, origin } = await sandbox.live();
    const component = moody(mood, mood === 'never-ready' || mood === 'deaf' ? { health: impatient } : {});
    const prepared = sandbox.prepare(target, lease, { color: 'green', version: 'v2', component });
    const error: NotReady = await prepared.then(
      () => Promise.reject(new Error('it became ready')),
      (thrown) => thrown,
    );
    expect(error).toMatchObject({ name: 'NotReady', finding });
    expect(error.message).toContain(says);
    expect(error.output).toContain(output);
    expect(await sandbox.who(origin)).toMatchObject({ version: 'v1' });
    // It is left as it is, for `retire` to remove.
    expect((await target.inspect()).components['app']?.colors.green.status).not.toBe('absent');
    const retired = await target.retire({
      ...{ component: 'app', color: 'green', token: lease.token },
      ...{ drainMs: 100, quietMs: 0, keepMs: 0 },
    });
    expect(retired).toMatchObject({ drained: 'quiet', residual: 0, keepUntil: undefined });
    expect((await target.inspect()).components['app']?.colors.green).toMatchObject({
      status: 'absent',
      instances: [],
    });
  });

  test('a program that is not there counts as crashed', async () => {
    const { target, lease } = await sandbox.live();
    const component = moody('good', { run: ['no-such-program'] });
    const prepared = sandbox.prepare(target, lease, { color: 'green', version: 'v2', component });
    await expect(prepared).rejects.toMatchObject({ finding: 'crashed' });
    await expect(prepared).rejects.toThrow('ENOENT');
  });

  test('keeps instances that run this release, adds and removes the others', async () => {
    const { target, lease } = await sandbox.live();
    const pids = async () => {
      const instances = await target.instances('app', 'green');
      return instances.map(({ pid }) => pid);
    };
    await sandbox.prepare(target, lease, { color: 'green', version: 'v2', instances: 2 });
    const two = await pids();
    await sandbox.prepare(target, lease, { color: 'green', version: 'v2', instances: 3 });
    const three = await pids();
    expect(three.slice(0, 2)).toEqual(two);
    expect(three).toHaveLength(3);
    await sandbox.prepare(target, lease, { color: 'green', version: 'v2', instances: 1 });
    expect(await pids()).toEqual(two.slice(0, 1));
    await sandbox.prepare(target, lease, { color: 'green', version: 'v3', instances: 1 });
    expect(await pids()).not.toEqual(two.slice(0, 1));
    for (const pid of three) expect(await identityOf(pid ?? 0)).toBeUndefined();
    expect((await target.inspect()).components['app']?.colors.green.release?.version).toBe('v3');
  });

  test('is refused for the live colour', async () => {
    const { target, lease, origin } = await sandbox.live();
    const { pid } = await sandbox.who(origin);
    const prepared = sandbox.prepare(target, lease, { color: 'blue', version: 'v2' });
    await expect(prepared).rejects.toThrow('blue is live and cannot be prepared');
    expect(await sandbox.who(origin)).toMatchObject({ pid, version: 'v1' });
  });

  test('reports progress, and stops waiting when it is cancelled', async () => {
    const { target, lease } = await sandbox.live();
    const seen: number[] = [];
    const abort = new AbortController();
    const prepared = target.prepare({
      component: moody('never-ready', { version: undefined }),
      color: 'green',
      release: sandbox.release('v2'),
      instances: 2,
      token: lease.token,
      signal: abort.signal,
      onProgress: (_ready, total, text) => {
        seen.push(total);
        if (text.includes('503')) abort.abort(new Error('enough'));
      },
    });
    await expect(prepared).rejects.toThrow('enough');
    expect(new Set(seen)).toEqual(new Set([2]));
    expect((await target.inspect()).components['app']?.colors.green.instances).toHaveLength(2);
  });

  test('gives an instance its environment and nothing of the step', async () => {
    process.env['SECRET_OF_THE_STEP'] = 'hush';
    try {
      const { origin } = await sandbox.live({
        component: moody('good', { env: { MOOD: 'good', EXTRA: 'x' } }),
      });
      const environment = JSON.parse(await sandbox.get(origin, '/environment'));
      expect(environment).toMatchObject({
        HOST: '127.0.0.1',
        EXTRA: 'x',
        PATH: process.env['PATH'],
        CUTOVER_COMPONENT: 'app',
        CUTOVER_COLOR: 'blue',
        CUTOVER_INSTANCE: 'app/blue-1',
        CUTOVER_VERSION: 'v1',
        CUTOVER_DATA: join(sandbox.stateFolder, 'data/app'),
      });
      expect(environment).not.toHaveProperty('SECRET_OF_THE_STEP');
      const argv = JSON.parse(await sandbox.get(origin, '/argv'));
      expect(argv).toContain(process.execPath);
    } finally {
      delete process.env['SECRET_OF_THE_STEP'];
    }
  });

  test('names a public port that is taken, and who has it', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    try {
      const target = await sandbox.open();
      const lease = await target.lease.acquire({ holder: 'test', ttlMs: 60_000 });
      const component = moody('good', { port });
      const prepared = sandbox.prepare(target, lease, { color: 'blue', version: 'v1', component });
      await expect(prepared).rejects.toThrow(`components/app/port: port ${port} is taken`);
      if (process.platform === 'linux') await expect(prepared).rejects.toThrow(`pid ${process.pid}`);
    } finally {
      server.close();
    }
  });

  test('does not move the port of clients', async () => {
    const { target, lease } = await sandbox.live();
    const component = moody('good', { port: 1 });
    const prepared = sandbox.prepare(target, lease, { color: 'green', version: 'v2', component });
    await expect(prepared).rejects.toThrow('would cut them off');
  });
});

describe('instances', () => {
  test('are restarted when they crash, and counted', async () => {
    const { target, origin } = await sandbox.live();
    const { pid } = await sandbox.who(origin);
    await sandbox.get(origin, '/crash');
    await until(async () => (await target.instances('app', 'blue'))[0]?.restarts === 1, 'a restart');
    await until(async () => (await target.instances('app', 'blue'))[0]?.status === 'ready', 'ready again');
    expect((await sandbox.who(origin)).pid).not.toBe(pid);
  });

  test('get no requests while they are not healthy, and come back', async () => {
    const { target, origin } = await sandbox.live({ instances: 2 });
    const [first] = await target.instances('app', 'blue');
    const url = first?.url ?? '';
    const whoAnswers = async () => {
      const answers = await Promise.all(Array.from({ length: 6 }, () => sandbox.who(origin)));
      return [...new Set(answers.map(({ instance }) => instance))].sort();
    };
    expect(await whoAnswers()).toEqual(['app/blue-1', 'app/blue-2']);
    await sandbox.get(url, '/fall-ill');
    await until(async () => (await target.instances('app', 'blue'))[0]?.status === 'unhealthy', 'illness');
    expect(await whoAnswers()).toEqual(['app/blue-2']);
    expect((await target.inspect()).components['app']?.colors.blue.status).toBe('degraded');
    expect((await target.instances('app', 'blue'))[0]?.detail).toBe('/health answers 503');
    await sandbox.get(url, '/recover');
    await until(async () => (await target.instances('app', 'blue'))[0]?.status === 'ready', 'recovery');
    expect(await whoAnswers()).toEqual(['app/blue-1', 'app/blue-2']);
  });

  test('are ended with their children, also when they do not listen to SIGTERM', async () => {
    const { target, lease } = await sandbox.live();
    const component = moody('stubborn');
    await sandbox.prepare(target, lease, { color: 'green', version: 'v2', component });
    const [instance] = await target.instances('app', 'green');
    const child = Number(await sandbox.get(instance?.url ?? '', '/child'));
    expect(await identityOf(child)).toBeDefined();
    await target.retire({
      ...{ component: 'app', color: 'green', token: lease.token },
      ...{ drainMs: 0, quietMs: 0, keepMs: 0 },
    });
    expect(await identityOf(instance?.pid ?? 0)).toBeUndefined();
    expect(await identityOf(child)).toBeUndefined();
  });
});
