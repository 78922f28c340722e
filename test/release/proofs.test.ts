import { describe, expect, test } from '@jest/globals';
import { formatProblem } from '../../src/config/problems.ts';
import { readReleaseFile } from '../../src/config/read.ts';
import { type ProofContext, proofsFor } from '../../src/release/proofs.ts';
import { stageSections } from '../../src/release/stage-sections.ts';
import { Stages } from '../../src/release/stages.ts';
import type { Disturbance } from '../../src/targets/fault.ts';
import { fakeHttp } from '../support/fake-http.ts';
import { fakePlatform } from '../support/fake-platform.ts';
import { fakeTarget, fakeWorld } from '../support/fake-target.ts';

const smoke = 'smoke: [{ name: right, http: /, status: 200, retry-for: 0s }]\n';
const chaos = 'chaos: [{ name: kill one, aim: AIM, fault: { kind: kill }, for: 1s }]\n';

function fileWith(sections: string) {
  const text = `version: 1\nname: shop\ncomponents: { gateway: { run: [node, a.js] } }\n${sections}`;
  const read = readReleaseFile(text, {
    file: 'cutover.yml',
    folder: '/app',
    env: () => undefined,
    stages: stageSections,
  });
  if (!read.ok) throw new Error(read.problems.map(formatProblem).join('\n'));
  return read.file;
}

const release = { id: 'v2-1', version: 'v2', sha: undefined, artifacts: {} };

/** v2 stands by as green; what answers there has this status. */
function lab(sections: string, over: Partial<ProofContext> & { status?: number } = {}) {
  const { status = 200, ...rest } = over;
  const platform = fakePlatform({ http: fakeHttp(() => ({ status, body: '' })) });
  const world = fakeWorld();
  const ready = { release, instances: 2, health: 'ready', keepUntil: undefined } as const;
  world.components.set('gateway', {
    route: { live: 'blue', version: 1 },
    colors: { blue: { ...ready }, green: { ...ready } },
  });
  const target = fakeTarget(world, platform.clock);
  const file = fileWith(sections);
  const stages = new Stages(platform);
  const context: ProofContext = {
    mode: 'apply',
    file,
    fileFor: async () => file,
    environment: 'local',
    target,
    platform,
    stages,
    skip: [],
    seed: undefined,
    holder: 'a test',
    ...rest,
  };
  return { ...proofsFor(context), world, target, platform, stages };
}

const request = () => ({
  release,
  colors: { gateway: 'green' } as const,
  token: 1,
  signal: new AbortController().signal,
});

describe('what a cutover asks for', () => {
  const both = smoke + chaos.replace('AIM', 'standby');
  test.each<[string, string, Partial<ProofContext>, { standby: string[]; live: string[] }]>([
    ['nothing of a file that has neither', '', {}, { standby: [], live: [] }],
    ['checks on both sides of the switch', smoke, {}, { standby: ['smoke'], live: ['smoke'] }],
    ['chaos after the checks', both, {}, { standby: ['smoke', 'chaos'], live: ['smoke'] }],
    ['all but what is skipped', both, { skip: ['chaos'] }, { standby: ['smoke'], live: ['smoke'] }],
    ['nothing where both are skipped', both, { skip: ['smoke', 'chaos'] }, { standby: [], live: [] }],
    ['nothing that holds a rollback up', both, { mode: 'rollback' }, { standby: [], live: ['smoke'] }],
  ])('%s', (_, sections, over, wanted) => {
    const { standby, live } = lab(sections, over).proofs;
    expect({ standby: standby.map(({ name }) => name), live: live.map(({ name }) => name) }).toEqual(wanted);
  });
});

describe('proofs', () => {
  test.each([
    [200, 'passed'],
    [503, 'failed'],
  ])('checks that see %i have %s, in the stage and for the record', async (status, verdict) => {
    const { proofs, log, stages } = lab(smoke, { status });
    expect(await proofs.standby[0]?.run(request())).toMatchObject({ verdict });
    expect(await proofs.live[0]?.run(request())).toMatchObject({ verdict });
    expect(log.smoke.map((run) => [run.aim, run.verdict])).toEqual([
      ['standby', verdict],
      ['live', verdict],
    ]);
    expect(stages.records.map((stage) => [stage.name, stage.verdict])).toEqual([
      ['smoke', verdict],
      ['smoke', verdict],
    ]);
  });

  test('experiments that aim at production are left to who asks for them', async () => {
    const { proofs, log, world } = lab(chaos.replace('AIM', 'live'));
    expect(await proofs.standby[0]?.run(request())).toEqual({
      verdict: 'passed',
      reason: 'no experiment aims at standby',
    });
    expect([log.chaos, world.log]).toEqual([undefined, []]);
  });
});

describe('what a dead run broke', () => {
  const what: Disturbance = { kind: 'pause', instances: ['gateway/green-1'] };

  test('is ended, and told, whatever the file has for chaos', async () => {
    const { proofs, world, platform } = lab('');
    const now = platform.clock.now();
    world.faults.active.set('left-1', { what, since: now, until: now + 60_000 });
    world.lease = { holder: 'a test', since: now, expiresAt: now + 60_000, token: 1 } as typeof world.lease;
    world.lastToken = 1;
    await proofs.heal(request());
    expect(world.log).toEqual(['revert pause']);
    expect(world.faults.active.size).toBe(0);
    expect(platform.events).toContainEqual({
      type: 'message',
      level: 'notice',
      text: 'a fault that was left is ended: pause, reverted',
    });
  });

  test('and cannot be ended keeps the cutover from beginning', async () => {
    const { proofs, world, platform } = lab('');
    const now = platform.clock.now();
    world.faults.active.set('left-1', { what, since: now, until: now + 60_000 });
    world.faults.stuck.add('pause');
    await expect(proofs.heal(request())).rejects.toThrow(/1 of 1 faults may be there still/);
  });

  test('is nothing: then nothing is written', async () => {
    const { proofs, world, platform } = lab(smoke);
    await proofs.heal(request());
    expect([world.log, platform.events]).toEqual([[], []]);
  });
});
