import { afterEach, describe, expect, test } from '@jest/globals';
import type { NetworkEffect } from '../../../../../src/targets/fault.ts';
import {
  closeAll,
  eventually,
  faultsOf,
  httpBackend,
  pause,
  proxyTo,
  RawClient,
  rawBackend,
} from '../support.ts';

afterEach(closeAll);

const bandwidth = (
  bytesPerSecond: number,
  direction: 'requests' | 'answers' | 'both' = 'answers',
): NetworkEffect => ({ effect: 'bandwidth', bytesPerSecond, direction });

const download = (headers = '') => `GET / HTTP/1.1\r\nHost: x\r\n${headers}\r\n`;
const upload = (size: number, rest = '') =>
  `POST / HTTP/1.1\r\nHost: x\r\n${rest}Content-Length: ${size}\r\n\r\n${'u'.repeat(size)}`;

/** Answers with so many bytes, in chunks where it is asked to; uploads with their size. */
function server(size: number) {
  return httpBackend((request, response) => {
    let received = 0;
    request.on('data', (part: Buffer) => {
      received += part.length;
    });
    request.on('end', () => {
      if (request.method === 'POST') response.end(`got ${received}`);
      else {
        if (request.headers['x-chunks'] === undefined) response.setHeader('content-length', size);
        response.write('d'.repeat(size - 3));
        response.end('end');
      }
    });
  });
}

const elapsed = async (task: () => Promise<unknown>) => {
  const started = performance.now();
  await task();
  return performance.now() - started;
};

