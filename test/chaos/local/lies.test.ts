import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { LocalSandbox } from '../../support/local-sandbox.ts';
import { expectNothingLeft, experiment, verdictOf } from './experiment.ts';

let sandbox: LocalSandbox;
beforeEach(async () => {
  sandbox = await LocalSandbox.create();
});
afterEach(() => sandbox.end());

test.each<[string, string, string, RegExp]>([
  ['clock-skew', 'offset: -90s', '', /^server time -.* of -1m30s asked, in \d+ of \d+ answers$/],
  [
    'clock-skew',
    'offset: 3s',
    'clock: { http: /time, json: now }',
    /^server time \+.* of \+3s asked, in \d+ of \d+ answers$/,
  ],
  [
    'dns',
    'names: [localhost]',
    'traffic: { path: "/look?way=promise&host=localhost" }',
    /^\d+ look-ups? answered with not-found in 1 process started for it$/,
  ],
])('%s (%s) is seen, and over afterwards', async (kind, keys, rest, witness) => {
  const live = await sandbox.live();
  const record = await experiment(
    sandbox,
    live,
    `fault: { kind: ${kind}, ${keys} }${rest === '' ? '' : `, ${rest}`}`,
    // The instance is started again at first, which takes its time on a busy machine.
    '4s',
  );
  expect(verdictOf(record)).toMatch(/^passed/);
  expect(record.faults[0]?.witness).toMatch(witness);
  await expectNothingLeft(sandbox, live.target);
  const asked = Date.now();
  const { now, offset } = JSON.parse(await sandbox.get(live.origin, '/time'));
  expect(offset).toBeUndefined();
  expect(now).toBeGreaterThanOrEqual(asked);
  expect(now).toBeLessThanOrEqual(Date.now());
});

test('dns: names that nobody asks for are no evidence', async () => {
  const live = await sandbox.live();
  const record = await experiment(sandbox, live, 'fault: { kind: dns, names: [nobody.asks] }');
  expect(verdictOf(record)).toMatch(
    /^inconclusive: dns of app was not seen to happen: 0 look-ups .*nobody asked/,
  );
  await expectNothingLeft(sandbox, live.target);
});
