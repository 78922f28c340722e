import { describe, expect, test } from '@jest/globals';
import { Stage } from './harness.ts';

describe('apply', () => {
  test('the first release goes to blue and is watched after the switch', async () => {
    const stage = new Stage();
    const { verdict, evidence } = await stage.run({ version: 'v1' });
    expect({ verdict, result: evidence.result }).toEqual({ verdict: 'passed', result: 'cut-over' });
    expect(evidence.live).toEqual({ gateway: { color: 'blue', version: 'v1' } });
    expect(evidence.meter?.sent).toBeGreaterThan(100);
    expect(stage.world.journal.has('cutover')).toBe(false);
    expect(stage.world.lease).toBeUndefined();
  });

  test('the next one comes up beside it, takes over and leaves the old one warm', async () => {
    const stage = new Stage();
    await stage.run({ version: 'v1' });
    stage.world.log.length = 0;
    const { verdict, evidence } = await stage.run({ version: 'v2' });
    expect(verdict).toBe('passed');
    expect(stage.world.log).toEqual([
      'prepare gateway green v2',
      'switch gateway green',
      'retire gateway blue warm',
    ]);
    expect(evidence.switches).toMatchObject([{ from: 'blue', to: 'green', kind: 'switch', firstNewMs: 1 }]);
    expect(Object.keys(evidence.keptUntil)).toEqual(['gateway']);
  });

  test('a release that is live already changes nothing', async () => {
    const stage = new Stage();
    await stage.run({ version: 'v1' });
    stage.world.log.length = 0;
    const { verdict, evidence } = await stage.run({ version: 'v1' });
    expect({ verdict, result: evidence.result, log: stage.world.log }).toEqual({
      verdict: 'passed',
      result: 'unchanged',
      log: [],
    });
  });

  test('a release that is not ready never takes traffic', async () => {
    const stage = new Stage();
    await stage.run({ version: 'v1' });
    stage.world.broken.add('v2');
    const { verdict, evidence } = await stage.run({ version: 'v2' });
    expect({ verdict, result: evidence.result, live: stage.liveVersion() }).toEqual({
      verdict: 'failed',
      result: 'unchanged',
      live: 'v1',
    });
    expect(evidence.switches).toEqual([]);
    expect(stage.world.log.at(-1)).toBe('retire gateway green');
    expect(stage.world.journal.has('cutover')).toBe(false);
  });

  test.each([
    ['failed requests', { traffic: { v2: { failing: 0.05 } } }, /failed request/],
    ['slow answers', { traffic: { v2: { latencyMs: 80 } } }, /p99/],
    ['a wrong version', { lies: { v2: 'v1' } }, /reports version v1 where v2/],
  ])('%s after the switch go back by themselves', async (_, fault, reason) => {
    const stage = Object.assign(new Stage(), fault);
    await stage.run({ version: 'v1' });
    const { verdict, evidence } = await stage.run({ version: 'v2' });
    expect({ verdict, result: evidence.result, live: stage.liveVersion() }).toEqual({
      verdict: 'failed',
      result: 'rolled-back',
      live: 'v1',
    });
    expect(evidence.reason).toMatch(reason);
    expect(evidence.rollback?.reason).toMatch(reason);
    expect(evidence.switches.map(({ kind }) => kind)).toEqual(['switch', 'rollback']);
  });

  test('health that is lost while it bakes goes back', async () => {
    const stage = new Stage();
    await stage.run({ version: 'v1' });
    const run = stage.start({ version: 'v2' });
    while (stage.liveVersion() !== 'v2') await stage.clock.advance(50);
    await stage.clock.advance(1_000);
    const green = stage.world.components.get('gateway')?.colors.green;
    if (green) green.health = 'unhealthy';
    const { evidence } = await stage.settle(run);
    expect(evidence.result).toBe('rolled-back');
    expect(evidence.reason).toMatch(/green of gateway is no longer healthy: gateway\/green-1 answers 500/);
  });

  test("slow answers that the meter's own late sends explain are inconclusive, not a rollback", async () => {
    const stage = new Stage();
    await stage.run({ version: 'v1' });
    stage.traffic = { v1: { late: 0.6 }, v2: { latencyMs: 80, late: 0.6 } };
    const { verdict, evidence } = await stage.run({ version: 'v2' });
    expect({ verdict, result: evidence.result }).toEqual({ verdict: 'inconclusive', result: 'cut-over' });
    expect(evidence.reason).toMatch(/% of the sends were late/);
  });

  test('a release that mends a failing one is not blamed for it', async () => {
    const stage = new Stage();
    await stage.run({ version: 'v1' });
    stage.traffic = { v1: { failing: 1 } };
    const { verdict, evidence } = await stage.run({ version: 'v2' });
    expect({ verdict, result: evidence.result }).toEqual({ verdict: 'passed', result: 'cut-over' });
  });

  test('a route that cannot be reached from here before and after is inconclusive, not a rollback', async () => {
    const stage = new Stage();
    await stage.run({ version: 'v1' });
    stage.traffic = { v1: { failing: 1 }, v2: { failing: 1 } };
    const { verdict, evidence } = await stage.run({ version: 'v2' });
    expect({ verdict, result: evidence.result }).toEqual({ verdict: 'inconclusive', result: 'cut-over' });
  });

  test('an ancestor of the live commit is refused, unless it is allowed', async () => {
    const stage = new Stage();
    const at = (version: string, sha: string) => ({ id: version, version, sha, artifacts: {} });
    await stage.run({ release: at('v2', 'b'.repeat(40)) });
    const older = { release: at('v1', 'a'.repeat(40)), isAncestor: async () => true };
    const refused = await stage.run(older);
    expect({ result: refused.evidence.result, live: stage.liveVersion() }).toEqual({
      result: 'refused',
      live: 'v2',
    });
    const allowed = await stage.run({ ...older, allowOlder: 'yes' });
    expect({ result: allowed.evidence.result, live: stage.liveVersion() }).toEqual({
      result: 'cut-over',
      live: 'v1',
    });
  });
});

