import { describe, expect, test } from '@jest/globals';
import { runToolkit, type ToolkitRequest } from '../../../src/chaos/toolkit/run.ts';
import { fakeProcesses } from '../../support/fake-processes.ts';
import { Lab } from '../harness.ts';
import { experimentIn, fixture, written } from './harness.ts';

interface Journal {
  status: string;
  deviated: boolean;
  steady_states: Record<'before' | 'after', { steady_state_met: boolean; probes: unknown[] } | null>;
  run: { activity: { name: string }; status: string; output: unknown; exception?: string[] }[];
  rollbacks: { activity: { name: string }; status: string }[];
}

/** A lab in which programs end as their name says: `ok`, `bad`, and `slow` after a long time. */
function labOf(): Lab {
  const lab = new Lab();
  const programs = fakeProcesses(([name = '']) => ({ code: name === 'bad' ? 1 : 0, stdout: `${name}\n` }));
  lab.platform.processes = {
    calls: programs.calls,
    run: async (argv, options) => {
      const done = programs.run(argv, options);
      if (argv[0] === 'slow') await lab.clock.sleep(60_000, options?.signal);
      return done;
    },
  };
  return lab;
}

async function run(
  text: string,
  { lab = labOf(), ...options }: Partial<ToolkitRequest> & { lab?: Lab } = {},
) {
  const request = { ...lab.request([]), experiment: experimentIn(text), aim: 'standby' as const, ...options };
  const outcome = await lab.settle(runToolkit(request));
  const [record] = outcome.evidence.experiments;
  if (!record) throw new Error(outcome.evidence.reason);
  return { outcome, record, journal: outcome.journal as Journal, lab };
}

const ok = (name: string, more = '') =>
  `{ type: action, name: ${name}, provider: { type: process, path: ok }${more} }`;
const bad = (name: string) => `{ type: action, name: ${name}, provider: { type: process, path: bad } }`;
const probe = (path: string) =>
  `{ type: probe, name: probe, tolerance: 0, provider: { type: process, path: ${path} } }`;
const kill = (more = '') =>
  `{ type: action, name: kill, provider: { type: python, module: chaosk8s.pod.actions, func: terminate_pods, arguments: { label_selector: app=gateway${more} } } }`;

