import { afterEach, expect, test } from '@jest/globals';
import { LocalSandbox } from '../../../support/local-sandbox.ts';

let sandbox: LocalSandbox;
afterEach(() => sandbox?.end());

test('a network fault of the standby colour is met at its address, counted, and gone when it is reverted', async () => {
  sandbox = await LocalSandbox.create();
  const { target, lease, origin } = await sandbox.live();
  await sandbox.prepare(target, lease, { color: 'green', version: 'v2' });
  const { faults } = target;
  if (!faults) throw new Error('the local target breaks nothing');
  const green = await target.endpoint('app', 'green');
  const what = {
    kind: 'network',
    component: 'app',
    color: 'green',
    instances: 'all',
    effect: { effect: 'http-error', status: 503, body: 'by a fault', share: 1 },
  } as const;
  expect(await faults.obstacle(what)).toBeUndefined();
  await faults.inject({ id: 'one', what, ttlMs: 60_000, token: lease.token });
  const statusOf = async (place: string) =>
    (await sandbox.platform.http.send({ url: `${place}/who` })).status;
  expect([await statusOf(green), await statusOf(green), await statusOf(origin)]).toEqual([503, 503, 200]);
  const reading = await faults.read({ id: 'one', instances: [], component: 'app' });
  expect(reading).toMatchObject({ touched: 2, passedBytes: undefined });
  expect(await faults.revert('one')).toBe('reverted');
  expect(await statusOf(green)).toBe(200);
  expect(await faults.active()).toEqual([]);
});
