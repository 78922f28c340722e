import { describe, expect, test } from '@jest/globals';
import type { FaultControl } from '../../src/targets/fault.ts';
import { check, clean, experiment, experiments, killOne, Lab, slowDown } from './harness.ts';

const gatesOf = ({ gates }: { gates: readonly { name: string; verdict: string }[] }) =>
  gates.map(({ name, verdict }) => `${name}: ${verdict}`);

describe('an experiment that holds', () => {
  test('kills one, sees it, and the service is itself again', async () => {
    const lab = new Lab();
    lab.checks = [check('passed')];
    const record = await lab.runOne(`${killOne}, expect: { error-rate: <20%, recovery: <1s }`);
    expect(record).toMatchObject({
      name: 'kill one',
      aim: 'standby',
      verdict: 'passed',
      steadyBefore: 'passed',
      steadyAfter: 'passed',
      faults: [
        {
          id: 'kill-one/1',
          kind: 'kill',
          color: 'green',
          witnessed: 'passed',
          witness: 'SIGKILL ended 1 of 1 process',
        },
      ],
    });
    expect(record.faults[0]?.targets).toHaveLength(1);
    expect(gatesOf(record)).toEqual(['error rate: passed', 'recovery: passed']);
    expect(record.recovery?.stableMs).toBeGreaterThanOrEqual(200);
    expect(record.recovery?.stableMs).toBeLessThanOrEqual(400);
    expect(record.meter?.sections.map(({ name }) => name)).toEqual([
      'start',
      'before',
      'fault',
      'recovery',
      'after',
    ]);
    expect(record.checks).toHaveLength(2);
    expect(lab.leftovers).toEqual(clean);
    expect(lab.world.log).toEqual(['inject signal', 'revert signal']);
  });

  test('slows answers down, sees it in its own round trips, and is judged from the end of the fault', async () => {
    const lab = new Lab();
    const record = await lab.runOne(`${slowDown}, expect: { p99: <200ms, recovery: <1s }`);
    expect([record.verdict, record.reason]).toEqual([
      'passed',
      expect.stringMatching(/^seen to happen, 2 gates passed/),
    ]);
    expect(record.faults[0]).toMatchObject({
      witnessed: 'passed',
      witness: 'round trip +100 ms of 100ms asked',
    });
    expect(record.recovery?.stableMs).toBeGreaterThan(1_900);
    expect(lab.leftovers).toEqual(clean);
  });

  test('hits several at once and takes them back from the last to the first', async () => {
    const lab = new Lab();
    const record = await lab.runOne(
      'name: both, faults: [{ kind: kill }, { kind: latency, delay: 100ms }], for: 1s, steady: { watch: 500ms }',
    );
    expect(record.faults.map(({ id, witnessed }) => [id, witnessed])).toEqual([
      ['both/1', 'passed'],
      ['both/2', 'passed'],
    ]);
    expect(lab.world.log).toEqual(['inject signal', 'inject network', 'revert network', 'revert signal']);
  });

  test('aims at the live colour through the live route, and writes the intent before it breaks anything', async () => {
    const lab = new Lab();
    const calls: string[] = [];
    let journalled = '';
    const record = await lab.runOne(`${killOne}, aim: live`, {
      interfere: (call, moment) => {
        if (moment === 'before') calls.push(call);
        if (call.startsWith('inject') && moment === 'before')
          journalled = lab.world.journal.get('chaos') ?? '';
      },
    });
    expect(record.faults[0]?.color).toBe('blue');
    const order = calls.filter((call) => /chaos|inject|revert/.test(call));
    expect(order.map((call) => call.replace(/kill.*/, 'it'))).toEqual([
      'read chaos',
      'write chaos',
      'inject it',
      'revert it',
      'write chaos',
    ]);
    expect(JSON.parse(journalled).faults).toMatchObject([{ kind: 'kill', color: 'blue', undo: 'revert' }]);
    expect(JSON.parse(journalled).faults[0].until - lab.clock.now()).toBeLessThanOrEqual(12_000);
  });

  test.each(['seed', 'another', 'a third'])('chooses the same targets for the seed %s', async (seed) => {
    const targets = async () => (await new Lab().runOne(killOne, { seed })).faults[0]?.targets;
    expect(await targets()).toEqual(await targets());
  });
});