describe('several components', () => {
  test('move together', async () => {
    const stage = new Stage(['gateway', 'matcher']);
    await stage.run({ version: 'v1' });
    const { verdict } = await stage.run({ version: 'v2' });
    expect({ verdict, whole: stage.isWhole, live: stage.liveVersion('matcher') }).toEqual({
      verdict: 'passed',
      whole: true,
      live: 'v2',
    });
  });

  test('a switch that fails in the middle takes the others back', async () => {
    const stage = new Stage(['gateway', 'matcher']);
    await stage.run({ version: 'v1' });
    const { verdict, evidence } = await stage.run({
      version: 'v2',
      interfere: (call, moment) => {
        if (call === 'switch matcher green' && moment === 'before') throw new Error('refused by the router');
      },
    });
    expect({ verdict, result: evidence.result }).toEqual({ verdict: 'failed', result: 'rolled-back' });
    expect([stage.liveVersion('gateway'), stage.liveVersion('matcher')]).toEqual(['v1', 'v1']);
  });
});

describe('rollback', () => {
  test('is one write to the colour that was kept warm', async () => {
    const stage = new Stage();
    await stage.run({ version: 'v1' });
    await stage.run({ version: 'v2' });
    const { verdict, evidence } = await stage.run({ mode: 'rollback' });
    expect({ verdict, result: evidence.result, live: stage.liveVersion() }).toEqual({
      verdict: 'passed',
      result: 'rolled-back',
      live: 'v1',
    });
    expect(evidence.switches).toHaveLength(1);
  });

  test('prepares a colour that is gone, and says so', async () => {
    const stage = new Stage();
    await stage.run({ version: 'v1' });
    await stage.run({ version: 'v2' });
    const blue = stage.world.components.get('gateway')?.colors.blue;
    if (blue) Object.assign(blue, { release: undefined, instances: 0, keepUntil: undefined });
    const { evidence, findings } = await stage.run({ mode: 'rollback' });
    expect({ result: evidence.result, live: stage.liveVersion() }).toEqual({
      result: 'rolled-back',
      live: 'v1',
    });
    expect(findings.map(({ message }) => message).join()).toMatch(/no longer warm/);
  });

  test('with nothing to go back to says so', async () => {
    const stage = new Stage();
    await stage.run({ version: 'v1' });
    const { verdict, evidence } = await stage.run({ mode: 'rollback' });
    expect({ verdict, reason: evidence.reason }).toEqual({
      verdict: 'failed',
      reason: 'there is no earlier release to go back to',
    });
  });

  test('never returns to a release that was rolled back', async () => {
    const stage = new Stage();
    await stage.run({ version: 'v1' });
    await stage.run({ version: 'v2' });
    stage.traffic = { v3: { failing: 0.1 } };
    await stage.run({ version: 'v3' });
    await stage.run({ mode: 'rollback' });
    expect(stage.liveVersion()).toBe('v1');
  });
});

describe('plan', () => {
  test('writes nothing at all', async () => {
    const stage = new Stage();
    await stage.run({ version: 'v1' });
    const before = JSON.stringify([...stage.world.components, ...stage.world.journal, stage.world.lastToken]);
    const calls: string[] = [];
    const { verdict, evidence } = await stage.run({
      mode: 'plan',
      version: 'v2',
      interfere: (call) => calls.push(call),
    });
    expect({ verdict, result: evidence.result }).toEqual({ verdict: 'passed', result: 'ready' });
    expect(JSON.stringify([...stage.world.components, ...stage.world.journal, stage.world.lastToken])).toBe(
      before,
    );
    expect(calls.filter((call) => !/^(read|inspect|instances)/.test(call))).toEqual([]);
    expect(evidence.steps.filter(({ outcome }) => outcome === 'planned').map(({ step }) => step)).toEqual([
      'prepare',
      'preflight',
      'switch',
      'verify',
      'bake',
      'retire',
    ]);
  });
});
