import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Component } from '../../../../src/config/model.ts';
import type { Disturbance } from '../../../../src/targets/fault.ts';
import { isNamed, lookupOutcome, resolveOutcome } from '../../../../src/targets/local/lies/dns-answers.ts';
import { pathsIn } from '../../../../src/targets/local/paths.ts';
import type { Scene } from '../../../../src/targets/local/supervisor/faults/kind.ts';
import { lieObstacle, variablesOf } from '../../../../src/targets/local/supervisor/faults/lies.ts';
import {
  agentOf,
  blue,
  faultsOf,
  inject,
  read,
  storedBlue,
  storedFault,
  untilReady,
} from '../../../support/fault-sandbox.ts';
import { LocalSandbox, moody, until } from '../../../support/local-sandbox.ts';

type Restart = Extract<Disturbance, { kind: 'restart' }>;
type Lie = NonNullable<Restart['lie']>;

const day = 24 * 60 * 60 * 1000;

const restart = (lie: Lie): Restart => ({
  kind: 'restart',
  instances: ['app/blue-1'],
  graceMs: 5_000,
  env: {},
  lie,
});

describe('a component that runs node', () => {
  let sandbox: LocalSandbox;
  beforeEach(async () => {
    sandbox = await LocalSandbox.create();
  });
  afterEach(() => sandbox.end());

  /** A live component with the lie. */
  async function liedTo(lie: Lie, component: Component = moody()) {
    const live = await sandbox.live({ component });
    await inject(live, restart(lie));
    await untilReady(live.target);
    const { url } = await blue(live.target);
    return { ...live, url };
  }

  async function timeOf(url: string) {
    const before = Date.now();
    const { body, headers } = await sandbox.platform.http.send({ url: `${url}/time` });
    return { before, after: Date.now(), told: JSON.parse(body), header: Date.parse(String(headers['date'])) };
  }

  test('is not lied to once that was reverted, also while its process was just being started', async () => {
    const live = await sandbox.live({ component: moody('stubborn') });
    const lie = { ...restart({ about: 'clock', offsetMs: day }), graceMs: 1_000 };
    for (let round = 0; round < 5; round += 1) {
      const injecting = inject(live, lie).catch(() => {});
      await until(async () => (await blue(live.target)).status === 'starting');
      // Without its agent the end comes at once: when the process is written down, and is not there yet.
      process.kill((await agentOf(storedFault(sandbox))) ?? 0, 'SIGKILL');
      while (!storedBlue(sandbox)?.under?.includes('fault')) await new Promise(setImmediate);
      await faultsOf(live.target).revert('fault');
      await injecting;
      await untilReady(live.target);
      expect([round, storedBlue(sandbox)?.under]).toEqual([round, []]);
      const { url } = await blue(live.target);
      expect((await timeOf(url)).told.now).toBeLessThan(Date.now() + day / 2);
    }
  });

  test.each([{ offsetMs: day }, { offsetMs: -day }])(
    'has its clock $offsetMs ms off',
    async ({ offsetMs }) => {
      const { target, url } = await liedTo({ about: 'clock', offsetMs });
      const { before, after, told, header } = await timeOf(url);
      expect(told.now - offsetMs).toBeGreaterThanOrEqual(before);
      expect(told.now - offsetMs).toBeLessThanOrEqual(after);
      // Headers and texts have no milliseconds.
      expect(header - offsetMs).toBeGreaterThan(before - 2_000);
      expect(header - offsetMs).toBeLessThanOrEqual(after);
      expect(Date.parse(told.text) - offsetMs).toBeGreaterThan(before - 2_000);
      expect(told).toMatchObject({ isDate: true, given: 5 });
      // A program that shifts its clock itself must not do so a second time.
      expect(told).not.toHaveProperty('offset');
      expect(await faultsOf(target).revert('fault')).toBe('reverted');
      await untilReady(target);
      const again = await timeOf((await blue(target)).url);
      expect(again.told.now).toBeGreaterThanOrEqual(again.before);
      expect(again.told.now).toBeLessThanOrEqual(again.after);
    },
  );

  test.each([
    {
      answer: 'not-found',
      ways: {
        callback: 'ENOTFOUND',
        promise: 'ENOTFOUND',
        resolve: 'ENOTFOUND',
        connect: 'ENOTFOUND',
        fetch: 'ENOTFOUND',
      },
    },
    {
      answer: 'wrong',
      ways: {
        callback: '"192.0.2.1"',
        promise: '"192.0.2.1"',
        all: '[{"address":"192.0.2.1","family":4}]',
        resolve: '"192.0.2.1"',
        connect: '"192.0.2.1"',
      },
    },
  ] as const)(
    'is told $answer by every way to look a name up, and each is counted',
    async ({ answer, ways }) => {
      const { target, url } = await liedTo({ about: 'dns', names: ['db.example'], answer });
      let touched = 0;
      for (const [way, is] of Object.entries(ways)) {
        const host = way === 'resolve' ? 'db.example' : 'DB.example.';
        expect(`${way}: ${await sandbox.get(url, `/look?way=${way}&host=${host}`)}`).toBe(`${way}: ${is}`);
        const now = (await read(target)).touched ?? 0;
        expect(now).toBeGreaterThan(touched);
        touched = now;
      }
    },
  );

  test('is told the truth about other names, and again about all when it is over', async () => {
    const { target, url } = await liedTo({ about: 'dns', names: ['*'], answer: 'not-found' });
    expect(await sandbox.get(url, '/look?way=callback&host=anything.example')).toBe('ENOTFOUND');
    expect(JSON.parse(await sandbox.get(url, '/look?way=promise&host=localhost'))).toMatch(
      /^(127\.0\.0\.1|::1)$/,
    );
    expect(await sandbox.get(url, '/look?way=promise&host=127.0.0.1')).toBe('"127.0.0.1"');
    expect((await read(target)).touched).toBe(1);
    await faultsOf(target).revert('fault');
    await untilReady(target);
    const environment = JSON.parse(await sandbox.get((await blue(target)).url, '/environment'));
    expect(environment).not.toHaveProperty('CUTOVER_LIE_DNS');
    expect(environment).not.toHaveProperty('NODE_OPTIONS');
  });

  test('keeps the options that it has for Node', async () => {
    const component = moody('good', { env: { MOOD: 'good', NODE_OPTIONS: '--no-warnings' } });
    const { url } = await liedTo({ about: 'clock', offsetMs: 1_000 }, component);
    const { NODE_OPTIONS } = JSON.parse(await sandbox.get(url, '/environment'));
    expect(NODE_OPTIONS).toMatch(/^--no-warnings --import=file:/);
  });
});

