import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { LocalSandbox } from '../../support/local-sandbox.ts';
import { expectNothingLeft, experiment, verdictOf } from './experiment.ts';

let sandbox: LocalSandbox;
beforeEach(async () => {
  sandbox = await LocalSandbox.create();
});
afterEach(() => sandbox.end());

test.each<[string, string, string, RegExp]>([
  [
    'bandwidth',
    'rate: 64KiB/s',
    'traffic: { path: /environment, rate: 300/s }',
    /KiB\/s passed of 64 KiB\/s asked$/,
  ],
  ['reset', 'share: 100%', '', /probes reset \(100 %\), 100 % asked$/],
  ['reset', 'share: 40%', '', /probes reset/],
  ['blackhole', 'share: 50%', '', /probes unanswered/],
  ['http-error', 'status: 504, share: 60%', '', /probes answered with 504/],
  [
    'slow-close',
    'delay: 300ms',
    'traffic: { connections: new }',
    /^connections closed .* later of 300ms asked$/,
  ],
])('%s (%s) is seen, and over afterwards', async (kind, keys, rest, witness) => {
  const live = await sandbox.live();
  const record = await experiment(
    sandbox,
    live,
    `fault: { kind: ${kind}, ${keys} }${rest === '' ? '' : `, ${rest}`}`,
  );
  expect(verdictOf(record)).toMatch(/^passed/);
  expect(record.faults[0]?.witness).toMatch(witness);
  await expectNothingLeft(sandbox, live.target);
});
