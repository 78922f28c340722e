import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { access, chmod, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from '@jest/globals';
import { identityOf } from '../../../src/platform/daemons.ts';
import { entryUrl } from '../../../src/platform/entries.ts';
import { refuseWindows, stopLocal } from '../../../src/targets/local/index.ts';
import { findOccupant } from '../../../src/targets/local/occupancy.ts';
import { protocolVersion } from '../../../src/targets/local/protocol.ts';
import { LocalSandbox, moody, until } from '../../support/local-sandbox.ts';

let sandbox: LocalSandbox;
afterEach(() => sandbox.end());

const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

describe('a supervisor that was killed', () => {
  test('is rebuilt from disk: processes, port, route, lease and warm colours', async () => {
    sandbox = await LocalSandbox.create();
    const { target, lease, route, origin } = await sandbox.live({ instances: 2 });
    await sandbox.prepare(target, lease, { color: 'green', version: 'v2' });
    await route.switchTo('green', { expecting: 1, token: lease.token });
    const kept = await target.retire({
      ...{ component: 'app', color: 'blue', token: lease.token },
      ...{ drainMs: 1_000, quietMs: 0, keepMs: 60_000 },
    });
    await target.journal.write('cutover', { phase: 'baking' }, lease.token);
    await sandbox.remember();
    const pids = async () => {
      const found = await Promise.all([target.instances('app', 'blue'), target.instances('app', 'green')]);
      return found.flat().map(({ pid }) => pid);
    };
    const before = await pids();
    expect(new Set(before).size).toBe(3);
    await sandbox.killSupervisor();

    // What only reads starts nothing.
    const offline = await target.inspect();
    expect(offline.components['app']?.route).toEqual({ live: 'green', version: 2 });
    expect(offline.components['app']?.colors.green).toMatchObject({ status: 'degraded' });
    expect(await target.lease.read()).toMatchObject({ holder: 'test' });
    expect(await target.journal.read('cutover')).toEqual({ phase: 'baking' });
    expect(await sandbox.supervisorPid()).toBeUndefined();

    await lease.renew();
    expect(await pids()).toEqual(before);
    expect(await sandbox.who(origin)).toMatchObject({ version: 'v2', pid: before[2] });
    const blue = (await target.inspect()).components['app']?.colors.blue;
    expect(blue).toMatchObject({ status: 'retiring', keepUntil: kept.keepUntil });
    await route.switchTo('blue', { expecting: 2, token: lease.token });
    await route.verify('blue');
    expect(await sandbox.who(origin)).toMatchObject({ version: 'v1' });
  });

  test('starts again what is gone, and sees the end of what it adopted', async () => {
    sandbox = await LocalSandbox.create();
    const { target, lease, origin } = await sandbox.live({ instances: 2 });
    const [first, second] = await target.instances('app', 'blue');
    await sandbox.killSupervisor();
    process.kill(first?.pid ?? 0, 'SIGKILL');
    await until(async () => (await identityOf(first?.pid ?? 0)) === undefined);
    await lease.renew();
    const isReady = async (index: number, restarts: number) => {
      const one = (await target.instances('app', 'blue'))[index];
      return one?.status === 'ready' && one.restarts === restarts;
    };
    await until(() => isReady(0, 1), 'the one that was gone');
    expect((await target.instances('app', 'blue'))[1]?.pid).toBe(second?.pid);
    process.kill(second?.pid ?? 0, 'SIGKILL');
    await until(() => isReady(1, 1), 'the adopted one');
    await sandbox.remember();
    expect(await sandbox.who(origin)).toMatchObject({ version: 'v1' });
  });

  test('waits for its port when somebody took it, and refuses to switch until then', async () => {
    sandbox = await LocalSandbox.create();
    const { target, lease, route, origin } = await sandbox.live();
    await sandbox.prepare(target, lease, { color: 'green', version: 'v2' });
    await sandbox.remember();
    await sandbox.killSupervisor();
    const thief = createServer().listen(Number(new URL(origin).port), '127.0.0.1');
    await once(thief, 'listening');
    try {
      await lease.renew();
      const refused = route.switchTo('green', { expecting: 1, token: lease.token });
      await expect(refused).rejects.toThrow('is not open; the route was not changed');
      await expect(route.verify('blue', { timeoutMs: 50 })).rejects.toThrow('is not open');
      expect(await sandbox.supervisorLog()).toContain('is taken');
    } finally {
      thief.close();
    }
    await route.verify('blue');
    expect(await sandbox.who(origin)).toMatchObject({ version: 'v1' });
  });

  test('is not taken in by another process with the same id', async () => {
    sandbox = await LocalSandbox.create();
    const { target, lease } = await sandbox.live();
    await sandbox.killSupervisor();
    const state = sandbox.state();
    // This process stands for one that got the id of an instance that is gone.
    const text = JSON.stringify(state).replaceAll(
      `"pid":${(await target.instances('app', 'blue'))[0]?.pid},`,
      `"pid":${process.pid},`,
    );
    await writeFile(join(sandbox.stateFolder, 'state.json'), text);
    expect((await target.instances('app', 'blue'))[0]).toMatchObject({ status: 'exited', pid: undefined });
    await lease.renew();
    await until(async () => (await target.instances('app', 'blue'))[0]?.status === 'ready');
    expect((await target.instances('app', 'blue'))[0]?.pid).not.toBe(process.pid);
  });

  test('finds a process whose id it could not write down any more', async () => {
    sandbox = await LocalSandbox.create();
    const { target, lease } = await sandbox.live();
    const pid = (await target.instances('app', 'blue'))[0]?.pid;
    await sandbox.killSupervisor();
    const text = JSON.stringify(sandbox.state()).replaceAll(`"pid":${pid},`, '"pid":null,');
    await writeFile(join(sandbox.stateFolder, 'state.json'), text);
    await lease.renew();
    const found = (await target.instances('app', 'blue'))[0]?.pid;
    if (process.platform === 'linux') expect(found).toBe(pid);
  });
});

describe('starting', () => {
  test('several at once end with one supervisor', async () => {
    sandbox = await LocalSandbox.create();
    const targets = await Promise.all(Array.from({ length: 4 }, () => sandbox.open()));
    const results = await Promise.allSettled(
      targets.map((target, index) => target.lease.acquire({ holder: `run ${index}`, ttlMs: 60_000 })),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ name: 'LeaseHeld' });
    }
    await until(async () => (await sandbox.supervisorLog()).includes('supervises'));
    const log = await sandbox.supervisorLog();
    expect(log.match(/: supervises|Z supervises/g)).toHaveLength(1);
  });

  test('processes that start directly give way to the first', async () => {
    sandbox = await LocalSandbox.create();
    await mkdir(sandbox.stateFolder);
    const run = promisify(execFile);
    const entry = new URL(entryUrl('supervisor')).pathname;
    const outputs: string[] = [];
    const starts = Array.from({ length: 3 }, async () => {
      outputs.push((await run(process.execPath, [entry, sandbox.stateFolder])).stdout);
    });
    await until(() => outputs.length === 2, 'two that give way');
    expect(outputs.filter((text) => text.includes('already'))).toHaveLength(2);
    await until(async () => (await sandbox.supervisorPid()) !== undefined);
    await sandbox.remember();
    await stopLocal({ platform: sandbox.platform, stateFolder: sandbox.stateFolder });
    await Promise.all(starts);
    expect(outputs[2]).toContain('stopped everything');
  });

  test('one that comes late starts nothing again, and makes no folder anew', async () => {
    sandbox = await LocalSandbox.create();
    const { origin } = await sandbox.live();
    const { stateFolder, platform } = sandbox;
    await stopLocal({ platform, stateFolder });
    const start = promisify(execFile);
    const entry = new URL(entryUrl('supervisor')).pathname;
    const late = await start(process.execPath, [entry, stateFolder, '0']);
    expect(late.stdout).toContain('came late');
    await expect(sandbox.who(origin)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await rm(stateFolder, { recursive: true, maxRetries: 5 });
    await expect(start(process.execPath, [entry, stateFolder, '0'])).rejects.toMatchObject({ code: 1 });
    expect(await isThere(stateFolder)).toBe(false);
  });

  test('a state folder with a long path gets a socket elsewhere', async () => {
    sandbox = await LocalSandbox.create(join('a'.repeat(80), 'b'.repeat(80), 'state'));
    const { origin } = await sandbox.live();
    const socket = (await findOccupant(sandbox.platform.files, sandbox.stateFolder))?.socket ?? '';
    expect(Buffer.byteLength(socket)).toBeLessThan(104);
    expect((await stat(socket)).mode & 0o777).toBe(0o600);
    expect((await stat(join(socket, '..'))).mode & 0o777).toBe(0o700);
    expect(await sandbox.who(origin)).toMatchObject({ version: 'v1' });
    await stopLocal({ platform: sandbox.platform, stateFolder: sandbox.stateFolder });
    expect(await isThere(socket)).toBe(false);
  });

  test.each([
    { what: 'an empty file', text: '', says: 'it is empty' },
    { what: 'half a file', text: '{"schema":"cutover/loc', says: 'it is not JSON' },
    {
      what: 'no components',
      text: '{"schema":"cutover/local-state/v1","lease":{"token":1,"held":null}}',
      says: 'components',
    },
    { what: 'a later version', text: '{"schema":"cutover/local-state/v9"}', says: 'this version reads' },
  ])('a damaged state ($what) is told, not replaced', async ({ text, says }) => {
    sandbox = await LocalSandbox.create();
    await mkdir(sandbox.stateFolder);
    const path = join(sandbox.stateFolder, 'state.json');
    await writeFile(path, text);
    const target = await sandbox.open();
    for (const ask of [() => target.inspect(), () => target.lease.acquire({ holder: 'x', ttlMs: 1_000 })]) {
      const asked = ask();
      await expect(asked).rejects.toMatchObject({ name: 'UserError' });
      await expect(asked).rejects.toThrow(says);
    }
    expect(await readFile(path, 'utf8')).toBe(text);
    expect(await sandbox.supervisorPid()).toBeUndefined();
  });

  test('asking for the state starts nothing and writes nothing', async () => {
    sandbox = await LocalSandbox.create();
    const target = await sandbox.open({ app: moody('good', { port: 8123 }) });
    expect(await target.inspect()).toEqual({ components: {} });
    expect(await target.lease.read()).toBeUndefined();
    expect(await target.journal.read('cutover')).toBeUndefined();
    expect(await target.route('app').read()).toEqual({ live: undefined, version: 0 });
    expect(await target.endpoint('app', 'live')).toBe('http://127.0.0.1:8123');
    expect(await isThere(sandbox.stateFolder)).toBe(false);
  });

  test('is refused on Windows', () => {
    expect(() => refuseWindows('win32')).toThrow('needs Linux or macOS');
    refuseWindows('linux');
    refuseWindows('darwin');
  });
});

