import { afterEach, describe, expect, test } from '@jest/globals';
import { LocalSandbox } from '../../support/local-sandbox.ts';

let sandbox: LocalSandbox;
afterEach(() => sandbox?.end());

describe('the address of a colour', () => {
  test('leads to that colour through the proxy, before and after the switch, until it is stopped', async () => {
    sandbox = await LocalSandbox.create();
    const { target, lease, route, origin } = await sandbox.live();
    await sandbox.prepare(target, lease, { color: 'green', version: 'v2' });
    const green = await target.endpoint('app', 'green');
    const [instance] = await target.instances('app', 'green');
    expect(green).not.toBe(instance?.url);
    expect(await target.endpoint('app', 'green')).toBe(green);
    expect(await sandbox.who(green)).toMatchObject({ version: 'v2' });
    expect(await sandbox.who(origin)).toMatchObject({ version: 'v1' });
    const blue = await target.endpoint('app', 'blue');
    await route.switchTo('green', { expecting: 1, token: lease.token });
    expect(await sandbox.who(green)).toMatchObject({ version: 'v2' });
    expect(await sandbox.who(blue)).toMatchObject({ version: 'v1' });
    const retired = await target.retire({
      component: 'app',
      color: 'blue',
      token: lease.token,
      drainMs: 30_000,
      quietMs: 0,
      keepMs: 0,
    });
    expect(retired).toMatchObject({ drained: 'quiet', residual: 0, answeredAfterSwitch: 0 });
    await expect(sandbox.who(blue)).rejects.toThrow();
    await expect(target.endpoint('app', 'blue')).rejects.toThrow('nothing runs as blue');
  });

  test('is opened again by the next supervisor', async () => {
    sandbox = await LocalSandbox.create();
    const { target } = await sandbox.live();
    const before = await sandbox.who(await target.endpoint('app', 'blue'));
    await sandbox.killSupervisor();
    const after = await sandbox.who(await target.endpoint('app', 'blue'));
    expect(after).toEqual(before);
  });

  test('of what does not run starts nothing', async () => {
    sandbox = await LocalSandbox.create();
    const target = await sandbox.open();
    await expect(target.endpoint('app', 'green')).rejects.toThrow('nothing runs as green');
    expect(await sandbox.supervisorPid()).toBeUndefined();
  });
});
