import { expect } from '@jest/globals';
import type { ChaosOutcome } from '../../../src/chaos/request.ts';
import { runChaos } from '../../../src/chaos/run.ts';
import { chaosSection, experimentsOf } from '../../../src/chaos/schema.ts';
import { formatProblem } from '../../../src/config/problems.ts';
import { readReleaseFile } from '../../../src/config/read.ts';
import type { ExperimentRecord } from '../../../src/report/proof.ts';
import type { Lease, Target } from '../../../src/targets/target.ts';
import { startMeter } from '../../../src/traffic/meter.ts';
import { leftInData } from '../../support/fault-sandbox.ts';
import { type LocalSandbox, moody } from '../../support/local-sandbox.ts';
import { unprotected } from '../../support/protection.ts';

/** The release file of these tests: `app` is what is hit and asked, `other` what it depends on. */
const file = `
name: shop
components:
  app: { context: app, run: [node, server.js] }
  other: { context: app, run: [node, server.js] }
cutover: { traffic: { component: app, rate: 100/s, path: /who } }
`;

interface Live {
  target: Target;
  lease: Pick<Lease, 'token'>;
}

/** Runs one experiment, with its keys as they are written in cutover.yml, against the live route of real processes. */
export async function experiment(
  sandbox: LocalSandbox,
  { target, lease }: Live,
  keys: string,
  lasts = '2s',
): Promise<ExperimentRecord> {
  const read = readReleaseFile(
    `${file}chaos:\n  - { name: it, aim: live, steady: { watch: 1s }, for: ${lasts}, ${keys} }\n`,
    {
      file: 'cutover.yml',
      folder: sandbox.folder,
      env: () => undefined,
      stages: { chaos: chaosSection },
    },
  );
  if (!read.ok) throw new Error(read.problems.map(formatProblem).join('\n'));
  const outcome: ChaosOutcome = await runChaos({
    mode: 'run',
    experiments: experimentsOf(read.file),
    components: { app: moody(), other: { ...moody(), name: 'other' } },
    protect: { ...unprotected, lastReplica: 'allow' },
    // Some requests take longer than their second on a machine that does other things as well.
    slo: { errorRate: 0.2, p99: undefined, recovery: undefined },
    target,
    checks: async () => [],
    startMeter,
    platform: sandbox.platform,
    seed: 'seed',
    token: lease.token,
    holder: 'test',
    signal: new AbortController().signal,
  });
  const [record] = outcome.evidence.experiments;
  if (!record) throw new Error(outcome.evidence.reason);
  return record;
}

/** The verdict with its reason, so that a failure tells what was seen. */
export const verdictOf = ({ verdict, reason, faults }: ExperimentRecord): string =>
  `${verdict}: ${reason} | ${faults.map(({ witness }) => witness).join(', ')}`;

/** Nothing of a fault is left: in the target, in its journal, in the data folder. */
export async function expectNothingLeft(sandbox: LocalSandbox, target: Target): Promise<void> {
  expect(await target.faults?.active()).toEqual([]);
  expect(await target.journal.read('chaos')).toBeUndefined();
  expect(await leftInData(sandbox)).toEqual([]);
}
