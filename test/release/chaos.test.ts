import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Cancelled } from '../../src/platform/errors.ts';
import type { RunEvent } from '../../src/platform/events.ts';
import { type Platform, systemPlatform } from '../../src/platform/platform.ts';
import { runChaosStage } from '../../src/release/chaos.ts';
import type { ChaosStageRequest } from '../../src/release/contract.ts';
import { readStatus } from '../../src/release/status.ts';
import { Workspace } from '../e2e/support/workspace.ts';
import { leaveFault } from '../support/left-fault.ts';

const token = 'hush-hush-token';
let workspace: Workspace;
let events: RunEvent[] = [];
afterEach(() => {
  events = [];
});

beforeAll(async () => {
  process.env['SHOP_TOKEN'] = token;
  workspace = await Workspace.create(`  bake: 500ms
  traffic: { rate: 20/s, path: / }
smoke:
  - { name: right, http: /version, json: { $.version: { equals: "\${release.version}" } } }
chaos:
  - name: slow answers
    fault: { kind: latency, delay: 300ms }
    for: 1s
    steady: { watch: 500ms }
    recovery: { stable: 2 }
  - name: in production
    aim: live
    fault: { kind: latency, delay: 300ms }
    for: 1s
    steady: { watch: 500ms }
    recovery: { stable: 2 }
  - name: lost writes
    after: [slow answers]
    fault: { kind: latency, delay: 300ms }
    for: 1s
    steady: { watch: 500ms }
    recovery: { stable: 2 }
    ledger:
      write: { path: "/orders/{n}?\${env.SHOP_TOKEN}" }
      read: { path: "/orders?\${env.SHOP_TOKEN}", within: 100ms }`);
  await workspace.cli(['apply', '--version', 'v1', '--skip', 'smoke,chaos']);
  await workspace.cli(['apply', '--version', 'v2', '--skip', 'smoke,chaos']);
}, 60_000);
afterAll(async () => {
  delete process.env['SHOP_TOKEN'];
  await workspace.remove();
});

const place = () => ({
  configPath: join(workspace.folder, 'cutover.yml'),
  environment: undefined,
  stateFolder: undefined,
});
const platform: Platform = systemPlatform((event) => events.push(event));

const chaos = (request: Partial<ChaosStageRequest>, signal = new AbortController().signal) =>
  runChaosStage(
    {
      ...place(),
      reportFolder: undefined,
      origin: 'a test',
      mode: 'run',
      only: [],
      aim: undefined,
      seed: undefined,
      toolkit: undefined,
      resume: 'cutover chaos revert',
      ...request,
    },
    platform,
    signal,
  );

const reports = () => readdir(join(workspace.folder, '.cutover/local/reports'));

