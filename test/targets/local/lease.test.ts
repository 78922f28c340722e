import { afterEach, describe, expect, test } from '@jest/globals';
import {
  acquired,
  heldAt,
  refuseFenced,
  released,
  renewed,
} from '../../../src/targets/local/supervisor/lease.ts';
import { Fenced, LeaseHeld, LeaseLost } from '../../../src/targets/target.ts';
import { LocalSandbox, until } from '../../support/local-sandbox.ts';

const none = { token: 0, held: null };
const held = acquired(none, { holder: 'a', ttlMs: 100, now: 1_000 });

describe('the lease as a value', () => {
  test('is given out with a growing token and an end', () => {
    expect(held).toEqual({ token: 1, held: { holder: 'a', since: 1_000, expiresAt: 1_100, ttlMs: 100 } });
    expect(heldAt(held, 1_099)).toEqual({ holder: 'a', since: 1_000, expiresAt: 1_100 });
    expect(heldAt(held, 1_100)).toBeUndefined();
  });

  test.each([
    { name: 'another before its end', holder: 'b', now: 1_099, gets: 'refused' },
    { name: 'another at its end', holder: 'b', now: 1_100, gets: 'token 2' },
    { name: 'one of the same name', holder: 'a', now: 1_050, gets: 'refused' },
  ])('asked for by $name: $gets', ({ holder, now, gets }) => {
    const ask = () => `token ${acquired(held, { holder, ttlMs: 100, now }).token}`;
    if (gets === 'refused') expect(ask).toThrow(LeaseHeld);
    else expect(ask()).toBe(gets);
  });

  test('is renewed by its holder only, also after its end as long as nobody took it', () => {
    expect(renewed(held, 1, 1_050).held?.expiresAt).toBe(1_150);
    expect(renewed(held, 1, 5_000).held?.expiresAt).toBe(5_100);
    const taken = acquired(held, { holder: 'b', ttlMs: 100, now: 2_000 });
    expect(() => renewed(taken, 1, 2_001)).toThrow(LeaseLost);
    expect(() => renewed(released(held, 1), 1, 1_050)).toThrow(LeaseLost);
  });

  test('given back by somebody who no longer has it changes nothing', () => {
    const taken = acquired(held, { holder: 'b', ttlMs: 100, now: 2_000 });
    expect(released(taken, 1)).toBe(taken);
    expect(released(taken, 2)).toEqual({ token: 2, held: null });
  });

  test.each([
    { token: 1, refused: false },
    { token: 0, refused: true },
    { token: 2, refused: true },
    { token: Number.NaN, refused: true },
  ])('a write with token $token at token 1 is refused: $refused', ({ token, refused }) => {
    const write = () => refuseFenced(held, token);
    if (refused) expect(write).toThrow(Fenced);
    else write();
  });
});

describe('the lease of a supervisor', () => {
  let sandbox: LocalSandbox;
  afterEach(() => sandbox.end());

  test('names its holder, is taken over after its end, and its tokens outlive the supervisor', async () => {
    sandbox = await LocalSandbox.create();
    const [one, two] = [await sandbox.open(), await sandbox.open()];
    const first = await one.lease.acquire({ holder: 'run 1', ttlMs: 60_000 });
    const refused = two.lease.acquire({ holder: 'run 2', ttlMs: 60_000 });
    await expect(refused).rejects.toMatchObject({ name: 'LeaseHeld', lease: { holder: 'run 1' } });
    await expect(refused).rejects.toThrow(/held by run 1 since \d{4}-/);
    await first.release();
    const short = await one.lease.acquire({ holder: 'run 1', ttlMs: 50 });
    await until(async () => (await one.lease.read()) === undefined, 'its end');
    const second = await two.lease.acquire({ holder: 'run 2', ttlMs: 60_000 });
    expect([first.token, short.token, second.token]).toEqual([1, 2, 3]);
    await expect(short.renew()).rejects.toMatchObject({ name: 'LeaseLost' });
    await expect(one.journal.write('cutover', {}, short.token)).rejects.toMatchObject({ name: 'Fenced' });
    await sandbox.killSupervisor();
    await second.renew();
    await second.release();
    expect((await one.lease.acquire({ holder: 'run 3', ttlMs: 1_000 })).token).toBe(4);
  });

  test('keeps one document a key, and removes it', async () => {
    sandbox = await LocalSandbox.create();
    const target = await sandbox.open();
    const { token } = await target.lease.acquire({ holder: 'run', ttlMs: 60_000 });
    const document = { phase: 'switching', text: 'ä\n' };
    await target.journal.write('cutover', document, token);
    await target.journal.write('chaos', [1], token);
    expect(await target.journal.read('cutover')).toEqual(document);
    await target.journal.write('cutover', undefined, token);
    expect(await target.journal.read('cutover')).toBeUndefined();
    expect(await target.journal.read('chaos')).toEqual([1]);
    await expect(target.journal.write('../state', {}, token)).rejects.toThrow('is no key');
  });

  test('ends with the connection of its holder, and only with that one', async () => {
    sandbox = await LocalSandbox.create();
    const [one, two, watcher] = [await sandbox.open(), await sandbox.open(), await sandbox.open()];
    await one.lease.acquire({ holder: 'run 1', ttlMs: 60_000 });
    await two.close();
    expect(await watcher.lease.read()).toMatchObject({ holder: 'run 1' });
    await one.close();
    await until(async () => (await watcher.lease.read()) === undefined, 'the end of the lease');
  });
});
