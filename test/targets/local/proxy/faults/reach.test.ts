import { afterEach, describe, expect, test } from '@jest/globals';
import type { NetworkEffect } from '../../../../../src/targets/fault.ts';
import { cannedBackend, closeAll, eventually, faultsOf, pause, proxyTo, RawClient } from '../support.ts';

afterEach(closeAll);

const last = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
const get = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
const ok = (body: string) => `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const error: NetworkEffect = { effect: 'http-error', status: 503, body: 'fault', share: 1 };
const latency = (delayMs: number): NetworkEffect => ({
  effect: 'latency',
  delayMs,
  jitterMs: 0,
  distribution: 'normal',
  share: 1,
});
const blackhole: NetworkEffect = { effect: 'blackhole', share: 1 };
const anyPort = { host: '127.0.0.1', port: 0 };

const answerOf = async (port: number) => (await new RawClient(port).send(last).all()).split('\r\n\r\n')[1];

async function bothColors() {
  const blue = await cannedBackend(ok('blue'));
  const green = await cannedBackend(ok('green'));
  return { blue, green, ...(await proxyTo([blue.port], { green: [green.port] })) };
}

describe('a fault reaches', () => {
  test('its colour only', async () => {
    const { proxy, port } = await bothColors();
    proxy.setFaults('green', faultsOf([error, latency(600_000), blackhole]));
    expect(await answerOf(port)).toBe('blue');
    expect(proxy.faultCounts('http-error')?.touched).toBe(0);
    proxy.setFaults('green', faultsOf([error]));
    proxy.setLive('green');
    expect(await answerOf(port)).toBe('fault');
    proxy.setLive('blue');
    expect(await answerOf(port)).toBe('blue');
  });

  test('the chosen instances only', async () => {
    const one = await cannedBackend(ok('one'));
    const two = await cannedBackend(ok('two'));
    const { proxy, port } = await proxyTo([one.port, two.port]);
    proxy.setFaults('blue', [{ id: 'some', instances: ['gateway/blue-2'], effect: error }]);
    const seen: Record<string, number> = {};
    for (let count = 0; count < 20; count += 1) {
      const body = (await answerOf(port)) ?? '';
      seen[body] = (seen[body] ?? 0) + 1;
    }
    expect(seen).toEqual({ one: 10, fault: 10 });
    expect(two.received()).toBe('');
    expect(proxy.faultCounts('some')?.touched).toBe(10);
  });

  test('one instance, whatever else is set for another', async () => {
    const one = await cannedBackend(ok('one'));
    const two = await cannedBackend(ok('two'));
    const { proxy, port } = await proxyTo([one.port, two.port]);
    const slow = { id: 'slow', instances: ['gateway/blue-1'], effect: latency(1) };
    proxy.setFaults('blue', [slow, { id: 'broken', instances: ['gateway/blue-2'], effect: error }]);
    const seen = [await answerOf(port), await answerOf(port), await answerOf(port), await answerOf(port)];
    expect(seen.toSorted()).toEqual(['fault', 'fault', 'one', 'one']);
    expect(proxy.faultCounts('slow')?.touched).toBe(2);
  });

  test('and one that is set again goes on with its counts, while the others begin anew', async () => {
    const { proxy, port } = await bothColors();
    const kept = { id: 'kept', instances: 'all', effect: error } as const;
    proxy.setFaults('blue', [kept]);
    await answerOf(port);
    proxy.setFaults('blue', [{ ...kept }, { id: 'new', instances: 'all', effect: latency(1) }]);
    await answerOf(port);
    expect(proxy.faultCounts('kept')?.touched).toBe(2);
    expect(proxy.faultCounts('new')?.touched).toBe(1);
    proxy.setFaults('blue', [{ ...kept, effect: { ...error, status: 500 } as NetworkEffect }]);
    expect(proxy.faultCounts('kept')?.touched).toBe(0);
  });
});

describe('the route', () => {
  test('switches while faults are on: what was held stays with its colour', async () => {
    const { proxy, port } = await bothColors();
    proxy.setFaults('blue', faultsOf([latency(80)]));
    const old = new RawClient(port).send(get);
    await eventually(() => proxy.traffic().blue.inFlight === 1);
    proxy.setLive('green');
    expect(await answerOf(port)).toBe('green');
    await old.until('blue');
    expect(proxy.sinceSwitch().answeredAfterSwitch).toBe(1);
    // The next request of the same connection belongs to the new colour, and meets no fault.
    await old.send(last).until('green');
  });

  test('drains in peace what a fault delays', async () => {
    const { proxy, port } = await bothColors();
    proxy.setFaults('blue', faultsOf([latency(80)]));
    const old = new RawClient(port).send(last);
    await eventually(() => proxy.traffic().blue.inFlight === 1);
    proxy.setLive('green');
    const drained = await proxy.drain('blue', { deadlineMs: 60_000 });
    expect(drained).toEqual({ drained: 'quiet', residual: 0, answeredAfterSwitch: 1 });
    expect(await old.all()).toContain('blue');
  });

  test('at the drain deadline answers what is delayed with 502, and resets what was swallowed', async () => {
    const { proxy, port } = await bothColors();
    proxy.setFaults('blue', faultsOf([latency(600_000)]));
    const delayed = new RawClient(port).send(last);
    await eventually(() => proxy.traffic().blue.inFlight === 1);
    proxy.setFaults('blue', faultsOf([latency(600_000), blackhole]));
    const swallowed = new RawClient(port).send(last);
    await eventually(() => proxy.traffic().blue.inFlight === 2);
    proxy.setFaults('blue', faultsOf([latency(600_000)]));
    proxy.setLive('green');
    await proxy.drain('blue', { deadlineMs: 20 });
    expect(await delayed.all()).toContain('x-cutover-reason: drain-deadline');
    expect(await swallowed.all()).toContain('x-cutover-reason: drain-deadline');
    proxy.setLive('blue');
    proxy.setFaults('blue', faultsOf([blackhole]));
    const lost = new RawClient(port).send(last);
    await eventually(() => proxy.traffic().blue.inFlight === 1);
    proxy.setLive('green');
    expect(await proxy.drain('blue', { deadlineMs: 20 })).toMatchObject({ drained: 'deadline', residual: 1 });
    expect(await lost.all()).toBe('');
    await eventually(() => lost.errorCode === 'ECONNRESET');
    expect(proxy.traffic().blue.inFlight).toBe(0);
  });

  test('a fault counts its requests as the instance’s, so that others are preferred', async () => {
    const one = await cannedBackend(ok('one'));
    const two = await cannedBackend(ok('two'));
    const { proxy, port } = await proxyTo([one.port, two.port]);
    proxy.setFaults('blue', [{ id: 'lost', instances: ['gateway/blue-1'], effect: blackhole }]);
    const first = new RawClient(port).send(last);
    const seen = [await answerOf(port), await answerOf(port), await answerOf(port)];
    expect(seen.filter((body) => body === 'two').length).toBeGreaterThanOrEqual(2);
    expect(proxy.faultCounts('lost')?.touched).toBe(1);
    proxy.setFaults('blue', []);
    expect(await first.all()).toContain('one');
    const after = [await answerOf(port), await answerOf(port), await answerOf(port), await answerOf(port)];
    expect(after.toSorted()).toEqual(['one', 'one', 'two', 'two']);
  });
});

describe('a colour’s own address', () => {
  test('leads to that colour, live or not, past faults like everybody else', async () => {
    const { proxy, port } = await bothColors();
    const { port: green } = await proxy.openColor('green', anyPort);
    expect(await proxy.openColor('green', anyPort)).toEqual({ host: '127.0.0.1', port: green });
    expect(await answerOf(green)).toBe('green');
    proxy.setLive('green');
    expect(await answerOf(green)).toBe('green');
    proxy.setLive('blue');
    proxy.setFaults('green', faultsOf([error]));
    expect(await answerOf(green)).toBe('fault');
    expect(await answerOf(port)).toBe('blue');
  });

  test('is not mistaken for traffic of the route', async () => {
    const { proxy, port } = await bothColors();
    const { port: green } = await proxy.openColor('green', anyPort);
    const { port: blue } = await proxy.openColor('blue', anyPort);
    proxy.setLive('green');
    await answerOf(green);
    await answerOf(blue);
    expect(proxy.sinceSwitch()).toEqual({
      firstNewMs: undefined,
      lastOldMs: undefined,
      answeredAfterSwitch: 0,
    });
    expect(proxy.traffic()).toMatchObject({
      blue: { answered: 0, inFlight: 0, lastAnswerAt: undefined },
      green: { answered: 0, inFlight: 0, lastAnswerAt: undefined },
    });
    expect(await proxy.drain('blue', { deadlineMs: 60_000, quietMs: 30_000 })).toMatchObject({
      drained: 'quiet',
    });
    await answerOf(port);
    expect(proxy.traffic().green.answered).toBe(1);
  });

  test('keeps connections to a backend as the live one does, and a drain closes them', async () => {
    const { proxy, green } = await bothColors();
    const { port } = await proxy.openColor('green', anyPort);
    const client = new RawClient(port);
    for (let count = 1; count <= 3; count += 1) {
      client.send(get);
      await eventually(() => client.text.split('green').length === count + 1);
    }
    expect(green.connections()).toBe(1);
    await proxy.drain('green', { deadlineMs: 0 });
    client.send(get);
    await eventually(() => client.text.split('green').length === 5);
    expect(green.connections()).toBe(2);
  });

  test('waits for requests that are open when the colour drains', async () => {
    const { proxy } = await bothColors();
    proxy.setFaults('green', faultsOf([latency(600_000)]));
    const { port } = await proxy.openColor('green', anyPort);
    const client = new RawClient(port).send(last);
    await eventually(() => proxy.traffic().green.inFlight === 1);
    expect(await proxy.drain('green', { deadlineMs: 20 })).toMatchObject({
      drained: 'deadline',
      residual: 1,
    });
    expect(await client.all()).toContain('drain-deadline');
  });

  test('answers 503 when nothing runs, and is closed when the colour is removed', async () => {
    const { proxy } = await bothColors();
    const { port } = await proxy.openColor('green', anyPort);
    const idle = new RawClient(port).send(get);
    await idle.until('green');
    proxy.setBackends('green', []);
    expect(await answerOf(port)).toContain('no instance of green');
    await proxy.closeColor('green');
    await idle.all();
    const late = new RawClient(port);
    await late.all();
    expect(late.errorCode).toBe('ECONNREFUSED');
    await proxy.closeColor('green');
    await pause(1);
    expect((await proxy.openColor('green', anyPort)).port).toBeGreaterThan(0);
  });
});
