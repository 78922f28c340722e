import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Fenced, RouteChanged } from '../../../src/targets/target.ts';
import { LocalSandbox } from '../../support/local-sandbox.ts';

let sandbox: LocalSandbox;
beforeEach(async () => {
  sandbox = await LocalSandbox.create();
});
afterEach(() => sandbox.end());

describe('the route', () => {
  test('goes to the first release, to the next one, and back', async () => {
    const { target, lease, route, origin } = await sandbox.live();
    expect(await sandbox.who(origin)).toMatchObject({ version: 'v1', color: 'blue', instance: 'app/blue-1' });

    await sandbox.prepare(target, lease, { color: 'green', version: 'v2', instances: 2 });
    expect(await sandbox.who(origin)).toMatchObject({ version: 'v1' });
    const switched = await route.switchTo('green', { expecting: 1, token: lease.token });
    expect(switched).toMatchObject({ live: 'green', version: 2 });
    const verified = await route.verify('green');
    expect(verified.verifiedMs).toBeGreaterThanOrEqual(0);
    const answers = await Promise.all(Array.from({ length: 8 }, () => sandbox.who(origin)));
    expect(new Set(answers.map(({ version }) => version))).toEqual(new Set(['v2']));
    expect(new Set(answers.map(({ instance }) => instance))).toEqual(new Set(['app/green-1', 'app/green-2']));

    await route.switchTo('blue', { expecting: 2, token: lease.token });
    await route.verify('blue');
    expect(await sandbox.who(origin)).toMatchObject({ version: 'v1' });
    expect(await route.read()).toEqual({ live: 'blue', version: 3 });
    const traffic = await route.traffic();
    expect(traffic.green.answered).toBeGreaterThanOrEqual(8);
    expect(traffic.green.inFlight).toBe(0);
  });

  test('refuses a switch that expects another version, and changes nothing', async () => {
    const { target, lease, route, origin } = await sandbox.live();
    await sandbox.prepare(target, lease, { color: 'green', version: 'v2' });
    for (const expecting of [0, 2]) {
      const refused = route.switchTo('green', { expecting, token: lease.token });
      await expect(refused).rejects.toBeInstanceOf(RouteChanged);
    }
    expect(await route.read()).toEqual({ live: 'blue', version: 1 });
    expect(await sandbox.who(origin)).toMatchObject({ version: 'v1' });
  });

  test('of two switches at once exactly one is made', async () => {
    const { target, lease, route } = await sandbox.live();
    await sandbox.prepare(target, lease, { color: 'green', version: 'v2' });
    const condition = { expecting: 1, token: lease.token };
    const results = await Promise.allSettled([
      route.switchTo('green', condition),
      route.switchTo('green', condition),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await route.read()).toEqual({ live: 'green', version: 2 });
  });

  test('is not switched to a colour without a ready instance', async () => {
    const { lease, route } = await sandbox.live();
    const refused = route.switchTo('green', { expecting: 1, token: lease.token });
    await expect(refused).rejects.toThrow('green has no ready instance');
    expect(await route.read()).toEqual({ live: 'blue', version: 1 });
  });

  test('switching to what is live changes nothing', async () => {
    const { lease, route } = await sandbox.live();
    const same = await route.switchTo('blue', { expecting: 1, token: lease.token });
    expect(same).toMatchObject({ live: 'blue', version: 1 });
  });

  test('refuses the token of an earlier lease everywhere', async () => {
    const { target, lease, route, origin } = await sandbox.live();
    await lease.release();
    const newer = await target.lease.acquire({ holder: 'another', ttlMs: 60_000 });
    expect(newer.token).toBeGreaterThan(lease.token);
    const { token } = lease;
    const retire = { component: 'app', color: 'green', drainMs: 0, quietMs: 0, keepMs: 0 } as const;
    for (const write of [
      () => route.switchTo('blue', { expecting: 1, token }),
      () => sandbox.prepare(target, lease, { color: 'green', version: 'v2' }),
      () => target.retire({ ...retire, token }),
      () => target.journal.write('cutover', { step: 1 }, token),
    ]) {
      await expect(write()).rejects.toBeInstanceOf(Fenced);
    }
    expect((await target.inspect()).components['app']?.colors.green.status).toBe('absent');
    expect(await target.journal.read('cutover')).toBeUndefined();
    expect(await sandbox.who(origin)).toMatchObject({ version: 'v1' });
  });

  test('verify says what is in the way, and a changed route at once', async () => {
    const { route } = await sandbox.live();
    await expect(route.verify('green')).rejects.toBeInstanceOf(RouteChanged);
    const pid = (await sandbox.who(await (await sandbox.open()).endpoint('app', 'live'))).pid;
    process.kill(pid, 'SIGSTOP');
    try {
      await expect(route.verify('blue', { timeoutMs: 50 })).rejects.toThrow('do not all go to blue');
    } finally {
      process.kill(pid, 'SIGCONT');
    }
  });
});
