import { describe, expect, test } from '@jest/globals';
import { type Interference, Killed } from '../support/fake-target.ts';
import { Stage } from './harness.ts';

/** Dies at the `n`-th call of the target, before or after its effect, as SIGKILL would: nothing happens any more. */
function dieAt(n: number, moment: 'before' | 'after'): Interference & { readonly died: string | undefined } {
  let calls = 0;
  let died: string | undefined;
  const interfere: Interference = (call, when) => {
    if (when === 'before') calls += 1;
    if (!died && (calls < n || when !== moment)) return;
    died ??= `${when} call ${n}, ${call}`;
    throw new Killed(died);
  };
  return Object.defineProperty(interfere, 'died', { get: () => died }) as typeof interfere & {
    died: string | undefined;
  };
}

interface Scenario {
  name: string;
  components: readonly string[];
  /** Makes v2 bad after the switch. */
  bad?: boolean;
  mode?: 'apply' | 'rollback';
}

const scenarios: readonly Scenario[] = [
  { name: 'a good release', components: ['gateway'] },
  { name: 'a good release of two components', components: ['gateway', 'matcher'] },
  { name: 'a bad release that is going back', components: ['gateway', 'matcher'], bad: true },
  { name: 'a rollback', components: ['gateway'], mode: 'rollback' },
];

async function prepared({ components, bad, mode }: Scenario): Promise<Stage> {
  const stage = new Stage(components);
  await stage.run({ version: 'v1' });
  if (mode === 'rollback') await stage.run({ version: 'v2' });
  if (bad) stage.traffic = { v2: { failing: 0.2 } };
  return stage;
}

const command = ({ mode = 'apply' }: Scenario) => (mode === 'apply' ? { version: 'v2' } : { mode });

/** How many calls of the target an undisturbed run makes. */
async function callsOf(scenario: Scenario): Promise<number> {
  let calls = 0;
  const stage = await prepared(scenario);
  await stage.run({
    ...command(scenario),
    interfere: (_, moment) => {
      if (moment === 'before') calls += 1;
    },
  });
  return calls;
}

describe.each(scenarios)('killed at every call of $name', (scenario) => {
  test.each(['plain rerun', 'recover'])('%s ends whole', async (next) => {
    const calls = await callsOf(scenario);
    expect(calls).toBeGreaterThan(15);
    for (let n = 1; n <= calls; n += 1) {
      for (const moment of ['before', 'after'] as const) {
        const stage = await prepared(scenario);
        const interfere = dieAt(n, moment);
        await stage.run({ ...command(scenario), interfere }).catch(() => {});
        const { evidence } = await stage.run(next === 'recover' ? { mode: 'recover' } : command(scenario));
        expect({
          at: interfere.died,
          result: evidence.result,
          whole: stage.isWhole,
          outages: stage.world.outages,
          journal: stage.world.journal.get('cutover'),
          lease: stage.world.lease,
        }).toEqual({
          at: interfere.died,
          result: expect.stringMatching(/^(cut-over|rolled-back|unchanged)$/),
          whole: true,
          outages: [],
          journal: undefined,
          lease: undefined,
        });
        if (next === 'plain rerun' && scenario.mode !== 'rollback') {
          expect([interfere.died, stage.liveVersion()]).toEqual([interfere.died, scenario.bad ? 'v1' : 'v2']);
        }
      }
    }
  });
});

test('the run that recovers may be killed as well', async () => {
  const scenario: Scenario = { name: '', components: ['gateway', 'matcher'] };
  for (let n = 1; n < 40; n += 1) {
    for (let again = 1; again < 24; again += 3) {
      const stage = await prepared(scenario);
      await stage.run({ version: 'v2', interfere: dieAt(n, 'after') }).catch(() => {});
      await stage.run({ version: 'v2', interfere: dieAt(again, 'before') }).catch(() => {});
      await stage.run({ version: 'v2' });
      expect([n, again, stage.liveVersion(), stage.isWhole, stage.world.outages]).toEqual([
        n,
        again,
        'v2',
        true,
        [],
      ]);
    }
  }
});

test('a run that died on its way back is taken back, also when traffic looks well again', async () => {
  const scenario = scenarios[2] as Scenario;
  const calls = await callsOf(scenario);
  let checked = 0;
  for (let n = 1; n <= calls; n += 1) {
    const stage = await prepared(scenario);
    await stage.run({ version: 'v2', interfere: dieAt(n, 'after') }).catch(() => {});
    if (!stage.world.journal.get('cutover')?.includes('"direction":"back"')) continue;
    checked += 1;
    stage.traffic = {};
    await stage.run({ mode: 'recover' });
    expect([n, stage.liveVersion(), stage.isWhole]).toEqual([n, 'v1', true]);
  }
  expect(checked).toBeGreaterThan(5);
});

describe('cancelled', () => {
  test('at every call: nothing is changed any more but a rollback under way, and the resume command is told', async () => {
    const scenario = scenarios[1] as Scenario;
    const calls = await callsOf(scenario);
    for (let n = 1; n <= calls; n += 1) {
      const stage = await prepared(scenario);
      const cancel = new AbortController();
      let seen = 0;
      const later: string[] = [];
      const { verdict, evidence } = await stage.run({
        version: 'v2',
        signal: cancel.signal,
        interfere: (call, moment) => {
          if (moment === 'before' && cancel.signal.aborted) later.push(call);
          if (moment === 'before') seen += 1;
          if (seen === n && moment === 'after' && !cancel.signal.aborted) cancel.abort(new Error('SIGINT'));
        },
      });
      const mutations = later.filter(
        (call) => !/^(read|inspect|instances|release lease|renew lease)/.test(call),
      );
      // Those that were on their way in parallel when the signal came are allowed to arrive.
      expect([n, mutations.filter((call) => /switch|prepare/.test(call))]).toEqual([n, []]);
      if (verdict === 'cancelled') expect(evidence.reason).toMatch(/resume with: cutover recover/);
      else expect(stage.liveVersion()).toBe('v2');
      await stage.run({ mode: 'recover' });
      expect([n, stage.isWhole, stage.world.outages]).toEqual([n, true, []]);
    }
  });
});

describe('two runs at once', () => {
  test('one changes things, the other says who holds the lease since when', async () => {
    const stage = new Stage();
    await stage.run({ version: 'v1' });
    const first = stage.start({ version: 'v2', holder: 'the first run' });
    const second = stage.start({ version: 'v3', holder: 'the second run' });
    const [one, two] = await stage.settle(Promise.all([first, second]));
    expect([one.evidence.result, two.evidence.result]).toEqual(['cut-over', 'refused']);
    expect(two.evidence.reason).toMatch(/^the lease is held by the first run since 2026-01-01T/);
    expect(stage.liveVersion()).toBe('v2');
    expect(stage.world.log.filter((line) => line.includes('v3'))).toEqual([]);
  });

  test('a run that lost its lease is fenced off', async () => {
    const stage = new Stage();
    await stage.run({ version: 'v1' });
    const run = stage.start({ version: 'v2' });
    while (stage.liveVersion() !== 'v2') await stage.clock.advance(50);
    stage.world.lastToken += 1;
    stage.world.lease = {
      holder: 'another',
      since: 0,
      expiresAt: stage.clock.now() + 60_000,
      token: stage.world.lastToken,
    };
    const before = stage.world.log.length;
    const { verdict, evidence } = await stage.settle(run);
    expect({ verdict, result: evidence.result }).toEqual({ verdict: 'failed', result: 'refused' });
    expect(stage.world.log.slice(before)).toEqual([]);
  });
});
