import { describe, expect, test } from '@jest/globals';
import { type RevertedFault, revertStale } from '../../src/chaos/stale.ts';
import { type Interference, Killed } from '../support/fake-target.ts';
import { clean, experiment, Lab } from './harness.ts';

/** Dies at the `n`-th call of the target, before or after its effect, as SIGKILL would: nothing happens any more. */
function dieAt(
  n: number,
  moment: 'before' | 'after',
): { interfere: Interference; died: () => string | undefined } {
  let calls = 0;
  let died: string | undefined;
  const interfere: Interference = (call, when) => {
    if (when === 'before') calls += 1;
    if (!died && (calls < n || when !== moment)) return;
    died ??= `${when} call ${n}, ${call}`;
    throw new Killed(died);
  };
  return { interfere, died: () => died };
}

const scenarios = {
  'a kill':
    'name: kill one, fault: { kind: kill }, for: 500ms, steady: { watch: 600ms }, recovery: { stable: 3, within: 2s }',
  'a latency':
    'name: slow, fault: { kind: latency, delay: 100ms }, for: 800ms, steady: { watch: 600ms }, recovery: { stable: 3, within: 2s }',
  'both at once':
    'name: both, faults: [{ kind: kill }, { kind: latency, delay: 100ms }], for: 800ms, steady: { watch: 600ms }, recovery: { stable: 3, within: 2s }',
};

const revert = (lab: Lab, interfere?: Interference): Promise<readonly RevertedFault[]> =>
  lab.settle(
    revertStale({
      target: lab.target(interfere),
      clock: lab.clock,
      token: undefined,
      holder: 'the next run',
      signal: new AbortController().signal,
    }),
  );

async function callsOf(keys: string): Promise<number> {
  let calls = 0;
  const lab = new Lab();
  await lab.run([experiment(keys)], {
    interfere: (_, moment) => {
      if (moment === 'before') calls += 1;
    },
  });
  return calls;
}

/** Runs until it is killed; all that the killed process would still do is let go. */
async function killed(lab: Lab, keys: string, interfere: Interference): Promise<void> {
  await lab.run([experiment(keys)], { interfere }).catch(() => {});
}

describe.each(Object.entries(scenarios))('killed at every call of %s', (_, keys) => {
  test('a new run starts over nothing that is left, and revert heals', async () => {
    const calls = await callsOf(keys);
    expect(calls).toBeGreaterThan(20);
    let healed = 0;
    for (let n = 1; n <= calls; n += 1) {
      for (const moment of ['before', 'after'] as const) {
        const lab = new Lab();
        const { interfere, died } = dieAt(n, moment);
        await killed(lab, keys, interfere);
        const { active, journal } = lab.leftovers;
        // Nothing acts that the journal does not know.
        if (active.length > 0)
          expect([died(), journal]).toEqual([died(), expect.stringContaining(active[0] ?? '')]);
        const next = await lab.run([experiment(keys)], { holder: 'the next run' });
        const isStale = active.length > 0 || journal !== undefined;
        if (isStale) {
          healed += 1;
          expect([died(), next.verdict, next.evidence.reason]).toEqual([
            died(),
            'failed',
            expect.stringMatching(/earlier run may be there still: .*; cutover chaos revert$/),
          ]);
          await revert(lab);
        }
        expect([died(), lab.leftovers]).toEqual([died(), clean]);
        const last = await lab.run([experiment(keys)]);
        expect([died(), last.verdict, last.evidence.reason]).toEqual([
          died(),
          'passed',
          '1 experiment passed',
        ]);
      }
    }
    expect(healed).toBeGreaterThan(5);
  });

  test('the faults end by themselves, also when nobody comes back', async () => {
    const calls = await callsOf(keys);
    for (let n = 1; n <= calls; n += 3) {
      const lab = new Lab();
      await killed(lab, keys, dieAt(n, 'after').interfere);
      await lab.clock.advance(15_500);
      expect([n, lab.leftovers.active]).toEqual([n, []]);
    }
  });
});

describe('revert', () => {
  const left = async (): Promise<Lab> => {
    const lab = new Lab();
    const interfere: Interference = (call) => {
      if (call.startsWith('revert')) throw new Killed(call);
      if (lab.world.log.filter((line) => line.startsWith('inject')).length === 2) throw new Killed(call);
    };
    await killed(lab, scenarios['both at once'], interfere);
    expect(lab.leftovers.active).toHaveLength(2);
    lab.world.log.length = 0;
    return lab;
  };

  test('ends what is left from the last to the first', async () => {
    const lab = await left();
    const ended = await revert(lab);
    expect(ended.map(({ what, outcome }) => `${what}: ${outcome}`)).toEqual([
      'latency of gateway (green): reverted',
      'kill of gateway (green): reverted',
    ]);
    expect(lab.world.log).toEqual(['revert network', 'revert signal']);
    expect(lab.leftovers).toEqual(clean);
  });

  test('may be killed at every call, and is done again', async () => {
    for (let n = 1; n <= 12; n += 1) {
      for (const moment of ['before', 'after'] as const) {
        const lab = await left();
        await revert(lab, dieAt(n, moment).interfere).catch(() => {});
        await revert(lab);
        expect([n, moment, lab.leftovers]).toEqual([n, moment, clean]);
      }
    }
  });

  test('what has ended by itself is gone', async () => {
    const lab = await left();
    await lab.clock.advance(60_000);
    const ended = await revert(lab);
    expect(ended.map(({ outcome }) => outcome)).toEqual(['gone', 'gone']);
    expect(lab.leftovers).toEqual(clean);
  });

  test('has nothing to do where nothing is left, and takes no lease for it', async () => {
    const lab = new Lab();
    const calls: string[] = [];
    expect(await revert(lab, (call) => calls.push(call))).toEqual([]);
    expect(calls.filter((call) => /lease|write|revert/.test(call))).toEqual([]);
  });

  test('what cannot be ended is told, the rest ended, and the journal keeps it', async () => {
    const lab = await left();
    lab.world.faults.stuck.add('network');
    await expect(revert(lab)).rejects.toThrow(
      /^1 of 2 faults may be there still: latency of gateway \(green\), both-2-/,
    );
    expect(lab.world.log).toEqual(['revert network', 'revert signal']);
    expect(lab.leftovers.journal).toBeDefined();
  });

  test('a run that is alive keeps its journal, but not its faults', async () => {
    const lab = new Lab();
    const running = lab.run([experiment(scenarios['a latency'].replace('800ms', '30s'))]);
    while (!lab.world.log.includes('inject network')) await lab.clock.advance(50);
    await expect(revert(lab)).rejects.toThrow(/faults are gone, but the run that made them is alive/);
    expect(lab.leftovers.active).toEqual([]);
    const { verdict } = await running;
    expect([verdict, lab.leftovers]).toEqual(['inconclusive', clean]);
  });
});
