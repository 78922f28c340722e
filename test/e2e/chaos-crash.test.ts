import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startMeter } from '../../src/traffic/meter.ts';
import type { Meter } from '../../src/traffic/report.ts';
import { endOfFaults, leftBehind } from '../support/left-behind.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { activeFaults, allLeft, chaosOf, chaosWorkspace } from './support/chaos-workspace.ts';
import type { Started, Workspace } from './support/workspace.ts';

const onLinux = process.platform === 'linux' ? describe : describe.skip;
const pause = (ms: number) => new Promise((wake) => setTimeout(wake, ms));

let workspace: Workspace;

/** Resolves when the command has printed it; rejects when it ends without. */
async function untilPrinted({ printed, ended }: Started, marker: RegExp): Promise<void> {
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  while (!marker.test(printed())) {
    if (isOver) throw new Error(`it ended without ${marker}: ${printed()}`);
    await pause(10);
  }
}

/** Waits until nothing is left, at most until the faults would begin to end by themselves. */
async function untilClean(
  look: () => Promise<readonly string[]>,
  before: number,
): Promise<readonly string[]> {
  for (;;) {
    const left = await look();
    if (left.length === 0 || Date.now() >= before) return left;
    await pause(50);
  }
}

/** Starts it, waits for the marker, and kills it. */
async function killedAt(args: readonly string[], marker: RegExp): Promise<void> {
  const run = workspace.start(args);
  await untilPrinted(run, marker);
  run.child.kill('SIGKILL');
  expect((await run.ended).signal).toBe('SIGKILL');
}

onLinux('chaos, cancelled with SIGINT', () => {
  beforeAll(async () => {
    workspace = await chaosWorkspace();
  });
  afterAll(() => workspace.remove());

  test.each([
    ['the first steady state', 'long', /seed/],
    ['the injection of several', 'long', /long: steady state/],
    ['several', 'long', /long: inject/],
    ['an injection that restarts', 'long renewed', /long renewed: steady state/],
    ['what was restarted', 'long renewed', /long renewed: inject/],
    ['the reversion', 'brief', /brief: hold/],
    ['the recovery', 'brief', /brief: revert/],
    ['the second steady state', 'brief', /brief: recovery/],
  ])(
    'during %s: every fault ends at once, and nothing is left',
    async (_, name, marker) => {
      const run = workspace.start(chaosOf(name));
      await untilPrinted(run, marker);
      // Beyond what is told: into the middle of what comes next.
      await pause(150);
      // No timer ends a fault before: they last for 800 ms, and 10 s longer where nobody ends them.
      const before = Date.now() + 9_000;
      run.child.kill('SIGINT');
      const { code, stdout, stderr } = await run.ended;
      expect([code, stdout + stderr]).toEqual([130, expect.stringMatching(/cutover chaos revert/)]);
      expect(await untilClean(() => allLeft(workspace), before)).toEqual([]);
      await workspace.json(['chaos', 'revert']);
      const plan = await workspace.json([...chaosOf('brief'), 'plan']);
      expect(plan).toMatchObject({ verdict: 'passed' });
    },
    90_000,
  );
});