describe('chaos alone', () => {
  test('plans without a record: targets, blast radius, permission; and nothing is changed', async () => {
    const before = [await reports(), await readStatus(place(), platform)];
    const { verdict, record, planned, outputs } = await chaos({ mode: 'plan', seed: 'fixed' });
    expect([verdict, record, outputs['seed']]).toEqual(['passed', undefined, 'fixed']);
    expect(planned?.map(({ name, aim }) => [name, aim])).toEqual([
      ['slow answers', 'standby'],
      ['in production', 'live'],
      ['lost writes', 'standby'],
    ]);
    const told = /latency of all of blue of app .*100 % of blue, for 1 s.*permission: none/;
    expect(planned?.[0]?.faults[0]?.witness).toMatch(told);
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'step', reason: expect.stringMatching(told) }),
    );
    expect([await reports(), await readStatus(place(), platform)]).toEqual(before);
  });

  test('aims at standby, and asks its checks for the version there and not for the live one', async () => {
    const { verdict, record, outputs } = await chaos({ only: ['slow answers'], seed: 'fixed' });
    expect([verdict, record?.chaos?.reason]).toEqual(['passed', '1 experiment passed']);
    expect(record?.release.version).toBe('v1');
    expect(record?.chaos?.experiments[0]).toMatchObject({
      steadyBefore: 'passed',
      faults: [{ color: 'blue', witnessed: 'passed' }],
    });
    expect(record?.chaos?.experiments[0]?.checks.map((check) => check.detail)).toContain('version v1');
    expect(Number(outputs['p99-ms'])).toBeGreaterThanOrEqual(300);
    expect(outputs).toMatchObject({ lost: '', duplicated: '', seed: 'fixed' });
    expect(JSON.parse(String(outputs['faults']))).toMatchObject([{ kind: 'latency', color: 'blue' }]);
  }, 60_000);

  test('can be told to aim elsewhere, and then asks for the version there', async () => {
    const { verdict, record } = await chaos({ only: ['slow answers'], aim: 'live' });
    expect(verdict).toBe('passed');
    expect(record?.release.version).toBe('v2');
    expect(record?.chaos?.experiments[0]).toMatchObject({ aim: 'live', faults: [{ color: 'green' }] });
  }, 60_000);

  test('asks at each aim for the version there, also in one run', async () => {
    const { verdict, record } = await chaos({ only: ['slow answers', 'in production'] });
    const seen = record?.chaos?.experiments.map(({ aim, checks }) => [aim, checks[0]?.detail]);
    expect([verdict, seen]).toEqual([
      'passed',
      [
        ['standby', 'version v1'],
        ['live', 'version v2'],
      ],
    ]);
  }, 60_000);

  test('tells nothing of what the file took from the environment', async () => {
    const { record, paths } = await chaos({ only: ['lost writes'] });
    expect(record?.chaos?.experiments[0]?.ledger).toMatchObject({ verdict: 'inconclusive' });
    const written = await Promise.all(Object.values(paths ?? {}).map((path) => readFile(path, 'utf8')));
    expect(written).toHaveLength(4);
    const told = JSON.stringify([record, events, written]);
    expect(told).toContain('/orders?***');
    expect(told).not.toContain(token);
  }, 60_000);

  test('refuses a name that no experiment has', async () => {
    await expect(chaos({ only: ['slow answer'] })).rejects.toMatchObject({
      name: 'UsageError',
      message:
        'there is no experiment "slow answer", did you mean "slow answers"?: slow answers, in production, lost writes',
    });
  });

  test('cancelled in the middle leaves no fault', async () => {
    const controller = new AbortController();
    const running = chaos({ only: ['slow answers'] }, controller.signal);
    await workspace.until(async () => (await readStatus(place(), platform)).faults.length > 0);
    controller.abort(new Cancelled('cancelled by a test'));
    const { verdict, record } = await running;
    expect([verdict, record?.chaos?.verdict]).toEqual(['cancelled', 'cancelled']);
    expect((await readStatus(place(), platform)).faults).toEqual([]);
  }, 60_000);
});

describe('a fault that a dead run left', () => {
  test('stands in the status, stops a new run, and is ended by revert', async () => {
    await leaveFault(workspace, 'green');
    expect((await readStatus(place(), platform)).faults).toMatchObject([
      { id: 'left-1', what: 'network', active: true, until: expect.stringMatching(/^\d{4}-.*Z$/) },
    ]);
    const plan = await chaos({ mode: 'plan' });
    expect([plan.verdict, plan.outputs['reason']]).toEqual(['failed', expect.stringMatching(/chaos revert/)]);
    const refused = await chaos({ only: ['slow answers'] });
    expect([refused.verdict, refused.record?.chaos?.experiments]).toEqual(['failed', []]);
    const { verdict, outputs } = await chaos({ mode: 'revert' });
    expect([verdict, outputs['reason']]).toEqual(['passed', expect.stringMatching(/^network: reverted/)]);
    expect((await readStatus(place(), platform)).faults).toEqual([]);
    expect((await chaos({ mode: 'revert' })).outputs['reason']).toBe('no fault was left');
  }, 60_000);

  test('stands in the text of status with the command, and is ended before everything is stopped', async () => {
    await leaveFault(workspace, 'green');
    const { stdout } = await workspace.cli(['status']);
    expect(stdout).toMatch(
      /broken on purpose: network, ends by itself at .* UTC\nnext: cutover chaos revert\n$/,
    );
    expect(await workspace.json(['stop'])).toMatchObject({ environment: 'local' });
    expect((await workspace.status()).faults).toEqual([]);
  }, 60_000);
});
