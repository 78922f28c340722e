import { afterEach, expect, test } from '@jest/globals';
import type { NetworkEffect } from '../../../../src/targets/fault.ts';
import { faultsOf, inject, read, storedFault } from '../../../support/fault-sandbox.ts';
import { LocalSandbox, until } from '../../../support/local-sandbox.ts';

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

const onBlue = (effect: NetworkEffect) =>
  ({ kind: 'network', component: 'app', color: 'blue', instances: 'all', effect }) as const;

const refusal: NetworkEffect = { effect: 'http-error', share: 1, status: 418, body: 'no' };

test('two on one colour keep their counts when one of them ends', async () => {
  sandbox = await LocalSandbox.create();
  const live = await sandbox.live();
  await inject(live, onBlue({ effect: 'bandwidth', bytesPerSecond: 1e9, direction: 'both' }), { id: 'slow' });
  await inject(
    live,
    onBlue({ effect: 'latency', delayMs: 1, jitterMs: 0, distribution: 'uniform', share: 1 }),
  );
  await sandbox.who(live.origin);
  const { passedBytes = 0 } = await read(live.target, [], 'slow');
  expect(passedBytes).toBeGreaterThan(100);
  expect((await read(live.target)).touched).toBe(1);
  await faultsOf(live.target).revert('fault');
  await sandbox.who(live.origin);
  const after = await read(live.target, [], 'slow');
  expect(after.passedBytes).toBeGreaterThan(passedBytes);
});

test('it ends with its time', async () => {
  sandbox = await LocalSandbox.create();
  const live = await sandbox.live();
  await inject(live, onBlue(refusal), { ttlMs: 1_000 });
  await until(() => storedFault(sandbox) === undefined, 'its end');
  expect(await sandbox.who(live.origin)).toMatchObject({ version: 'v1' });
});

test('it is not there after the supervisor was killed', async () => {
  sandbox = await LocalSandbox.create();
  const live = await sandbox.live();
  await inject(live, onBlue(refusal));
  await sandbox.killSupervisor();
  await live.lease.renew();
  await until(() => storedFault(sandbox) === undefined, 'the new supervisor to take note');
  expect(await sandbox.who(live.origin)).toMatchObject({ version: 'v1' });
});