describe('what is answered', () => {
  test.each([
    { names: ['a.example'], name: 'A.EXAMPLE.', is: true },
    { names: ['a.example'], name: 'b.a.example', is: false },
    { names: ['*'], name: 'a.example', is: true },
    { names: ['*'], name: 'localhost', is: false },
    { names: ['*'], name: 'app.localhost', is: false },
    { names: ['*', 'localhost'], name: 'localhost', is: true },
    { names: ['*'], name: '10.0.0.1', is: false },
    { names: ['*'], name: '::1', is: false },
    { names: ['*'], name: '', is: false },
  ])('$name is one of $names: $is', ({ names, name, is }) => {
    expect(isNamed(names, name)).toBe(is);
  });

  test.each([
    { options: undefined, is: { address: '192.0.2.1', family: 4 } },
    { options: 6, is: { address: '2001:db8::1', family: 6 } },
    { options: { family: 'IPv6' }, is: { address: '2001:db8::1', family: 6 } },
    { options: { all: true }, is: [{ address: '192.0.2.1', family: 4 }] },
  ])('wrongly to a look-up with $options', ({ options, is }) => {
    expect(lookupOutcome('wrong', 'a.example', options)).toEqual({ afterMs: 0, value: is });
  });

  test('too late: the errors and the time of a resolver without its server', () => {
    const looked = lookupOutcome('timeout', 'a.example', undefined);
    expect(looked).toMatchObject({
      afterMs: 10_000,
      error: { code: 'EAI_AGAIN', syscall: 'getaddrinfo', hostname: 'a.example' },
    });
    const resolved = resolveOutcome('timeout', 'a.example', 'AAAA');
    expect(resolved).toMatchObject({ afterMs: 10_000, error: { code: 'ETIMEOUT', syscall: 'queryAaaa' } });
  });

  test.each([
    { answer: 'wrong', record: 'A', is: { value: ['192.0.2.1'] } },
    { answer: 'wrong', record: 'AAAA', is: { value: ['2001:db8::1'] } },
    { answer: 'wrong', record: 'MX', is: { error: { code: 'ENODATA' } } },
    { answer: 'not-found', record: 'SRV', is: { error: { code: 'ENOTFOUND', syscall: 'querySrv' } } },
  ] as const)('$answer to a question for $record', ({ answer, record, is }) => {
    expect(resolveOutcome(answer, 'a.example', record)).toMatchObject(is);
  });
});

describe('other programs', () => {
  const machine = (libraries: readonly string[]) =>
    ({
      supervision: {
        paths: pathsIn('/state'),
        platform: { files: { exists: async (path: string) => libraries.includes(path) } },
      },
    }) as unknown as Scene;
  const clock = (offsetMs: number, env: Record<string, string> = {}) => ({
    ...{ id: 'fault', since: 0, until: 1, startId: 'a', processes: [] },
    what: { ...restart({ about: 'clock', offsetMs }), env },
  });
  const python = moody('good', { run: ['python3', 'a.py'] });
  const library = '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1';

  test.each([
    { offsetMs: 90_500, fakeTime: '+90.5' },
    { offsetMs: -1, fakeTime: '-0.001' },
  ])('are told $offsetMs ms by libfaketime where there is one', async ({ offsetMs, fakeTime }) => {
    const variables = await variablesOf(clock(offsetMs), { component: python, scene: machine([library]) });
    expect(variables).toMatchObject({
      LD_PRELOAD: library,
      FAKETIME: fakeTime,
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    });
    // Once is enough, also for one that looks.
    expect(variables['CUTOVER_CLOCK_OFFSET_MS']).toBe('0');
    expect(variables).not.toHaveProperty('NODE_OPTIONS');
  });

  test('have to look themselves where there is none', async () => {
    const variables = await variablesOf(clock(-7, { A: '1' }), { component: python, scene: machine([]) });
    expect(variables).toEqual({ A: '1', CUTOVER_CLOCK_OFFSET_MS: '-7' });
  });

  test.each([
    { run: ['node', 'a.js'], lie: { about: 'dns', names: ['*'], answer: 'wrong' }, is: undefined },
    { run: ['/usr/bin/node', 'a.js'], lie: { about: 'dns', names: ['*'], answer: 'wrong' }, is: undefined },
    { run: ['npm', 'start'], lie: { about: 'dns', names: ['*'], answer: 'wrong' }, is: undefined },
    {
      run: ['python3', 'node'],
      lie: { about: 'dns', names: ['*'], answer: 'wrong' },
      is: expect.stringContaining('"python3"'),
    },
    { run: ['python3', 'a.py'], lie: { about: 'clock', offsetMs: 1 }, is: undefined },
  ] as const)('$run and a lie about $lie.about', ({ run, lie, is }) => {
    expect(lieObstacle(lie, moody('good', { run: [...run] }))).toEqual(is);
  });
});
