import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { UserError } from '../../src/platform/errors.ts';
import type { RunEvent } from '../../src/platform/events.ts';
import { systemPlatform } from '../../src/platform/platform.ts';
import { urlAim } from '../../src/smoke/aim.ts';
import type { Aim, Attempt } from '../../src/smoke/check.ts';
import { runSmoke, type SmokeRequest } from '../../src/smoke/run.ts';
import type { SmokeCheck } from '../../src/smoke/schema.ts';
import { fakeHttp } from '../support/fake-http.ts';
import { failing, fake, passing } from './fixtures/fake-checks.ts';

const events: RunEvent[] = [];

/** The real clock, and an HTTP that answers the version. */
function request(
  checks: readonly SmokeCheck[],
  over: Partial<SmokeRequest> & { version?: string } = {},
): SmokeRequest {
  const { version = '1.1', ...rest } = over;
  return {
    checks,
    aim: urlAim('http://127.0.0.1:1'),
    platform: {
      ...systemPlatform((event) => events.push(event)),
      http: fakeHttp(() => ({ body: JSON.stringify({ version }) })),
    },
    startMeter: () => Promise.reject(new Error('no meter here')),
    folder: '/',
    secrets: [],
    ...rest,
  };
}

const run = async (...given: Parameters<typeof request>) => (await runSmoke(request(...given))).evidence;
const verdicts = (evidence: Awaited<ReturnType<typeof run>>) =>
  Object.fromEntries(
    evidence.checks.map(({ name, verdict, finding }) => [name, finding ? `${verdict}: ${finding}` : verdict]),
  );

const version = (equals: string) => ({
  gateway: { http: '/version', json: 'version', equals, header: undefined },
});
const standby = (equals: string): Aim => ({
  ...urlAim('http://127.0.0.1:1'),
  what: 'standby',
  component: 'gateway',
  versions: version(equals),
});

describe('verdicts', () => {
  test.each<[string, Attempt[], string, RegExp]>([
    ['all pass', [passing, passing], 'passed', /^2 checks passed$/],
    [
      'one is unhealthy',
      [passing, failing('unhealthy')],
      'failed',
      /^1 of 2 checks failed: 1 \(unhealthy: it is unhealthy\)$/,
    ],
    ['one is slow', [failing('slow'), passing], 'failed', /slow/],
    ['one is of the wrong version', [failing('wrong-version')], 'failed', /wrong-version/],
    [
      'one is unreachable',
      [passing, failing('unreachable-from-here')],
      'inconclusive',
      /^1 of 2 checks could not tell: 1/,
    ],
    [
      'unreachable and unhealthy',
      [failing('unreachable-from-here'), failing('unhealthy')],
      'failed',
      /^1 of 2/,
    ],
    ['no checks', [], 'inconclusive', /^there were no checks, so nothing was shown$/],
  ])('%s', async (_, attempts, verdict, reason) => {
    const evidence = await run(attempts.map((attempt, n) => fake(String(n), () => attempt)));
    expect(evidence).toMatchObject({
      verdict,
      reason: expect.stringMatching(reason),
      aim: 'http://127.0.0.1:1',
    });
  });

  test('flaky passes, with a warning', async () => {
    events.length = 0;
    let tries = 0;
    const flaky = fake('it', () => (++tries === 1 ? failing('unhealthy') : passing), {
      retryForMs: 5_000,
      everyMs: 1,
    });
    const evidence = await run([flaky]);
    expect(evidence).toMatchObject({
      verdict: 'passed',
      reason: '1 check passed, 1 of them not at the first attempt',
      checks: [
        { finding: 'flaky-recovered', attempts: 2, detail: 'fine at attempt 2; the first: it is unhealthy' },
      ],
    });
    expect(events).toContainEqual(expect.objectContaining({ type: 'message', level: 'warning' }));
  });

  test('what the target cannot do says nothing about the release', async () => {
    const fails = fake('it', () =>
      Promise.reject(new UserError('there is no live release', { next: 'cutover status' })),
    );
    const evidence = await run([fails]);
    expect(evidence.checks).toMatchObject([
      { verdict: 'inconclusive', detail: 'there is no live release', next: 'cutover status' },
    ]);
  });

  test('a bug is no finding', async () => {
    await expect(run([fake('it', () => Promise.reject(new TypeError('a bug')))])).rejects.toThrow('a bug');
  });
});

describe('needs', () => {
  test('a check whose need did not pass is skipped, and so is what needs it', async () => {
    const evidence = await run([
      fake('c', () => passing, { needs: ['b'] }),
      fake('b', () => passing, { needs: ['a'] }),
      fake('a', () => failing('unreachable-from-here')),
      fake('d', () => passing),
    ]);
    expect(verdicts(evidence)).toEqual({
      c: 'inconclusive: skipped',
      b: 'inconclusive: skipped',
      a: 'inconclusive: unreachable-from-here',
      d: 'passed',
    });
    expect(evidence.reason).toBe(
      '3 of 4 checks could not tell: a (unreachable-from-here: it is unreachable-from-here)',
    );
  });

  test('a check starts after its needs, and others at the same time', async () => {
    const log: string[] = [];
    let release = () => {};
    const other = new Promise<void>((resolve) => {
      release = resolve;
    });
    await run([
      // Ends only when `parallel` has started: one after the other, it would never.
      fake('first', async () => {
        await other;
        log.push('first');
        return passing;
      }),
      fake(
        'second',
        () => {
          log.push('second');
          return passing;
        },
        { needs: ['first'] },
      ),
      fake('parallel', () => {
        log.push('parallel');
        release();
        return passing;
      }),
    ]);
    expect(log).toEqual(['parallel', 'first', 'second']);
  });

  test('a load runs alone, after the others', async () => {
    let running = 0;
    let most = 0;
    const log: string[] = [];
    const busy = (name: string) => async () => {
      running += 1;
      most = Math.max(most, name.startsWith('load') ? running : 0);
      log.push(name);
      await delay(5);
      running -= 1;
      return passing;
    };
    const loads = ['load 1', 'load 2'].map((name) => fake(name, busy(name), { alone: 'alone' }));
    await run([
      ...loads,
      fake('a', busy('a')),
      fake('b', busy('b'), { needs: ['load 1'] }),
      fake('c', busy('c')),
    ]);
    expect(most).toBe(1);
    expect(log.slice(0, 3)).toEqual(['a', 'c', 'load 1']);
  });
});

