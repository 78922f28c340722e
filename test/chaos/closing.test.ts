import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import { awaitClosing } from '../../src/chaos/closing.ts';
import { systemClock } from '../../src/platform/clock.ts';

let server: Server | undefined;
const sockets = new Set<Socket>();
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  server = undefined;
});

/** A server that does something with each connection whose request has come; resolves with its URL. */
async function serving(act: (socket: Socket, request: string) => void): Promise<string> {
  const listening = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', (chunk) => act(socket, chunk.toString()));
  }).listen(0, '127.0.0.1');
  server = listening;
  await once(listening, 'listening');
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}/health?x=1`;
}

const ask = (url: string, signal = new AbortController().signal) =>
  awaitClosing({ url, clock: systemClock, signal });

test('asks for the path, says that it will not ask again, and waits for the other side', async () => {
  let asked = '';
  const url = await serving((socket, request) => {
    asked = request;
    socket.write('HTTP/1.1 204 No Content\r\n\r\n');
    setTimeout(() => socket.end(), 120);
  });
  const { status, bytes, openMs } = await ask(url);
  expect([status, bytes]).toEqual([204, 27]);
  // A timer may ring a millisecond early by the other clock.
  expect(openMs).toBeGreaterThan(100);
  expect(asked).toMatch(/^GET \/health\?x=1 HTTP\/1.1\r\nhost: 127.0.0.1:\d+\r\nconnection: close\r\n\r\n$/);
});

test('the last byte counts, not the first', async () => {
  const url = await serving(async (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n\r\nfirst');
    await delay(300);
    socket.end('last');
  });
  const began = systemClock.monotonic();
  const { bytes, openMs } = await ask(url);
  expect(bytes).toBe('HTTP/1.1 200 OK\r\n\r\nfirstlast'.length);
  expect(systemClock.monotonic() - began - openMs).toBeGreaterThan(250);
});

test('closed without an answer is as good as reset', async () => {
  const url = await serving((socket) => socket.end());
  await expect(ask(url)).rejects.toMatchObject({ code: 'ECONNRESET' });
});

test('reset before an answer', async () => {
  const url = await serving((socket) => socket.resetAndDestroy());
  await expect(ask(url)).rejects.toMatchObject({ code: 'ECONNRESET' });
});

test('nobody waits any more: open for so long at least', async () => {
  const stop = new AbortController();
  const url = await serving((socket) => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    setTimeout(() => stop.abort(), 120);
  });
  const { status, openMs } = await ask(url, stop.signal);
  expect(status).toBe(200);
  expect(openMs).toBeGreaterThan(50);
});

test('nobody waits any more, and there was no answer', async () => {
  const stop = new AbortController();
  const url = await serving(() => stop.abort());
  expect((await ask(url, stop.signal)).status).toBeUndefined();
});

test('nobody listens', async () => {
  const url = await serving(() => {});
  await new Promise((resolve) => server?.close(resolve));
  server = undefined;
  await expect(ask(url)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});