describe('nothing is broken', () => {
  const untouched = (lab: Lab) => {
    expect(lab.world.log).toEqual([]);
    expect(lab.leftovers).toEqual(clean);
  };

  test.each([
    ['a check fails', { checks: [check('failed')] }, 'failed', 'check healthy: 503, expected 200'],
    [
      'a check says nothing',
      { checks: [check('inconclusive')] },
      'inconclusive',
      'check healthy: 503, expected 200',
    ],
    ['requests fail', { traffic: { failing: 0.1 } }, 'failed', '8.89 % of 90 requests failed, 0 % may'],
    ['answers are late', { traffic: { latencyMs: 80 } }, 'failed', 'p99 80 ms, 50 ms is promised'],
    [
      'the meter was late',
      { traffic: { latencyMs: 80, late: 0.6 } },
      'inconclusive',
      'p99 80 ms, 50 ms is promised, but 60 % of the sends were late',
    ],
  ] as const)('when %s before', async (_, state, verdict, reason) => {
    const lab = Object.assign(new Lab(), state);
    const record = await lab.runOne(killOne);
    expect([record.verdict, record.reason]).toEqual([verdict, `not injected, because before it: ${reason}`]);
    expect(record.steadyBefore).toBe(verdict);
    expect(record.faults[0]?.injectedAt).toBeUndefined();
    untouched(lab);
  });

  test.each<[string, (lab: Lab) => void, string, RegExp]>([
    [
      'no instance is ready',
      (lab) => (lab.color('gateway', 'green').health = 'unhealthy'),
      killOne,
      /no instance is ready/,
    ],
    [
      'nothing runs there',
      (lab) => (lab.color('gateway', 'green').instances = 0),
      killOne,
      /no instance is ready/,
    ],
    [
      'nothing is live',
      (lab) => lab.world.components.clear(),
      `${killOne}, aim: live`,
      /gateway does not run/,
    ],
    [
      'more are asked for than there are',
      () => {},
      'name: three, fault: { kind: kill, count: 3 }',
      /only 2 of the 3 asked for/,
    ],
    [
      'the colour stops soon',
      (lab) => (lab.color('gateway', 'green').keepUntil = lab.clock.now() + 5_000),
      killOne,
      /stops by itself/,
    ],
    [
      'the target says no',
      (lab) => (lab.world.faults.obstacle = 'no memory left'),
      killOne,
      /kill: no memory left/,
    ],
    [
      'the target is another',
      (lab) => (lab.world.kind = 'kubernetes'),
      killOne,
      /kill cannot be done on kubernetes; it can on: local/,
    ],
    [
      'a guard refuses',
      () => {},
      'name: all, aim: live, fault: { kind: kill, percent: 100% }',
      /protect.last-replica/,
    ],
  ])('when %s: inconclusive', async (_, prepare, keys, reason) => {
    const lab = new Lab();
    prepare(lab);
    const record = await lab.runOne(keys);
    expect(record.verdict).toBe('inconclusive');
    expect(record.reason).toMatch(reason);
    untouched(lab);
  });

  test('a target that breaks nothing says so', async () => {
    const lab = new Lab();
    const target = { ...lab.target(), faults: undefined };
    const record = await lab.runOne(killOne, { target });
    expect(record.reason).toMatch(/cannot break anything on purpose/);
  });

  test.each<[string, (lab: Lab) => void, RegExp]>([
    ['an instance goes down', (lab) => (lab.color('gateway', 'blue').instances = 1), /protect.last-replica/],
    [
      'it is switched',
      (lab) => ((lab.world.components.get('gateway') ?? { route: {} }).route = { live: 'green', version: 2 }),
      /switched in the meantime/,
    ],
  ])('when %s while the steady state is looked at', async (_, change, reason) => {
    const lab = new Lab();
    const record = await lab.runOne(`${killOne}, aim: live`, {
      checks: async () => {
        change(lab);
        return [];
      },
    });
    expect([record.verdict, record.reason]).toEqual(['inconclusive', expect.stringMatching(reason)]);
    expect(lab.world.log).toEqual([]);
  });

  test('the second fault cannot be injected: the first is taken back', async () => {
    const lab = new Lab();
    lab.world.faults.failing.set(
      'network',
      new (await import('../../src/platform/errors.ts')).UserError('no proxy'),
    );
    const record = await lab.runOne(
      'name: both, faults: [{ kind: kill }, { kind: latency, delay: 100ms }], steady: { watch: 500ms }',
    );
    expect([record.verdict, record.reason]).toEqual([
      'inconclusive',
      'latency could not be injected: no proxy',
    ]);
    expect(lab.world.log).toEqual(['inject signal', 'revert nothing', 'revert signal']);
    expect(lab.leftovers).toEqual(clean);
  });
});