describe('a running supervisor', () => {
  test('keeps its files to the user and leaves no temporaries', async () => {
    sandbox = await LocalSandbox.create();
    await mkdir(sandbox.stateFolder, { mode: 0o755 });
    await chmod(sandbox.stateFolder, 0o755);
    await writeFile(join(sandbox.stateFolder, '.999999999-1.tmp'), 'left by a dead writer');
    const { lease, target } = await sandbox.live();
    await target.journal.write('cutover', { a: 1 }, lease.token);
    const { socket = '' } = (await findOccupant(sandbox.platform.files, sandbox.stateFolder)) ?? {};
    const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
    expect(await mode(sandbox.stateFolder)).toBe('700');
    for (const file of ['state.json', 'journal/cutover.json', 'logs/app/blue-1.log', 'supervisor.log']) {
      expect(`${file} ${await mode(join(sandbox.stateFolder, file))}`).toBe(`${file} 600`);
    }
    expect(await mode(socket)).toBe('600');
    expect(await sandbox.temporaries()).toEqual([]);
  });

  test('stops everything when it is told to, and starts it again later', async () => {
    sandbox = await LocalSandbox.create();
    const { target, lease, origin } = await sandbox.live();
    const supervisor = await sandbox.supervisorPid();
    const { pid } = await sandbox.who(origin);
    await stopLocal({ platform: sandbox.platform, stateFolder: sandbox.stateFolder });
    expect(await identityOf(pid)).toBeUndefined();
    expect(await identityOf(supervisor ?? 0)).toBeUndefined();
    await expect(sandbox.who(origin)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect((await target.inspect()).components['app']?.colors.blue).toMatchObject({
      status: 'absent',
      instances: [{ status: 'exited' }],
    });
    await lease.renew();
    await until(async () => (await target.instances('app', 'blue'))[0]?.status === 'ready');
    expect(await target.endpoint('app', 'live')).toBe(origin);
    expect(await sandbox.who(origin)).toMatchObject({ version: 'v1' });
  });

  test('what a killed one left is stopped, too', async () => {
    sandbox = await LocalSandbox.create();
    const { origin } = await sandbox.live();
    const { pid } = await sandbox.who(origin);
    await sandbox.killSupervisor();
    expect(await identityOf(pid)).toBeDefined();
    await stopLocal({ platform: sandbox.platform, stateFolder: sandbox.stateFolder });
    expect(await identityOf(pid)).toBeUndefined();
    expect(await sandbox.supervisorPid()).toBeUndefined();
  });

  test('ends with all its processes when its folder is gone', async () => {
    sandbox = await LocalSandbox.create();
    const { target, origin } = await sandbox.live();
    const supervisor = (await sandbox.supervisorPid()) ?? 0;
    const { pid } = await sandbox.who(origin);
    await target.close();
    await rm(sandbox.stateFolder, { recursive: true, maxRetries: 5 });
    await until(async () => (await identityOf(supervisor)) === undefined, 'its end');
    expect(await identityOf(pid)).toBeUndefined();
    expect(await isThere(sandbox.stateFolder)).toBe(false);
  });

  test('hands over to the next one without ending a process', async () => {
    sandbox = await LocalSandbox.create();
    const { lease, origin } = await sandbox.live();
    const before = await sandbox.supervisorPid();
    const { pid } = await sandbox.who(origin);
    process.kill(before ?? 0, 'SIGUSR2');
    await until(async () => (await sandbox.supervisorPid()) === undefined);
    await lease.renew();
    expect(await sandbox.supervisorPid()).not.toBe(before);
    expect(await sandbox.who(origin)).toMatchObject({ pid });
  });

  test('closes connections that do not speak its language, and goes on', async () => {
    sandbox = await LocalSandbox.create();
    const { target, origin } = await sandbox.live();
    const { socket: path = '' } = (await findOccupant(sandbox.platform.files, sandbox.stateFolder)) ?? {};
    const send = async (text: string) => {
      const socket = connect(path);
      let answer = '';
      socket.on('data', (chunk) => {
        answer += chunk;
        if (answer.endsWith('\n')) socket.destroy();
      });
      socket.on('error', () => {});
      socket.write(text);
      await new Promise((resolve) => socket.once('close', resolve));
      return answer;
    };
    expect(await send('GET / HTTP/1.1\r\n\r\n')).toBe('');
    expect(await send('{"v":1,"id":"one","method":"inspect"}\n')).toBe('');
    expect(await send(`{"v":1,"id":1,"method":"${'x'.repeat(9 * 1024 * 1024)}`)).toBe('');
    const unknown = `{"v":${protocolVersion},"id":1,"method":"toString","params":{}}\n`;
    expect(await send(unknown)).toContain('has no call');
    const refused = await send('{"v":99,"id":1,"method":"inspect","params":{}}\n');
    expect(refused).toContain(`speaks protocol ${protocolVersion}`);
    expect(JSON.parse(await send('{"v":99,"id":1,"method":"hello","params":{}}\n'))).toMatchObject({
      result: { protocol: protocolVersion },
    });
    expect((await target.inspect()).components['app']?.route.live).toBe('blue');
    expect(await sandbox.who(origin)).toMatchObject({ version: 'v1' });
  });

  test('that dies while it prepares is started again, and the preparation goes on', async () => {
    sandbox = await LocalSandbox.create();
    const { target, lease } = await sandbox.live();
    const health = { ...moody().health, interval: 200, healthyAfter: 4 };
    const component = moody('good', { health });
    const prepared = sandbox.prepare(target, lease, { color: 'green', version: 'v2', component });
    prepared.catch(() => {});
    const pid = () => sandbox.state().components['app']?.colors.green?.instances[0]?.pid ?? undefined;
    await until(() => pid() !== undefined, 'its process');
    const before = pid();
    await sandbox.remember();
    await sandbox.killSupervisor();
    await prepared;
    expect((await target.instances('app', 'green'))[0]).toMatchObject({ status: 'ready', pid: before });
  });

  test('that dies under a switch leaves it to the caller to find out whether it was made', async () => {
    sandbox = await LocalSandbox.create();
    const { target, lease, route } = await sandbox.live();
    await sandbox.prepare(target, lease, { color: 'green', version: 'v2' });
    const supervisor = (await sandbox.supervisorPid()) ?? 0;
    process.kill(supervisor, 'SIGSTOP');
    const switching = route.switchTo('green', { expecting: 1, token: lease.token });
    const told = expect(switching).rejects.toThrow('the connection to the supervisor broke during `switch`');
    await delay(50);
    await sandbox.killSupervisor();
    await told;
    await lease.renew();
    expect([1, 2]).toContain((await route.read()).version);
  });
});
