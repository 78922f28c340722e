import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { diskRoom } from '../../../src/platform/machine.ts';
import { mib } from '../../support/fault-sandbox.ts';
import { LocalSandbox } from '../../support/local-sandbox.ts';
import { expectNothingLeft, experiment, verdictOf } from './experiment.ts';

let sandbox: LocalSandbox;
beforeEach(async () => {
  sandbox = await LocalSandbox.create();
});
afterEach(() => sandbox.end());

test.each<[string, string, RegExp]>([
  // So little can be had on a busy machine, too.
  ['cpu', 'workers: 2, load: 5%', /cores used of 0\.1 asked$/],
  ['memory', 'bytes: 64MiB', /^[67]\d(?:\.\d)? MiB held of 64 MiB asked/],
  ['memory', 'share: 2%', /MiB held of .* MiB asked/],
  ['disk-fill', 'bytes: 24MiB', /^24(?:\.\d)? MiB held of 24 MiB asked/],
])('%s (%s) is seen, and over afterwards', async (kind, keys, witness) => {
  const live = await sandbox.live();
  const record = await experiment(sandbox, live, `fault: { kind: ${kind}, ${keys} }`);
  expect(verdictOf(record)).toMatch(/^passed/);
  expect(record.faults[0]?.witness).toMatch(witness);
  await expectNothingLeft(sandbox, live.target);
});

test('disk-fill: so much that only so much is left', async () => {
  const live = await sandbox.live();
  const { freeBytes } = await diskRoom(sandbox.stateFolder);
  const leave = Math.floor((freeBytes - 40 * mib) / mib);
  const record = await experiment(sandbox, live, `fault: { kind: disk-fill, leave: ${leave}MiB }`);
  // Others write to this disk as well, so how much it came to cannot be said beforehand.
  expect(record.faults[0]?.witness).toMatch(/MiB held of .* MiB asked/);
  await expectNothingLeft(sandbox, live.target);
});

test('disk-slow: a small write took clearly longer, or the disk was too fast to tell', async () => {
  const live = await sandbox.live();
  const record = await experiment(sandbox, live, 'fault: { kind: disk-slow, workers: 4 }');
  const [fault] = record.faults;
  expect(fault?.witness).toMatch(/^a small synchronous write took .* before it /);
  expect(record.verdict).toBe(fault?.witnessed === 'passed' ? 'passed' : 'inconclusive');
  await expectNothingLeft(sandbox, live.target);
});