describe('an experiment of Chaos Toolkit', () => {
  test('passes when the hypothesis holds before and after, and has been seen to break what it should', async () => {
    const { record, journal, lab } = await run(fixture('gateway-survives-a-kill.yaml'));
    expect(record).toMatchObject({
      verdict: 'passed',
      steadyBefore: 'passed',
      steadyAfter: 'passed',
      aim: 'standby',
    });
    expect(record.faults).toMatchObject([
      {
        kind: 'kill',
        component: 'gateway',
        color: 'green',
        targets: ['gateway/green-1'],
        witnessed: 'passed',
      },
    ]);
    expect(journal).toMatchObject({ status: 'completed', deviated: false });
    expect(journal.run.map(({ activity, output }) => [activity.name, output])).toEqual([
      ['kill-one', ['gateway/green-1']],
      ['back-again', true],
    ]);
    expect(lab.world.faults.active.size).toBe(0);
  });

  test('does nothing to a system that is not steady, and runs the rollbacks all the same', async () => {
    const { record, journal } = await run(
      written({ probes: [probe('bad')], method: [kill()], rollbacks: [ok('back')] }),
    );
    expect(record).toMatchObject({ verdict: 'failed', steadyBefore: 'failed', faults: [] });
    expect(record.reason).toBe('before the method, probe: 1, has to be 0');
    expect(journal).toMatchObject({
      status: 'completed',
      deviated: false,
      run: [],
      steady_states: { after: null },
    });
    expect(journal.rollbacks).toMatchObject([{ activity: { name: 'back' }, status: 'succeeded' }]);
  });

  test('fails when an activity fails that Chaos Toolkit would pass over', async () => {
    const { record, journal } = await run(
      written({ probes: [probe('ok')], method: [bad('fault'), ok('next')], rollbacks: [ok('back')] }),
    );
    expect(record).toMatchObject({ verdict: 'failed', reason: 'in the method, fault: exit code 1' });
    expect(journal).toMatchObject({ status: 'failed' });
    expect(journal.run.map(({ status }) => status)).toEqual(['failed', 'succeeded']);
    expect(journal.rollbacks).toHaveLength(1);
  });

  test('a probe of the method may see anything, unless it has a tolerance', async () => {
    const plain = '{ type: probe, name: sees, provider: { type: process, path: bad } }';
    expect((await run(written({ probes: [probe('ok')], method: [plain] }))).record.verdict).toBe('passed');
    const { record } = await run(written({ probes: [probe('ok')], method: [probe('bad')] }));
    expect(record).toMatchObject({ verdict: 'failed', reason: 'in the method, probe: 1, has to be 0' });
  });

  test('each rollback is run, also after one that failed, which fails the experiment', async () => {
    const { record, journal } = await run(
      written({ probes: [probe('ok')], rollbacks: [bad('one'), ok('two')] }),
    );
    expect(record).toMatchObject({ verdict: 'failed', reason: 'in the rollbacks, one: exit code 1' });
    expect(journal.rollbacks.map(({ status }) => status)).toEqual(['failed', 'succeeded']);
  });

  test('without anything to check it shows nothing', async () => {
    expect((await run(written({ method: [ok('alone')] }))).record.verdict).toBe('inconclusive');
  });

  test('interrupted in the method, it ends what it does, runs the rollbacks and writes its journal', async () => {
    const stop = new AbortController();
    const lab = labOf();
    const began = lab.clock.monotonic();
    const slow = '{ type: action, name: slow, provider: { type: process, path: slow } }';
    const emit = lab.platform.emit;
    lab.platform.emit = (event) => {
      emit(event);
      if (event.type === 'step' && event.step === 'method: slow' && event.state === 'started')
        stop.abort(new Error('SIGINT'));
    };
    const text = written({
      probes: [probe('ok')],
      method: [slow, ok('never')],
      rollbacks: [ok('back'), slow],
    });
    const { record, journal } = await run(text, { lab, signal: stop.signal });
    expect(record.verdict).toBe('cancelled');
    expect(journal).toMatchObject({ status: 'interrupted', steady_states: { after: null } });
    expect(journal.run.map(({ activity, status }) => [activity.name, status])).toEqual([['slow', 'failed']]);
    expect(journal.rollbacks.map(({ activity, status }) => [activity.name, status])).toEqual([
      ['back', 'succeeded'],
      ['slow', 'failed'],
    ]);
    expect(lab.clock.monotonic() - began).toBeLessThanOrEqual(5_000); // Of the fake clock.
  });

  test('what runs in the background is waited for before the hypothesis is looked at again', async () => {
    const slow = '{ type: action, name: slow, background: true, provider: { type: process, path: slow } }';
    const { journal } = await run(written({ probes: [probe('ok')], method: [slow, ok('meanwhile')] }));
    expect(journal.run.map(({ activity }) => activity.name)).toEqual(['meanwhile', 'slow']);
  });

  test('a kill that is not seen to happen is inconclusive', async () => {
    const lab = labOf();
    lab.world.faults.isDud = true;
    const { record } = await run(written({ probes: [probe('ok')], method: [kill()] }), { lab });
    expect(record.verdict).toBe('inconclusive');
    expect(record.reason).toContain('not seen to happen');
    expect(lab.world.faults.active.size).toBe(0);
  });

  test('guards refuse what the release file protects', async () => {
    const lab = labOf();
    const protect = { ...lab.request([]).protect, components: ['gateway'] as const };
    const { record } = await run(written({ probes: [probe('ok')], method: [kill()] }), { lab, protect });
    expect(record).toMatchObject({ verdict: 'inconclusive', faults: [{ witnessed: 'inconclusive' }] });
    expect(record.reason).toContain('protect.components');
    expect(lab.world.faults.generation.size).toBe(0);
  });

  test.each<[string, number]>([
    ['', 1],
    [', qty: 9', 2],
    [', all: true', 2],
    [', mode: percentage, qty: 50', 1],
    [', name_pattern: green-2$', 1],
    [', rand: true', 1],
  ])('kill with %j hits %d', async (more, hit) => {
    const { record } = await run(written({ probes: [probe('ok')], method: [kill(more)] }));
    expect(record.faults.flatMap(({ targets }) => targets)).toHaveLength(hit);
  });

  test('plan tells what would be done and changes nothing', async () => {
    const { record, outcome, lab } = await run(
      written({ probes: [probe('ok')], method: [kill()], rollbacks: [ok('back')] }),
      { mode: 'plan' },
    );
    expect(record).toMatchObject({
      verdict: 'passed',
      faults: [{ targets: ['gateway/green-1'], witness: 'planned' }],
    });
    expect(outcome.journal).toBeUndefined();
    expect(lab.world.faults.generation.size).toBe(0);
    const told = lab.platform.events.flatMap((event) => (event.type === 'step' ? [event.step] : []));
    expect(told).toEqual(['before: probe', 'method: kill', 'kill', 'after: probe', 'rollback: back']);
  });

  test('no secret is in the record or the journal', async () => {
    const head = 'secrets: { shop: { token: { type: env, key: TOKEN }, inline: "pass word" } }';
    const action =
      '{ type: action, name: tell, provider: { type: process, path: "${token}", arguments: "${inline}" } }';
    const { outcome } = await run(written({ head, probes: [probe('ok')], method: [action] }));
    expect(JSON.stringify(outcome)).not.toMatch(/s3cr3t|pass word/);
    expect((outcome.journal as Journal).run[0]?.output).toMatchObject({ stdout: '***\n' });
  });
});
