import { afterEach, describe, expect, test } from '@jest/globals';
import type { NetworkEffect } from '../../../../../src/targets/fault.ts';
import {
  cannedBackend,
  closeAll,
  deadPort,
  eventually,
  faultsOf,
  httpBackend,
  pause,
  proxyTo,
  RawClient,
  rawBackend,
} from '../support.ts';

afterEach(closeAll);

const get = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
const last = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
const ok = (body: string) => `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const statuses = (text: string) => [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);

const latency = (delayMs: number, share = 1): NetworkEffect => ({
  effect: 'latency',
  delayMs,
  jitterMs: 0,
  distribution: 'uniform',
  share,
});
const reset = (share = 1): NetworkEffect => ({ effect: 'reset', share });
const blackhole = (share = 1): NetworkEffect => ({ effect: 'blackhole', share });
const error = (share = 1, status = 503, body = 'broken'): NetworkEffect => ({
  effect: 'http-error',
  share,
  status,
  body,
});

const elapsed = async (task: () => Promise<unknown>) => {
  const started = performance.now();
  await task();
  return performance.now() - started;
};

/** Whether nothing comes for a while. */
const silent = async (client: RawClient) => {
  const before = client.text;
  await pause(60);
  return client.text === before && !client.ended;
};

/** Sends requests over connections of their own, one after the other; resolves with what became of each. */
async function outcomes(port: number, count: number): Promise<string[]> {
  const seen: string[] = [];
  for (let number = 0; number < count; number += 1) {
    const client = new RawClient(port).send(last);
    const [status] = statuses(await client.all());
    seen.push(client.errorCode ?? status ?? 'closed');
  }
  return seen;
}

const countOf = (all: readonly string[], one: string) => all.filter((each) => each === one).length;

describe('latency', () => {
  test('delays each request, on a kept connection too', async () => {
    const backend = await cannedBackend(ok('a'));
    const { proxy, port } = await proxyTo([backend.port]);
    proxy.setFaults('blue', faultsOf([latency(100)]));
    const client = new RawClient(port);
    expect(await elapsed(() => client.send(get).until('\r\n\r\na'))).toBeGreaterThanOrEqual(80);
    client.text = '';
    expect(await elapsed(() => client.send(get).until('\r\n\r\na'))).toBeGreaterThanOrEqual(80);
    expect(proxy.faultCounts('latency')).toEqual({ touched: 2, passedBytes: 0 });
  });

  test('of a share touches that share, and is not measured at the others', async () => {
    const backend = await cannedBackend(ok('a'));
    const { proxy, port } = await proxyTo([backend.port], { seed: 7 });
    proxy.setFaults('blue', faultsOf([latency(30, 0.25)]));
    const times: number[] = [];
    for (let number = 0; number < 80; number += 1)
      times.push(await elapsed(() => new RawClient(port).send(last).all()));
    const { touched = 0 } = proxy.faultCounts('latency') ?? {};
    // 20 are expected; four standard deviations are 15.5.
    expect(Math.abs(touched - 20)).toBeLessThan(15.5);
    const sorted = times.toSorted((a, b) => b - a);
    expect(sorted[touched - 1]).toBeGreaterThanOrEqual(29);
  });

  test('of two faults adds up', async () => {
    const backend = await cannedBackend(ok('a'));
    const { proxy, port } = await proxyTo([backend.port]);
    proxy.setFaults('blue', [
      { id: 'one', instances: 'all', effect: latency(60) },
      { id: 'two', instances: ['gateway/blue-1'], effect: latency(60) },
    ]);
    expect(await elapsed(() => new RawClient(port).send(last).all())).toBeGreaterThanOrEqual(110);
  });

  test('keeps the order of pipelined requests', async () => {
    const backend = await httpBackend((request, response) => response.end(`<${request.url}>`));
    const { proxy, port } = await proxyTo([backend.port], { seed: 1 });
    proxy.setFaults('blue', faultsOf([{ ...latency(5), jitterMs: 5 } as NetworkEffect]));
    const requests = Array.from({ length: 20 }, (_, n) => `GET /${n} HTTP/1.1\r\nHost: x\r\n\r\n`);
    const text = await new RawClient(port).send(requests.join('')).until('</19>');
    expect([...text.matchAll(/<\/(\d+)>/g)].map(([, n]) => Number(n))).toEqual(
      Array.from({ length: 20 }, (_, n) => n),
    );
  });

  test('that is removed lets go of what it held, at once and in order', async () => {
    const backend = await cannedBackend(ok('a'));
    const { proxy, port } = await proxyTo([backend.port]);
    proxy.setFaults('blue', faultsOf([latency(600_000)]));
    const clients = Array.from({ length: 5 }, (_, n) =>
      new RawClient(port).send(`GET /${n} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`),
    );
    await eventually(() => proxy.faultCounts('latency')?.touched === 5);
    expect(backend.received()).toBe('');
    expect(proxy.traffic().blue.inFlight).toBe(5);
    proxy.setFaults('blue', []);
    for (const client of clients) expect(statuses(await client.all())).toEqual(['200']);
    expect(proxy.faultCounts('latency')).toBeUndefined();
    expect(proxy.traffic().blue).toMatchObject({ inFlight: 0, answered: 5 });
    expect(await elapsed(() => new RawClient(port).send(last).all())).toBeLessThan(60_000);
  });

  test('delays uploads whose body comes later, and those from HTTP/1.0', async () => {
    let received = '';
    const { port: backend } = await httpBackend((request, response) => {
      request.setEncoding('latin1').on('data', (part: string) => {
        received += part;
      });
      request.on('end', () => response.end(`got ${received.length}`));
    });
    const { proxy, port } = await proxyTo([backend]);
    proxy.setFaults('blue', faultsOf([latency(50)]));
    const client = new RawClient(port).send('POST / HTTP/1.0\r\nHost: x\r\nContent-Length: 300000\r\n\r\nab');
    await pause(5);
    client.send('c'.repeat(299_998));
    expect(await client.all()).toContain('got 300000');
    expect(received.startsWith('abccc')).toBe(true);
  });

  test('holds no request of a client that has gone', async () => {
    const backend = await cannedBackend(ok('a'));
    const { proxy, port } = await proxyTo([backend.port]);
    proxy.setFaults('blue', faultsOf([latency(600_000)]));
    const client = new RawClient(port).send(get);
    await eventually(() => proxy.traffic().blue.inFlight === 1);
    client.socket.resetAndDestroy();
    await eventually(() => proxy.traffic().blue.inFlight === 0);
    proxy.setFaults('blue', []);
    await pause(20);
    expect(backend.received()).toBe('');
  });
});

describe('reset', () => {
  test('is a reset for the client, after the component has had the request', async () => {
    const backend = await cannedBackend(ok('a'));
    const { proxy, port } = await proxyTo([backend.port]);
    proxy.setFaults('blue', faultsOf([reset()]));
    const client = new RawClient(port).send(get);
    expect(await client.all()).toBe('');
    await eventually(() => client.errorCode === 'ECONNRESET');
    expect(backend.received()).toContain('GET / ');
    expect(proxy.faultCounts('reset')?.touched).toBe(1);
    expect(proxy.traffic().blue).toMatchObject({ inFlight: 0, answered: 0 });
  });

  test('hits its share, and the others are answered', async () => {
    const backend = await cannedBackend(ok('a'));
    const { proxy, port } = await proxyTo([backend.port], { seed: 3 });
    proxy.setFaults('blue', faultsOf([reset(0.3)]));
    const seen = await outcomes(port, 100);
    const hit = countOf(seen, 'ECONNRESET');
    expect(countOf(seen, '200')).toBe(100 - hit);
    expect(proxy.faultCounts('reset')?.touched).toBe(hit);
    // Four standard deviations.
    expect(Math.abs(hit - 30)).toBeLessThan(18.4);
  });

  test('does not serve what was pipelined behind it', async () => {
    const backend = await cannedBackend(ok('a'));
    const { proxy, port } = await proxyTo([backend.port]);
    proxy.setFaults('blue', faultsOf([reset()]));
    await new RawClient(port).send(get + get.replace('/', '/second')).all();
    await pause(20);
    expect(backend.received()).not.toContain('/second');
  });

  test('cuts an answer that is under way', async () => {
    const backend = await rawBackend((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf-');
      setTimeout(() => socket.write('whole'), 50);
    });
    const { proxy, port } = await proxyTo([backend.port]);
    const client = new RawClient(port).send(get);
    await client.until('half-');
    proxy.setFaults('blue', faultsOf([reset()]));
    await client.all();
    expect(client.text).not.toContain('whole');
    await eventually(() => client.errorCode === 'ECONNRESET');
  });
});

describe('blackhole', () => {
  test('takes requests and answers none of them; once removed, they are sent', async () => {
    const backend = await cannedBackend(ok('a'));
    const { proxy, port } = await proxyTo([backend.port]);
    proxy.setFaults('blue', faultsOf([blackhole()]));
    const client = new RawClient(port).send(get);
    expect(await silent(client)).toBe(true);
    expect(backend.received()).toBe('');
    expect(proxy.faultCounts('blackhole')?.touched).toBe(1);
    proxy.setFaults('blue', []);
    await client.until('\r\n\r\na');
    expect(statuses(await client.send(last).all())).toEqual(['200', '200']);
  });

  test('stops an answer that is under way', async () => {
    const backend = await rawBackend((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf-');
      setTimeout(() => socket.write('whole'), 50);
    });
    const { proxy, port } = await proxyTo([backend.port]);
    const client = new RawClient(port).send(get);
    await client.until('half-');
    proxy.setFaults('blue', faultsOf([blackhole()]));
    await pause(80);
    expect(client.text).not.toContain('whole');
    proxy.setFaults('blue', []);
    await client.until('half-whole');
    expect(proxy.traffic().blue).toMatchObject({ inFlight: 0, answered: 1 });
  });

  test('stops an upload that is under way', async () => {
    const backend = await rawBackend((socket, _chunk, soFar) => {
      if (soFar.endsWith('one-two!')) socket.write(ok('thanks'));
    });
    const { proxy, port } = await proxyTo([backend.port]);
    const client = new RawClient(port).send('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\none-');
    await eventually(() => backend.received().endsWith('one-'));
    proxy.setFaults('blue', faultsOf([blackhole()]));
    client.send('two!');
    expect(await silent(client)).toBe(true);
    expect(backend.received()).not.toContain('two!');
    proxy.setFaults('blue', []);
    await client.until('thanks');
  });

  test('lets go of a client that gives up', async () => {
    const backend = await cannedBackend(ok('a'));
    const { proxy, port } = await proxyTo([backend.port]);
    proxy.setFaults('blue', faultsOf([blackhole()]));
    const client = new RawClient(port).send(get);
    await eventually(() => proxy.traffic().blue.inFlight === 1);
    client.finish();
    await client.all();
    expect(proxy.traffic().blue.inFlight).toBe(0);
    proxy.setFaults('blue', []);
    await pause(20);
    expect(backend.received()).toBe('');
  });

  test('of a share leaves the others alone', async () => {
    const backend = await cannedBackend(ok('a'));
    const { proxy, port } = await proxyTo([backend.port], { seed: 5 });
    proxy.setFaults('blue', faultsOf([blackhole(0.5)]));
    const clients = Array.from({ length: 60 }, () => new RawClient(port).send(last));
    const answered = () => clients.filter(({ text }) => text.includes('\r\n\r\na')).length;
    await eventually(() => answered() + (proxy.faultCounts('blackhole')?.touched ?? 0) === 60);
    expect(Math.abs(answered() - 30)).toBeLessThan(15.5);
    proxy.setFaults('blue', []);
    for (const client of clients) expect(statuses(await client.all())).toEqual(['200']);
  });
});

describe('http-error', () => {
  test('is answered instead of the component, on a connection that goes on', async () => {
    const backend = await cannedBackend(ok('a'));
    const { proxy, port } = await proxyTo([backend.port]);
    proxy.setFaults('blue', faultsOf([error()]));
    const client = new RawClient(port).send(get + get);
    await client.until('broken');
    await eventually(() => client.text.split('broken').length === 3);
    expect(client.text).toMatch(/^HTTP\/1\.1 503 Service Unavailable\r\n[\s\S]*content-length: 6\r\n/);
    expect(backend.received()).toBe('');
    proxy.setFaults('blue', []);
    expect(statuses(await client.send(last).all())).toEqual(['503', '503', '200']);
    expect(backend.received().match(/GET/g)).toHaveLength(1);
  });

  test.each([
    [
      'HEAD',
      'HEAD / HTTP/1.1\r\nHost: x\r\n\r\n',
      /^HTTP\/1\.1 503 [\s\S]*content-length: 6\r\n[^b]*\r\n\r\nHTTP/,
    ],
    ['a body', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello', /\r\n\r\nbrokenHTTP/],
    [
      'chunks',
      'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
      /\r\n\r\nbrokenHTTP/,
    ],
    [
      'HTTP/1.0',
      'GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n',
      /connection: keep-alive\r\n\r\nbrokenHTTP/,
    ],
  ])('is framed so that the next request is understood: %s', async (_name, request, framed) => {
    const backend = await cannedBackend(ok('a'));
    const { proxy, port } = await proxyTo([backend.port]);
    proxy.setFaults('blue', faultsOf([error()]));
    const client = new RawClient(port).send(request + last);
    const text = await client.all();
    expect(text).toMatch(framed);
    expect(statuses(text)).toEqual(['503', '503']);
    expect(backend.received()).toBe('');
  });

  test('with a status that has no body has none', async () => {
    const backend = await cannedBackend(ok('a'));
    const { proxy, port } = await proxyTo([backend.port]);
    proxy.setFaults('blue', faultsOf([error(1, 204, 'never')]));
    const text = await new RawClient(port).send(get + last).all();
    expect(statuses(text)).toEqual(['204', '204']);
    expect(text).not.toMatch(/never|content-length/);
  });

  test('reads a large upload to its end first, and goes on', async () => {
    const backend = await cannedBackend(ok('a'));
    const { proxy, port } = await proxyTo([backend.port]);
    proxy.setFaults('blue', faultsOf([latency(5), error()]));
    const size = 2_000_000;
    const client = new RawClient(port).send(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${size}\r\n\r\n`);
    await pause(20);
    expect(client.text).toBe('');
    client.send('x'.repeat(size)).send(last);
    expect(statuses(await client.all())).toEqual(['503', '503']);
    expect(backend.received()).toBe('');
  });

  test('does not wait for a body that the client sends only when told to', async () => {
    const backend = await cannedBackend(ok('a'));
    const { proxy, port } = await proxyTo([backend.port]);
    proxy.setFaults('blue', faultsOf([error()]));
    const client = new RawClient(port).send(
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n',
    );
    expect(await client.until('broken')).toMatch(/^HTTP\/1\.1 503 [\s\S]*connection: close\r\n/);
  });

  test('refuses a malformed upload as ever', async () => {
    const backend = await cannedBackend(ok('a'));
    const { proxy, port } = await proxyTo([backend.port]);
    proxy.setFaults('blue', faultsOf([error()]));
    const client = new RawClient(port).send(
      'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n',
    );
    await pause(10);
    client.send('zz\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(statuses(await client.all())).toEqual(['400']);
    expect(backend.received()).toBe('');
  });

  test('hits its share', async () => {
    const backend = await cannedBackend(ok('a'));
    const { proxy, port } = await proxyTo([backend.port], { seed: 11 });
    proxy.setFaults('blue', faultsOf([error(0.2, 500, '')]));
    const seen = await outcomes(port, 100);
    expect(countOf(seen, '200') + countOf(seen, '500')).toBe(100);
    expect(Math.abs(countOf(seen, '500') - 20)).toBeLessThan(16);
    expect(proxy.faultCounts('http-error')?.touched).toBe(countOf(seen, '500'));
  });

  test('comes after the delay of a latency that is set beside it', async () => {
    const { proxy, port } = await proxyTo([await deadPort()]);
    proxy.setFaults('blue', faultsOf([latency(60), error()]));
    const client = new RawClient(port);
    expect(await elapsed(() => client.send(last).all())).toBeGreaterThanOrEqual(50);
    expect(statuses(client.text)).toEqual(['503']);
  });
});

describe('slow-close', () => {
  test('keeps a connection open that should be closed', async () => {
    const backend = await cannedBackend(ok('a'));
    const { proxy, port } = await proxyTo([backend.port]);
    proxy.setFaults('blue', faultsOf([{ effect: 'slow-close', delayMs: 120 }]));
    const client = new RawClient(port).send(last);
    await client.until('\r\n\r\na');
    expect(await elapsed(() => client.all())).toBeGreaterThanOrEqual(80);
    expect(proxy.faultCounts('slow-close')?.touched).toBe(1);
  });

  test('that is removed closes it', async () => {
    const backend = await cannedBackend(ok('a'));
    const { proxy, port } = await proxyTo([backend.port]);
    proxy.setFaults('blue', faultsOf([{ effect: 'slow-close', delayMs: 600_000 }]));
    const client = new RawClient(port).send(last);
    await client.until('\r\n\r\na');
    expect(await silent(client)).toBe(true);
    proxy.setFaults('blue', []);
    expect(statuses(await client.all())).toEqual(['200']);
  });
});