describe('what an experiment can show', () => {
  test('a fault that was not seen is inconclusive, whatever the gates say', async () => {
    const lab = new Lab();
    lab.world.faults.isDud = true;
    const { verdict, evidence } = await lab.run([experiment(`${killOne}, expect: { p99: <50ms }`)]);
    expect([verdict, evidence.experiments[0]?.reason]).toEqual([
      'inconclusive',
      'kill of gateway was not seen to happen: SIGKILL ended 0 of 1 process',
    ]);
    expect(gatesOf(evidence.experiments[0] ?? { gates: [] })).toEqual(['p99: passed']);
  });

  test('inconclusive can be told to pass', async () => {
    const lab = new Lab();
    lab.world.faults.isDud = true;
    const { verdict, evidence } = await lab.run([experiment(`${killOne}, inconclusive: pass`)]);
    expect([verdict, evidence.experiments[0]?.verdict]).toEqual(['passed', 'inconclusive']);
  });

  test('a broken gate fails it', async () => {
    const record = await new Lab().runOne(`${slowDown}, expect: { p99: <50ms }`);
    expect([record.verdict, record.reason]).toEqual(['failed', 'p99: 101 ms, limit <50ms']);
  });

  test('an instance that does not come back is left, and fails it', async () => {
    const lab = new Lab();
    lab.world.faults.healMs = 60_000;
    const record = await lab.runOne(`${killOne}, recovery: { within: 3s }, expect: { recovery: <3s }`);
    expect(record.verdict).toBe('failed');
    expect(record.faults[0]?.left).toMatch(
      /^1 of 2 instances ready: gateway\/green-\d is exited \(was killed\)$/,
    );
    expect(gatesOf(record)).toEqual(['recovery: failed']);
    expect(record.steadyAfter).toBeUndefined();
  });

  test('an instance that is longer away than traffic suffers is waited for', async () => {
    const lab = new Lab();
    lab.world.faults.healMs = 6_000;
    Object.defineProperty(lab, 'trafficNow', { get: () => ({}) });
    const record = await lab.runOne(killOne);
    expect([record.verdict, record.faults[0]?.left]).toEqual(['passed', undefined]);
    expect(record.durationMs).toBeGreaterThan(7_000);
  });

  test('a steady state that does not come back fails it', async () => {
    const lab = new Lab();
    let asked = 0;
    const record = await lab.runOne(killOne, {
      checks: async () => {
        asked += 1;
        return [check(asked === 1 ? 'passed' : 'failed')];
      },
    });
    expect([record.verdict, record.steadyAfter, record.reason]).toEqual([
      'failed',
      'failed',
      'afterwards: check healthy: 503, expected 200',
    ]);
  });

  test('an answered fault that stays on the list is left, told, and stops the run', async () => {
    const lab = new Lab();
    lab.world.faults.stuck.add('network');
    const { verdict, evidence, findings } = await lab.run([experiment(slowDown), experiment(killOne)]);
    expect(verdict).toBe('failed');
    expect(evidence.experiments.map(({ name }) => name)).toEqual(['slow down']);
    expect(evidence.reason).toMatch(/the others were not run: a fault may be there still/);
    expect(findings.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/end it with: cutover chaos revert$/),
    );
    expect(lab.world.journal.get('chaos')).toContain('"latency"');
  });
});

