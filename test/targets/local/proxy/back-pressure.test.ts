import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { closeAll, eventually, httpBackend, proxyTo, RawClient, rawBackend } from './support.ts';

afterEach(closeAll);

const mebibyte = 1024 * 1024;
/** Far above what the kernel's buffers of two connections take (6 MiB each at the most by default). */
const total = 64 * mebibyte;

/** Whether a counter has stopped to move for 200 ms. */
function settled(read: () => number): () => boolean {
  let last = -1;
  let same = 0;
  return () => {
    const value = read();
    same = value === last ? same + 1 : 0;
    last = value;
    return same > 40;
  };
}

/** Writes `total` bytes, waiting for `drain`; returns how many were given to the socket so far. */
function pour(socket: Socket): () => number {
  const block = Buffer.alloc(256 * 1024, 120);
  let given = 0;
  const more = () => {
    while (given < total) {
      given += block.length;
      if (!socket.write(block)) {
        socket.once('drain', more);
        return;
      }
    }
  };
  more();
  return () => given;
}

describe('a side that does not read stops the other one', () => {
  test('an answer to a client that does not read; it is whole when the client reads on', async () => {
    let given = () => 0;
    const backend = await rawBackend((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${total}\r\n\r\n`);
      given = pour(socket);
    });
    const { proxy, port } = await proxyTo([backend.port]);
    const client = new RawClient(port);
    client.socket.removeAllListeners('data').pause();
    client.send('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    await eventually(() => given() > 0);
    await eventually(settled(() => given()));
    expect(given()).toBeLessThan(total / 2);
    expect(proxy.traffic().blue.inFlight).toBe(1);
    let received = 0;
    client.socket.on('data', (bytes) => {
      received += bytes.length;
    });
    client.socket.resume();
    await eventually(() => client.ended);
    expect(received).toBeGreaterThan(total);
    expect(proxy.traffic().blue).toMatchObject({ answered: 1, inFlight: 0 });
  });

  test('a request to a backend that does not read; it is whole when the backend reads on', async () => {
    let resume = () => {};
    const { port: backend } = await httpBackend((request, response) => {
      const hash = createHash('sha256');
      resume = () => request.on('data', (bytes: Buffer) => hash.update(bytes));
      request.on('end', () => response.end(hash.digest('hex')));
    });
    const { port } = await proxyTo([backend]);
    const client = new RawClient(port).send(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${total}\r\n\r\n`);
    const given = pour(client.socket);
    await eventually(settled(given));
    expect(given()).toBeLessThan(total / 2);
    resume();
    await client.until(createHash('sha256').update(Buffer.alloc(total, 120)).digest('hex'));
  });

  test('pipelined requests of a client that does not read are not all served', async () => {
    let served = 0;
    const body = 'x'.repeat(50_000);
    const { port: backend } = await httpBackend((_request, response) => {
      served += 1;
      response.end(body);
    });
    const { port } = await proxyTo([backend]);
    const client = new RawClient(port);
    client.socket.pause();
    const count = 2_000;
    client.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(count));
    await eventually(() => served > 0);
    await eventually(settled(() => served));
    expect(served).toBeLessThan(count / 2);
    client.socket.resume();
    await eventually(() => served === count);
  });
});
