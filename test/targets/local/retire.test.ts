import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { identityOf } from '../../../src/platform/daemons.ts';
import type { Lease, Target } from '../../../src/targets/target.ts';
import { LocalSandbox, until } from '../../support/local-sandbox.ts';

let sandbox: LocalSandbox;
beforeEach(async () => {
  sandbox = await LocalSandbox.create();
});
afterEach(() => sandbox.end());

/** v2 is live as green, v1 is the old colour. */
async function switched() {
  const { target, lease, route, origin } = await sandbox.live();
  await sandbox.prepare(target, lease, { color: 'green', version: 'v2' });
  const thenSwitch = async <T>(task: () => Promise<T>) => {
    const result = await task();
    await route.switchTo('green', { expecting: 1, token: lease.token });
    return result;
  };
  return { target, lease, route, origin, thenSwitch };
}

const retire = (target: Target, lease: Lease, times: { drainMs: number; quietMs: number; keepMs: number }) =>
  target.retire({ component: 'app', color: 'blue', token: lease.token, ...times });

/** A WebSocket through the proxy; resolves once it is open. */
async function openSocket(origin: string) {
  const { hostname, port } = new URL(origin);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  const received: Buffer[] = [];
  socket.on('data', (chunk) => received.push(chunk));
  socket.write(
    `GET /ticks HTTP/1.1\r\nHost: ${hostname}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
  );
  await until(() => Buffer.concat(received).includes('\r\n\r\n'), 'an upgrade');
  expect(Buffer.concat(received).toString('latin1')).toContain(' 101 ');
  return { socket, bytes: () => Buffer.concat(received) };
}

describe('retiring a colour', () => {
  test('is quiet when nothing is open, and then stops it', async () => {
    const { target, lease, thenSwitch } = await switched();
    await thenSwitch(async () => {});
    const [instance] = await target.instances('app', 'blue');
    const retired = await retire(target, lease, { drainMs: 10_000, quietMs: 30, keepMs: 0 });
    expect(retired).toEqual({ drained: 'quiet', residual: 0, answeredAfterSwitch: 0, keepUntil: undefined });
    expect(await identityOf(instance?.pid ?? 0)).toBeUndefined();
    expect((await target.inspect()).components['app']?.colors.blue.status).toBe('absent');
  });

  test('waits for a request that is under way', async () => {
    const { target, lease, thenSwitch, origin, route } = await switched();
    const slow = await thenSwitch(async () => {
      const answer = sandbox.get(origin, '/slow?ms=1500');
      await until(async () => (await route.traffic()).blue.inFlight === 1, 'the request');
      return { answer };
    });
    const retired = await retire(target, lease, { drainMs: 10_000, quietMs: 20, keepMs: 0 });
    expect(await slow.answer).toBe('slow');
    expect(retired).toMatchObject({ drained: 'quiet', residual: 0, answeredAfterSwitch: 1 });
  });

  test('closes a WebSocket with 1001 at the deadline, and counts it', async () => {
    const { target, lease, thenSwitch, origin } = await switched();
    const { socket, bytes } = await thenSwitch(() => openSocket(origin));
    const closed = once(socket, 'close');
    const retired = await retire(target, lease, { drainMs: 100, quietMs: 10, keepMs: 0 });
    expect(retired).toMatchObject({ drained: 'deadline', residual: 1 });
    await until(() => bytes().includes(Buffer.from([0x03, 0xe9])), 'close code 1001');
    socket.destroy();
    await closed;
  });

  test('keeps it warm until its time is over', async () => {
    const { target, lease, thenSwitch } = await switched();
    await thenSwitch(async () => {});
    const retired = await retire(target, lease, { drainMs: 1_000, quietMs: 0, keepMs: 700 });
    expect(retired.drained).toBe('quiet');
    const state = (await target.inspect()).components['app']?.colors.blue;
    expect(state).toMatchObject({ status: 'retiring', keepUntil: retired.keepUntil });
    expect(state?.instances[0]?.status).toBe('ready');
    // Once more changes nothing.
    const again = await retire(target, lease, { drainMs: 1_000, quietMs: 0, keepMs: 60_000 });
    expect(again.keepUntil).toBe(retired.keepUntil);
    await until(async () => (await target.inspect()).components['app']?.colors.blue.status === 'absent');
    expect(await identityOf(state?.instances[0]?.pid ?? 0)).toBeUndefined();
  });

  test('is called off by switching back, however long that was to be kept', async () => {
    const { target, lease, thenSwitch, route, origin } = await switched();
    await thenSwitch(async () => {});
    await retire(target, lease, { drainMs: 1_000, quietMs: 0, keepMs: 1_500 });
    await route.switchTo('blue', { expecting: 2, token: lease.token });
    await route.verify('blue');
    const state = (await target.inspect()).components['app']?.colors.blue;
    expect(state).toMatchObject({ status: 'ready', keepUntil: undefined });
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(await sandbox.who(origin)).toMatchObject({ version: 'v1' });
    expect(sandbox.state().components['app']?.colors.blue?.retirement).toBeNull();
  });

  test('is called off while it drains, too', async () => {
    const { target, lease, thenSwitch, route, origin } = await switched();
    const { socket } = await thenSwitch(() => openSocket(origin));
    const retiring = retire(target, lease, { drainMs: 20_000, quietMs: 0, keepMs: 0 });
    const refused = expect(retiring).rejects.toThrow('taken into use again');
    await until(() => sandbox.state().components['app']?.colors.blue?.retirement?.phase === 'draining');
    await route.switchTo('blue', { expecting: 2, token: lease.token });
    await refused;
    expect(socket.destroyed).toBe(false);
    socket.destroy();
    expect(await sandbox.who(origin)).toMatchObject({ version: 'v1' });
  });

  test('a warm colour is stopped when it is not to be kept after all', async () => {
    const { target, lease, thenSwitch } = await switched();
    await thenSwitch(async () => {});
    await retire(target, lease, { drainMs: 1_000, quietMs: 0, keepMs: 60_000 });
    const retired = await retire(target, lease, { drainMs: 1_000, quietMs: 0, keepMs: 0 });
    expect(retired.keepUntil).toBeUndefined();
    expect((await target.inspect()).components['app']?.colors.blue.status).toBe('absent');
  });

  test('is refused for the live colour, and is nothing for an absent one', async () => {
    const { target, lease } = await sandbox.live();
    const refused = retire(target, lease, { drainMs: 0, quietMs: 0, keepMs: 0 });
    await expect(refused).rejects.toThrow('blue is live and cannot be retired');
    const absent = { component: 'app', color: 'green', token: lease.token } as const;
    const retired = await target.retire({ ...absent, drainMs: 0, quietMs: 0, keepMs: 0 });
    const nothing = { drained: 'quiet', residual: 0, answeredAfterSwitch: 0, keepUntil: undefined };
    expect(retired).toEqual(nothing);
    const unknown = { ...absent, component: 'never-released', drainMs: 0, quietMs: 0, keepMs: 0 };
    expect(await target.retire(unknown)).toEqual(nothing);
  });
});