describe('abort-on', () => {
  test('takes the fault away after so many bad windows, and fails', async () => {
    const lab = new Lab();
    const record = await lab.runOne(
      `${slowDown}, for: 60s, abort-on: { p99: '>80ms', consecutive: 3 }`.replace('for: 2s, ', ''),
    );
    expect([record.verdict, record.gates]).toEqual([
      'failed',
      [
        {
          name: 'abort-on',
          measured: 'p99 101 ms, which is >80ms for 3 windows',
          limit: 'not met',
          verdict: 'failed',
        },
      ],
    ]);
    expect(record.abortedAfterMs).toBeGreaterThanOrEqual(200);
    expect(record.abortedAfterMs).toBeLessThan(400);
    const [fault] = record.faults;
    expect((fault?.revertedAt ?? 0) - (fault?.injectedAt ?? 0)).toBeLessThan(1_000);
    expect(record.recovery).toBeDefined();
    expect(lab.leftovers).toEqual(clean);
  });

  test('is inconclusive where the meter itself was late', async () => {
    const lab = new Lab();
    lab.traffic = { late: 0.6 };
    const record = await lab.runOne(`${slowDown}, abort-on: { p99: '>80ms' }, expect: { p99: <90ms }`);
    expect(gatesOf(record)).toEqual(['p99: inconclusive', 'abort-on: inconclusive']);
    expect(record.verdict).toBe('inconclusive');
  });
});

