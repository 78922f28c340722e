import { describe, expect, test } from '@jest/globals';
import type { Proof, Proofs, Prove } from '../../src/cutover/proofs.ts';
import { Stage } from './harness.ts';

const proves = (proof: Proof, seen: string[] = []): Prove => ({
  name: 'smoke',
  run: async ({ release, colors }) => {
    seen.push(`${release.version} ${Object.values(colors).join()}`);
    return proof;
  },
});
const passed: Proof = { verdict: 'passed', reason: '3 of 3 passed' };
const failed: Proof = { verdict: 'failed', reason: 'ticks is unhealthy' };
const unknown: Proof = { verdict: 'inconclusive', reason: 'ticks cannot be reached from here' };

const proofs = (given: Partial<Proofs>): { proofs: Proofs } => ({
  proofs: { standby: [], live: [], heal: async () => {}, ...given },
});

async function released(given: Partial<Proofs>) {
  const stage = new Stage();
  await stage.run({ version: 'v1' });
  stage.world.log.length = 0;
  const outcome = await stage.run({ version: 'v2', ...proofs(given) });
  return { stage, ...outcome };
}

describe('proofs', () => {
  test('are asked about the colour that goes live, before it does and after', async () => {
    const seen: string[] = [];
    const { evidence, verdict } = await released({
      standby: [proves(passed, seen)],
      live: [proves(passed, seen)],
    });
    expect(seen).toEqual(['v2 green', 'v2 green']);
    expect({ verdict, result: evidence.result }).toEqual({ verdict: 'passed', result: 'cut-over' });
    expect(evidence.steps.map(({ step }) => step)).toEqual(
      expect.arrayContaining(['preflight', 'smoke', 'switch', 'smoke', 'bake']),
    );
    expect(evidence.gates.at(-1)).toEqual({
      name: 'smoke on the live route',
      verdict: 'passed',
      measured: '3 of 3 passed',
      limit: 'passes',
    });
  });

  test.each([
    ['failed', failed, /smoke on standby: ticks is unhealthy/],
    ['inconclusive', unknown, /smoke on standby: ticks cannot be reached/],
  ] as const)('%s on standby: it never takes traffic', async (verdict, proof, reason) => {
    const { stage, evidence, ...outcome } = await released({ standby: [proves(proof)] });
    expect({ verdict: outcome.verdict, result: evidence.result, live: stage.liveVersion() }).toEqual({
      verdict,
      result: 'unchanged',
      live: 'v1',
    });
    expect(evidence.switches).toEqual([]);
    expect(evidence.reason).toMatch(reason);
    expect(stage.world.log.at(-1)).toBe('retire gateway green');
  });

  test('the second is not asked for where the first did not pass', async () => {
    const seen: string[] = [];
    await released({ standby: [proves(failed), { ...proves(passed, seen), name: 'chaos' }] });
    expect(seen).toEqual([]);
  });

  test('failed on the live route goes back', async () => {
    const { stage, evidence, verdict } = await released({ live: [proves(failed)] });
    expect({ verdict, result: evidence.result, live: stage.liveVersion() }).toEqual({
      verdict: 'failed',
      result: 'rolled-back',
      live: 'v1',
    });
    expect(evidence.rollback?.reason).toBe('smoke on the live route: ticks is unhealthy');
  });

  test('inconclusive on the live route stays, and says so', async () => {
    const { stage, evidence, verdict } = await released({ live: [proves(unknown)] });
    expect({ verdict, result: evidence.result, live: stage.liveVersion() }).toEqual({
      verdict: 'inconclusive',
      result: 'cut-over',
      live: 'v2',
    });
    expect(evidence.reason).toBe(
      'v2 is live, but smoke on the live route: ticks cannot be reached from here',
    );
  });

  test('a breach does not wait for what is being proven', async () => {
    const stage = new Stage();
    await stage.run({ version: 'v1' });
    stage.traffic = { v2: { failing: 0.05 } };
    const never: Prove = { name: 'smoke', run: () => new Promise(() => {}) };
    const { evidence } = await stage.run({ version: 'v2', ...proofs({ live: [never] }) });
    expect(evidence.result).toBe('rolled-back');
    expect(evidence.reason).toMatch(/failed request/);
  });

  test('an instance that chaos left down keeps the release from traffic', async () => {
    const stage = new Stage();
    await stage.run({ version: 'v1' });
    const breaks: Prove = {
      name: 'chaos',
      run: async () => {
        const green = stage.world.components.get('gateway')?.colors.green;
        if (green) green.health = 'unhealthy';
        return passed;
      },
    };
    const { evidence } = await stage.run({ version: 'v2', ...proofs({ standby: [breaks] }) });
    expect({ result: evidence.result, live: stage.liveVersion() }).toEqual({
      result: 'unchanged',
      live: 'v1',
    });
  });

  test('what a dead run broke is mended before anything else', async () => {
    const stage = new Stage();
    const heal = async () => void stage.world.log.push('heal');
    await stage.run({ version: 'v1', ...proofs({ heal }) });
    expect(stage.world.log[0]).toBe('heal');
  });
});