describe('the version', () => {
  test('is checked first', async () => {
    const evidence = await run([fake('it', () => passing)], { aim: standby('1.1') });
    expect(verdicts(evidence)).toEqual({ 'version of gateway': 'passed', it: 'passed' });
    expect(evidence.checks[0]?.detail).toBe('version 1.1');
  });

  test('of the old release: what is right about it does not pass, what is wrong is told, and there is no load', async () => {
    const checks = [
      fake('right', () => passing),
      fake('wrong', () => failing('unhealthy')),
      fake('elsewhere', () => passing, { component: 'ledger' }),
      fake('load', () => passing, { alone: 'alone' }),
    ];
    const evidence = await run(checks, { aim: standby('1.1'), version: '1.0' });
    expect(verdicts(evidence)).toEqual({
      'version of gateway': 'failed: wrong-version',
      right: 'failed: wrong-version',
      wrong: 'failed: unhealthy',
      elsewhere: 'passed',
      load: 'inconclusive: skipped',
    });
    expect(evidence.checks[1]?.detail).toBe('fine, but of the wrong release: version 1.0 answers, not 1.1');
    expect(evidence.verdict).toBe('failed');
  }, 20_000);
});

describe('aims', () => {
  test.each<[Aim['what'], string[]]>([
    ['standby', ['standby', 'both']],
    ['live', ['live', 'both']],
    ['url', ['live', 'both']],
  ])('%s', async (what, names) => {
    const checks = (['standby', 'live', 'both'] as const).map((on) => fake(on, () => passing, { on }));
    const evidence = await run(checks, { aim: { ...urlAim('http://127.0.0.1:1'), what } });
    expect(evidence.checks.map(({ name }) => name)).toEqual(names);
  });
});

describe('secrets', () => {
  const token = 'tok-0123456789abcdef';
  const password = 'hunter2-hunter2';

  test('neither from the environment nor captured stand in anything that is told or kept', async () => {
    events.length = 0;
    const leak = (text: string): Attempt => ({
      ok: false,
      finding: 'unhealthy',
      detail: `got ${text}, wanted ${encodeURIComponent(text)} and ${text.slice(0, 12)}…`,
      next: `use ${text}`,
    });
    const checks = [
      fake('login', () => ({ ok: true, detail: `token ${token}`, answer: { token } })),
      fake('uses', (_, spec) => leak(JSON.stringify(spec)), { spec: { a: 'x ${checks.login.token}' } }),
      fake('env', () => leak(password)),
    ];
    const evidence = await run(checks, { secrets: [password] });
    expect(evidence.checks.map(({ verdict }) => verdict)).toEqual(['passed', 'failed', 'failed']);
    const bytes = JSON.stringify([evidence, events]);
    for (const secret of [token, password]) {
      expect(bytes).not.toContain(secret);
      expect(bytes).not.toContain(secret.slice(0, 6));
    }
  });

  test('a check gets what was captured', async () => {
    const specs: unknown[] = [];
    await run([
      fake('login', () => ({ ok: true, detail: '', answer: { token } })),
      fake(
        'uses',
        (_, spec) => {
          specs.push(spec);
          return passing;
        },
        { spec: { a: ['x ${checks.login.token}'] } },
      ),
    ]);
    expect(specs).toEqual([{ a: [`x ${token}`] }]);
  });

  test('a check that uses what was not answered is skipped', async () => {
    const evidence = await run([
      fake('login', () => passing),
      fake('uses', () => passing, { spec: { a: '${checks.login.body.token}' } }),
    ]);
    expect(evidence.checks[1]).toMatchObject({
      finding: 'skipped',
      detail: 'the answer of login holds no body.token',
    });
  });
});

describe('cancelling', () => {
  test('ends what runs, and the evidence says what had not ended', async () => {
    const controller = new AbortController();
    const never = () => new Promise<Attempt>(() => {});
    const running = run(
      [
        fake('done', () => passing),
        fake(
          'runs',
          () => {
            setImmediate(() => controller.abort(new Error('SIGINT')));
            return never();
          },
          { timeoutMs: 3_600_000 },
        ),
        fake('waits', () => passing, { needs: ['runs'] }),
      ],
      { signal: controller.signal },
    );
    expect(await running).toMatchObject({
      verdict: 'cancelled',
      reason: 'cancelled: 2 of 3 checks had not ended',
      checks: [
        { verdict: 'passed' },
        { verdict: 'cancelled', detail: 'cancelled while it was run' },
        { verdict: 'cancelled', detail: 'cancelled before it was run' },
      ],
    });
  });
});

test('each check is told as it ends', async () => {
  events.length = 0;
  await run([
    fake('slow one', async () => {
      await delay(20);
      return failing('unhealthy');
    }),
    fake('quick one', () => passing),
  ]);
  expect(events).toMatchObject([
    { type: 'step', step: 'quick one', state: 'finished', reason: 'fine' },
    { type: 'step', step: 'slow one', state: 'failed', reason: 'unhealthy: it is unhealthy' },
  ]);
});