describe('several experiments', () => {
  const named = (name: string, more = '') =>
    `- { name: ${name}, fault: { kind: kill }, for: 500ms, steady: { watch: 500ms }${more} }`;
  const overlap = (log: readonly string[]) => log.join(' ').includes('inject signal inject signal');

  test('run one after the other, in the order of the file but for after', async () => {
    const lab = new Lab();
    const chosen = experiments([named('a', ', after: [c]'), named('b'), named('c')].join('\n'));
    const { evidence, verdict } = await lab.run(chosen);
    expect(verdict).toBe('passed');
    const byTime = evidence.experiments.toSorted((x, y) => x.startedAt - y.startedAt).map(({ name }) => name);
    expect(byTime).toEqual(['b', 'c', 'a']);
    expect(evidence.experiments.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(overlap(lab.world.log)).toBe(false);
  });

  test('those of a group run at the same time', async () => {
    const lab = new Lab();
    const chosen = experiments([named('a', ', parallel: true'), named('b', ', parallel: true')].join('\n'));
    const { verdict } = await lab.run(chosen);
    expect(verdict).toBe('passed');
    expect(overlap(lab.world.log)).toBe(true);
    expect(lab.leftovers).toEqual(clean);
  });

  test('those of a group see what the others hit: together they may not take the last one', async () => {
    const lab = new Lab();
    const live = ', aim: live, parallel: true';
    const { evidence } = await lab.run(
      experiments([named('a', live), named('b', live), named('c', live)].join('\n')),
    );
    const reasons = evidence.experiments.map(({ verdict, reason }) => `${verdict} ${reason}`);
    expect(reasons.filter((reason) => reason.includes('protect.last-replica')).length).toBeGreaterThan(0);
    expect(lab.world.log.filter((line) => line.startsWith('inject')).length).toBeLessThan(3);
  });

  test('those of a group see what the others are about to hit', async () => {
    const live = ', aim: live, parallel: true';
    const chosen = experiments([named('a', live), named('b', live)].join('\n'));
    const targetsOf = async (seed: string) => {
      const { evidence } = await new Lab().run(chosen, { mode: 'plan', seed });
      return new Set(evidence.experiments.map(({ faults }) => faults[0]?.targets[0]));
    };
    let seed = 0;
    while ((await targetsOf(`${seed}`)).size < 2) seed += 1;
    const lab = new Lab();
    lab.world.faults.isDud = true; // What is hit stays ready: only the others' intent tells.
    const { evidence } = await lab.run(chosen, { seed: `${seed}` });
    const refused = evidence.experiments.filter(({ reason }) => reason.includes('protect.last-replica'));
    expect([refused.length, lab.world.log]).toEqual([1, ['inject signal', 'revert signal']]);
  });

  test('one that comes after one that failed is not run', async () => {
    const lab = new Lab();
    const chosen = experiments(
      [named('a', ', expect: { error-rate: 0 }'), named('b', ', after: [a]'), named('c')].join('\n'),
    );
    const { evidence, verdict } = await lab.run(chosen);
    expect(evidence.experiments.map(({ name, verdict: one }) => [name, one])).toEqual([
      ['a', 'failed'],
      ['b', 'inconclusive'],
      ['c', 'passed'],
    ]);
    expect(evidence.experiments[1]?.reason).toBe('not run: it comes after a, which failed');
    expect(verdict).toBe('failed');
  });

  test('none at all show nothing', async () => {
    const { verdict, evidence } = await new Lab().run([]);
    expect([verdict, evidence.reason]).toEqual(['inconclusive', 'there is no experiment']);
  });
});

describe('plan', () => {
  test('tells targets, blast radius and permissions, and changes nothing', async () => {
    const lab = new Lab();
    const calls: string[] = [];
    const { verdict, evidence } = await lab.run([experiment(killOne), experiment(slowDown)], {
      mode: 'plan',
      interfere: (call) => calls.push(call),
    });
    expect([verdict, evidence.reason]).toEqual(['passed', '2 experiments can be run; nothing was changed']);
    expect(new Set(calls.filter((call) => !/^(inspect|obstacle|read|active)/.test(call)))).toEqual(new Set());
    const told = lab.platform.events.flatMap((event) => (event.type === 'step' ? [event.reason] : []));
    expect(told).toEqual([
      expect.stringMatching(
        /^kill of gateway\/green-\d, 50 % of green, for 2 s; the supervisor signals .*; permission: none$/,
      ),
      expect.stringMatching(/^latency of all of green of gateway \(2 instances\), 100 % of green, for 2 s/),
    ]);
  });

  test('chooses what the run chooses', async () => {
    const planned = (await new Lab().run([experiment(killOne)], { mode: 'plan' })).evidence.experiments[0];
    const run = await new Lab().runOne(killOne);
    expect(planned?.faults[0]?.targets).toEqual(run.faults[0]?.targets);
  });

  test('tells what stands against it', async () => {
    const { verdict, findings } = await new Lab().run([experiment(`${killOne}, aim: live`)], {
      mode: 'plan',
      protect: {
        minHealthy: 2,
        maxPercent: undefined,
        components: undefined,
        lastReplica: 'refuse',
        window: undefined,
      },
    });
    expect(verdict).toBe('inconclusive');
    expect(findings.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('protect.min-healthy'),
    );
  });
});

describe('cancelled', () => {
  test('at any time: no fault is left within 5 s, and nothing more is broken', async () => {
    for (let ms = 0; ms < 5_000; ms += 250) {
      const lab = new Lab();
      const cancel = new AbortController();
      const running = lab.run([experiment(slowDown), experiment(killOne)], { signal: cancel.signal });
      void lab.clock.sleep(ms).then(() => cancel.abort(new Error('SIGINT')));
      const began = lab.clock.now();
      const { verdict, evidence } = await running;
      const took = lab.clock.now() - began - ms;
      expect([ms, verdict, lab.leftovers, took < 5_000]).toEqual([ms, 'cancelled', clean, true]);
      expect(evidence.experiments.length).toBeLessThanOrEqual(1);
    }
  });

  test('while a fault is being injected: its end does not wait for its beginning', async () => {
    const lab = new Lab();
    const cancel = new AbortController();
    const target = lab.target();
    const faults = target.faults as FaultControl;
    const slow: FaultControl = {
      ...faults,
      inject: async (request) => {
        await faults.inject(request);
        cancel.abort(new Error('SIGINT'));
        await new Promise(() => {});
      },
    };
    const outcome = await lab.run([experiment(slowDown)], {
      signal: cancel.signal,
      target: { ...target, faults: slow },
    });
    expect([outcome.verdict, lab.leftovers]).toEqual(['cancelled', clean]);
    expect(lab.world.log).toEqual(['inject network', 'revert network']);
  });

  test('all ends are asked for at once, the last fault first', async () => {
    const lab = new Lab();
    const cancel = new AbortController();
    const target = lab.target();
    const faults = target.faults as FaultControl;
    const asked: { id: string; at: number }[] = [];
    const slow: FaultControl = {
      ...faults,
      revert: async (id) => {
        asked.push({ id: id.slice(0, 6), at: lab.clock.now() });
        await lab.clock.sleep(1_000);
        return faults.revert(id);
      },
    };
    const keys =
      'name: both, faults: [{ kind: kill }, { kind: latency, delay: 100ms }], for: 5s, steady: { watch: 500ms }';
    const running = lab.run([experiment(keys)], {
      signal: cancel.signal,
      target: { ...target, faults: slow },
    });
    void lab.clock.sleep(1_500).then(() => cancel.abort(new Error('SIGINT')));
    await running;
    const at = asked[0]?.at;
    expect(asked).toEqual([
      { id: 'both-2', at },
      { id: 'both-1', at },
    ]);
    expect(lab.leftovers).toEqual(clean);
  });

  test('a target that hangs does not keep the other faults from being ended', async () => {
    const lab = new Lab();
    const cancel = new AbortController();
    const target = lab.target();
    const faults = target.faults as FaultControl;
    const hanging: FaultControl = {
      ...faults,
      revert: (id) => (id.startsWith('both-2') ? new Promise(() => {}) : faults.revert(id)),
    };
    const keys =
      'name: both, faults: [{ kind: kill }, { kind: latency, delay: 100ms }], for: 5s, steady: { watch: 500ms }';
    const running = lab.run([experiment(keys)], {
      signal: cancel.signal,
      target: { ...target, faults: hanging },
    });
    void lab.clock.sleep(1_500).then(() => cancel.abort(new Error('SIGINT')));
    const { verdict, evidence } = await running;
    expect(verdict).toBe('cancelled');
    expect(evidence.experiments[0]?.reason).toMatch(
      /both\/2 may be there until .* end it with: cutover chaos revert/,
    );
    expect(lab.world.log).toContain('revert signal');
    expect(lab.leftovers.active).toEqual([expect.stringMatching(/^both-2/)]);
  });
});

describe('the lease', () => {
  test('of another run that is alive is respected', async () => {
    const lab = new Lab();
    const first = lab.run([experiment(killOne)]);
    await lab.clock.advance(500);
    const second = lab.run([experiment(killOne)], { holder: 'another run' });
    const [one, two] = await Promise.all([first, second]);
    expect([one.verdict, two.verdict]).toEqual(['passed', 'failed']);
    expect(two.evidence.reason).toMatch(/^the lease is held by a run since/);
  });

  test('that the caller holds is used and kept', async () => {
    const lab = new Lab();
    const lease = await lab.target().lease.acquire({ holder: 'a cutover', ttlMs: 600_000 });
    const { verdict } = await lab.run([experiment(killOne)], { token: lease.token });
    expect([verdict, lab.leftovers.lease]).toEqual(['passed', 'a cutover']);
  });

  test('that was lost ends the run, its faults too', async () => {
    const lab = new Lab();
    const running = lab.run([experiment(slowDown.replace('for: 2s', 'for: 30s'))]);
    while (!lab.world.log.includes('inject network')) await lab.clock.advance(50);
    lab.world.lastToken += 1;
    lab.world.lease = {
      holder: 'another',
      since: 0,
      expiresAt: lab.clock.now() + 60_000,
      token: lab.world.lastToken,
    };
    const { verdict, evidence } = await running;
    expect([verdict, evidence.reason]).toEqual(['failed', expect.stringMatching(/^another run took over/)]);
    expect(lab.leftovers.active).toEqual([]);
  });
});