describe('bandwidth', () => {
  test.each([
    ['with a length', ''],
    ['in chunks', 'X-Chunks: yes\r\n'],
  ])('throttles an answer %s, which stays whole', async (_name, headers) => {
    const { port: backend } = await server(100_000);
    const { proxy, port } = await proxyTo([backend]);
    proxy.setFaults('blue', faultsOf([bandwidth(400_000)]));
    const client = new RawClient(port);
    const ms = await elapsed(() => client.send(download(`${headers}Connection: close\r\n`)).all());
    expect(ms).toBeGreaterThanOrEqual(200);
    expect(client.text.match(/d/g)?.length).toBeGreaterThanOrEqual(99_997);
    expect(client.text).toMatch(/end(\r\n0\r\n\r\n)?$/);
    const counts = proxy.faultCounts('bandwidth');
    expect(counts).toEqual({ touched: 1, passedBytes: client.text.length });
  });

  test('throttles uploads, and answers only where it is told to', async () => {
    const { port: backend } = await server(100_000);
    const { proxy, port } = await proxyTo([backend]);
    proxy.setFaults('blue', faultsOf([bandwidth(400_000, 'requests')]));
    const client = new RawClient(port);
    const ms = await elapsed(() => client.send(upload(100_000)).until('got 100000'));
    expect(ms).toBeGreaterThanOrEqual(200);
    const before = proxy.faultCounts('bandwidth')?.passedBytes ?? 0;
    expect(before).toBeGreaterThan(100_000);
    await client.send(download()).until('end');
    expect((proxy.faultCounts('bandwidth')?.passedBytes ?? 0) - before).toBeLessThan(1_000);
  });

  test('counts both ways where it is told to', async () => {
    const { port: backend } = await server(100_000);
    const { proxy, port } = await proxyTo([backend]);
    proxy.setFaults('blue', faultsOf([bandwidth(5_000_000, 'both')]));
    await new RawClient(port).send(upload(100_000)).until('got 100000');
    await new RawClient(port).send(download('Connection: close\r\n')).all();
    expect(proxy.faultCounts('bandwidth')?.passedBytes).toBeGreaterThan(200_000);
  });

  test('is shared by all connections, none of which starves', async () => {
    const { port: backend } = await server(50_000);
    const { proxy, port } = await proxyTo([backend]);
    proxy.setFaults('blue', faultsOf([bandwidth(400_000)]));
    const clients = Array.from({ length: 4 }, () =>
      new RawClient(port).send(download('Connection: close\r\n')),
    );
    const all = elapsed(() => Promise.all(clients.map((client) => client.all())));
    await eventually(() => clients.every(({ text }) => text.length > 10_000));
    // Had they been served one after the other, the first one would be done before the last one began.
    expect(clients.some(({ text }) => text.endsWith('end'))).toBe(false);
    expect(await all).toBeGreaterThanOrEqual(400);
    expect(clients.every(({ text }) => text.endsWith('end'))).toBe(true);
  });

  test('holds the sender back instead of taking it all in', async () => {
    let written = 0;
    const { port: backend } = await httpBackend((_request, response) => {
      const more = () => {
        while (written < 50_000_000) {
          written += 100_000;
          if (!response.write('x'.repeat(100_000))) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    });
    const { proxy, port } = await proxyTo([backend]);
    proxy.setFaults('blue', faultsOf([bandwidth(100_000)]));
    const client = new RawClient(port).send(download());
    await eventually(() => client.text.length > 20_000);
    const before = written;
    await pause(100);
    expect(written - before).toBeLessThanOrEqual(1_000_000);
    expect(written).toBeLessThan(50_000_000);
  });

  test('that is removed lets everything flow', async () => {
    const { port: backend } = await server(3_000_000);
    const { proxy, port } = await proxyTo([backend]);
    proxy.setFaults('blue', faultsOf([bandwidth(1_000)]));
    const client = new RawClient(port).send(download('Connection: close\r\n'));
    const sending = new RawClient(port).send(upload(3_000_000, 'Connection: close\r\n'));
    await eventually(() => (proxy.faultCounts('bandwidth')?.passedBytes ?? 0) > 5);
    proxy.setFaults('blue', []);
    expect((await client.all()).endsWith('end')).toBe(true);
    expect(await sending.all()).toContain('got 3000000');
  });

  test('of two faults is the smaller one', async () => {
    const { port: backend } = await server(60_000);
    const { proxy, port } = await proxyTo([backend]);
    proxy.setFaults('blue', [
      { id: 'wide', instances: 'all', effect: bandwidth(10_000_000) },
      { id: 'narrow', instances: 'all', effect: bandwidth(300_000, 'both') },
    ]);
    const clients = [1, 2].map(() => new RawClient(port).send(download('Connection: close\r\n')));
    const ms = await elapsed(() => Promise.all(clients.map((client) => client.all())));
    expect(ms).toBeGreaterThanOrEqual(320);
    expect(clients.every(({ text }) => text.endsWith('end'))).toBe(true);
  });

  test('takes up no pipelined request before the answer to the last one is out', async () => {
    let asked = 0;
    const { port: backend } = await httpBackend((_request, response) => {
      asked += 1;
      response.end('x'.repeat(50_000));
    });
    const { proxy, port } = await proxyTo([backend]);
    proxy.setFaults('blue', faultsOf([bandwidth(100_000)]));
    const client = new RawClient(port).send(download().repeat(50));
    await eventually(() => client.text.length > 10_000);
    expect(asked).toBe(1);
    proxy.setFaults('blue', []);
    await eventually(() => client.text.length > 50 * 50_000);
    expect(asked).toBe(50);
  });

  test('does not use a backend connection again that still has a request to send', async () => {
    const backend = await rawBackend((socket, chunk) => {
      // Answers before it has read the upload.
      if (chunk.includes(' HTTP/1.1\r\n')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
    });
    const { proxy, port } = await proxyTo([backend.port]);
    proxy.setFaults('blue', faultsOf([bandwidth(50_000, 'requests')]));
    const client = new RawClient(port).send(upload(100_000));
    await client.until('\r\n\r\nok');
    await new RawClient(port).send(download()).until('\r\n\r\nok');
    expect(backend.connections()).toBe(2);
  });

  test('keeps pipelined answers apart and in order', async () => {
    const { port: backend } = await httpBackend((request, response) => response.end(`<${request.url}>`));
    const { proxy, port } = await proxyTo([backend]);
    proxy.setFaults('blue', faultsOf([bandwidth(20_000, 'both')]));
    const requests = Array.from({ length: 12 }, (_, n) => `GET /${n} HTTP/1.1\r\nHost: x\r\n\r\n`);
    const text = await new RawClient(port).send(requests.join('')).until('</11>');
    expect([...text.matchAll(/<\/(\d+)>/g)].map(([, n]) => Number(n))).toEqual(
      Array.from({ length: 12 }, (_, n) => n),
    );
  });
});