onLinux('chaos, killed with SIGKILL', () => {
  const random = seededRandom(20_261_127);
  const places = 4;
  /** Where the run has come to; it is killed up to a second later. */
  const markers = [
    /seed/,
    /brief: steady state/,
    /brief: inject/,
    /brief: hold/,
    /brief: revert/,
    /renewed: steady state/,
    /renewed: inject/,
    /renewed: hold/,
  ];

  test('at random moments: nothing is left 5 s after the timers, without anybody', async () => {
    const workspaces = await Promise.all(Array.from({ length: places }, chaosWorkspace));
    try {
      const moments = markers.map((marker) => ({ marker, laterMs: random.below(1_000) }));
      const seen = await Promise.all(
        workspaces.map(async (one, place) => {
          const own = moments.filter((_, index) => index % places === place);
          const found: Awaited<ReturnType<typeof killedAfter>>[] = [];
          for (const moment of own) found.push(await killedAfter(one, moment));
          return found;
        }),
      );
      expect(seen.flat().filter(({ left }) => left.length > 0)).toEqual([]);
      expect(seen.flat().filter(({ acted }) => acted).length).toBeGreaterThan(0);
    } finally {
      await Promise.all(workspaces.map((one) => one.remove()));
    }
  }, 240_000);

  /** What is left of a run that was killed then; what its journal holds is ended afterwards. */
  async function killedAfter(one: Workspace, moment: { marker: RegExp; laterMs: number }) {
    const run = one.start(chaosOf('brief', 'renewed'));
    await untilPrinted(run, moment.marker);
    await pause(moment.laterMs);
    run.child.kill('SIGKILL');
    const { signal } = await run.ended;
    // An injection that was asked for goes on.
    await pause(3_000);
    const until = await endOfFaults(one.folder);
    await pause(Math.max(0, (until ?? 0) + 5_000 - Date.now()));
    const left = await leftBehind(one.folder);
    left.push(...(await allLeft(one)));
    const { verdict } = await one.json(['chaos', 'revert']);
    return { ...moment, signal, verdict, acted: until !== undefined, left };
  }
});

onLinux('after a chaos run that was killed', () => {
  beforeAll(async () => {
    workspace = await chaosWorkspace();
  });
  afterAll(() => workspace.remove());

  test('another one refuses and names the command that ends the faults, which does', async () => {
    await killedAt(chaosOf('long'), /long: inject/);
    const refused = await workspace.cli(chaosOf('brief'));
    expect([refused.code, refused.stdout + refused.stderr]).toEqual([
      1,
      expect.stringMatching(/5 faults of an earlier run may be there still: .*cutover chaos revert/s),
    ]);
    expect((await activeFaults(workspace)).length).toBe(5);
    const reverted = await workspace.json(['chaos', 'revert']);
    expect(reverted).toMatchObject({
      verdict: 'passed',
      reason: expect.stringMatching(/latency of app \(blue\): reverted/),
    });
    expect(await untilClean(() => allLeft(workspace), Date.now() + 9_000)).toEqual([]);
    expect(await workspace.json([...chaosOf('brief'), 'plan'])).toMatchObject({ verdict: 'passed' });
  }, 120_000);

  test('a release heals what is left, and goes live', async () => {
    await killedAt(chaosOf('long renewed'), /long renewed: inject/);
    expect((await activeFaults(workspace)).length).toBe(2);
    const applied = await workspace.json(['apply', '--version', 'v2', '--skip', 'chaos']);
    expect(applied).toMatchObject({ verdict: 'passed', result: 'cut-over' });
    expect(await untilClean(() => allLeft(workspace), Date.now() + 5_000)).toEqual([]);
    expect((await workspace.status()).liveVersion).toBe('v2');
  }, 120_000);
});

onLinux('a cutover, killed while it breaks the standby colour', () => {
  let meter: Meter;

  beforeAll(async () => {
    workspace = await chaosWorkspace();
    meter = await startMeter({
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
  });
  afterAll(() => workspace.remove());

  test.each([
    ['v2', /rehearsal: steady state/],
    ['v3', /rehearsal: inject/],
    ['v4', /rehearsal: revert/],
  ])(
    'a plain rerun ends on %s',
    async (version, marker) => {
      await killedAt(['apply', '--version', version], marker);
      const { verdict, result } = await workspace.json(['apply', '--version', version]);
      expect({ verdict, result }).toEqual({ verdict: 'passed', result: 'cut-over' });
      const { liveVersion, unfinished } = await workspace.status();
      expect({ liveVersion, unfinished }).toEqual({ liveVersion: version, unfinished: undefined });
      expect(await untilClean(() => allLeft(workspace), Date.now() + 5_000)).toEqual([]);
    },
    150_000,
  );

  test('and no request of a client outside has failed', async () => {
    const { failed, examples, answered } = await meter.stop();
    expect({ failed, examples }).toEqual({ failed: 0, examples: [] });
    expect(answered).toBeGreaterThan(500);
  });
});
