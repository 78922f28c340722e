import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startMeter } from '../../src/traffic/meter.ts';
import type { Meter } from '../../src/traffic/report.ts';
import { Workspace } from './support/workspace.ts';

const cutover = `  bake: 300ms
  quiet: 100ms
  keep-old: 1m
  traffic: { rate: 50/s, path: / }`;

/** Watches the live route from outside, over all the crashes of one workspace. */
async function outsider(workspace: Workspace): Promise<Meter> {
  return startMeter({
    origin: await workspace.liveOrigin(),
    method: 'GET',
    path: '/',
    headers: {},
    body: undefined,
    rate: 50,
    durationMs: undefined,
    connections: 'keep-alive',
    maxConnections: 16,
    timeoutMs: 5_000,
    expectStatus: 200,
    version: undefined,
    mode: 'cheap',
  });
}

describe('the command line, killed with SIGKILL', () => {
  let workspace: Workspace;
  let meter: Meter;
  let calls: string[] = [];
  let release = 1;

  beforeAll(async () => {
    workspace = await Workspace.create(cutover);
    await workspace.json(['apply', '--version', 'v1']);
    meter = await outsider(workspace);
    await workspace.calls();
    await workspace.json(['apply', '--version', `v${++release}`]);
    calls = await workspace.calls();
  });
  afterAll(() => workspace.remove());

  test('an undisturbed run journals before each change', () => {
    expect(calls).toEqual([
      'lease.acquire',
      'journal.write',
      'prepare',
      'journal.write',
      'switch',
      'journal.write',
      'journal.write',
      'journal.write',
      'retire',
      'journal.write',
      'lease.release',
    ]);
  });

  test('before and after every call: a plain rerun ends with all on the new release, and nothing was lost', async () => {
    for (let at = 1; at <= calls.length; at += 1) {
      for (const moment of ['before', 'after'] as const) {
        const version = `v${++release}`;
        const killed = await workspace.cli(['apply', '--version', version], {
          at,
          moment,
          signal: 'SIGKILL',
        });
        const { result, verdict } = await workspace.json(['apply', '--version', version]);
        const status = await workspace.status();
        expect({
          at,
          moment,
          killed: killed.signal,
          verdict,
          version: status.liveVersion,
          left: status.unfinished,
        }).toEqual({
          at,
          moment,
          killed: 'SIGKILL',
          verdict: 'passed',
          version,
          left: undefined,
        });
        expect(result).toMatch(/cut-over|unchanged/);
      }
    }
    const seen = await meter.stop();
    expect({ failed: seen.failed, examples: seen.examples }).toEqual({ failed: 0, examples: [] });
    expect(seen.answered).toBeGreaterThan(1_000);
  }, 300_000);
});

describe('the command line, cancelled with SIGINT', () => {
  test('at every call: ends as cancelled, says how to resume, and recover makes it whole', async () => {
    const workspace = await Workspace.create(cutover);
    try {
      await workspace.json(['apply', '--version', 'v1']);
      const meter = await outsider(workspace);
      for (let at = 1; at <= 11; at += 1) {
        const args = ['apply', '--version', `w${at}`];
        const { code, stderr, stdout } = await workspace.cli(args, { at, moment: 'after', signal: 'SIGINT' });
        // Once the old colour is retired only the books are closed: a signal may come too late to cancel anything.
        expect([at, code]).toEqual([at, at >= 9 ? expect.any(Number) : 130]);
        if (code === 130)
          expect([at, stdout + stderr]).toEqual([at, expect.stringMatching(/cutover recover/)]);
        await workspace.json(['recover']);
        const { unfinished, lease } = await workspace.status();
        expect({ at, unfinished, lease }).toEqual({ at, unfinished: undefined, lease: undefined });
      }
      expect((await meter.stop()).failed).toBe(0);
    } finally {
      await workspace.remove();
    }
  }, 180_000);
});

describe('two at once', () => {
  test('one changes things, the other says who holds the lease', async () => {
    const workspace = await Workspace.create(cutover.replace('300ms', '6s'));
    try {
      await workspace.json(['apply', '--version', 'v1', '--bake', '100ms']);
      const first = workspace.cli(['apply', '--version', 'v2', '--json']);
      await workspace.until(async () => (await workspace.status()).lease !== undefined);
      const second = await workspace.json(['apply', '--version', 'v3']);
      expect(second.result).toBe('refused');
      expect(JSON.parse((await first).stdout)).toMatchObject({ result: 'cut-over', version: 'v2' });
    } finally {
      await workspace.remove();
    }
  }, 60_000);
});
