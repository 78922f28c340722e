import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { frame } from './frames.ts';
import {
  cannedBackend,
  closeAll,
  eventually,
  httpBackend,
  proxyTo,
  RawClient,
  rawBackend,
} from './support.ts';

afterEach(closeAll);

const key = 'dGhlIHNhbXBsZSBub25jZQ==';
const handshake = `GET /ticks HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`;
const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
const latin1 = (bytes: Buffer) => bytes.toString('latin1');

/** A node:http server that accepts every upgrade, says which colour it is and hands out the socket. */
async function webSocketServer(color: string) {
  const sockets: Socket[] = [];
  let received = Buffer.alloc(0);
  const { port, server } = await httpBackend((_request, response) => response.end(color));
  server.on('upgrade', (request, socket: Socket, head: Buffer) => {
    received = Buffer.concat([received, head]);
    sockets.push(socket);
    socket.on('error', () => {});
    socket.on('data', (bytes: Buffer) => {
      received = Buffer.concat([received, bytes]);
    });
    const wanted = createHash('sha1').update(
      `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`,
    );
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${wanted.digest('base64')}\r\n\r\n`,
    );
    socket.write(frame(1, Buffer.from(color)));
  });
  return { port, sockets, received: () => received };
}

describe('a WebSocket', () => {
  test('passes frames both ways, also those sent with the handshake', async () => {
    const backend = await webSocketServer('blue');
    const { proxy, port } = await proxyTo([backend.port]);
    const early = latin1(frame(1, Buffer.from('early'), true));
    const client = new RawClient(port).send(handshake + early);
    const text = await client.until(latin1(frame(1, Buffer.from('blue'))));
    expect(text).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n/);
    expect(text).toMatch(/\r\nconnection: upgrade\r\nupgrade: websocket\r\n/i);
    expect(text).toContain(`Sec-WebSocket-Accept: ${accept}\r\n`);
    client.send(latin1(frame(1, Buffer.alloc(200_000, 97), true)));
    await eventually(() => backend.received().length === early.length + 200_000 + 14);
    expect(proxy.traffic().blue).toMatchObject({ inFlight: 0, upgraded: 1 });
  });

  test('stays on the old colour when new requests go to the new one', async () => {
    const blue = await webSocketServer('blue');
    const green = await webSocketServer('green');
    const { proxy, port } = await proxyTo([blue.port], { green: [green.port] });
    const old = new RawClient(port).send(handshake);
    await old.until('blue');
    proxy.setLive('green');
    await new RawClient(port).send(handshake).until('green');
    blue.sockets[0]?.write(frame(1, Buffer.from('still here')));
    await old.until('still here');
    expect(proxy.traffic()).toMatchObject({ blue: { upgraded: 1 }, green: { upgraded: 1 } });
  });

  test.each([
    ['client', (client: RawClient, _server: Socket) => client.finish()],
    ['client, by a reset,', (client: RawClient, _server: Socket) => client.socket.resetAndDestroy()],
    ['backend', (_client: RawClient, server: Socket) => server.end()],
    ['backend, by a reset,', (_client: RawClient, server: Socket) => server.resetAndDestroy()],
  ])('that the %s ends is ended on the other side', async (_who, end) => {
    const backend = await webSocketServer('blue');
    const { proxy, port } = await proxyTo([backend.port]);
    const client = new RawClient(port).send(handshake);
    await client.until('blue');
    const server = backend.sockets[0];
    if (server === undefined) throw new Error('no upgrade');
    let serverEnded = false;
    server.on('end', () => server.end());
    server.on('close', () => {
      serverEnded = true;
    });
    end(client, server);
    await client.all();
    client.finish();
    await eventually(() => serverEnded && proxy.traffic().blue.upgraded === 0);
  });

  test('that is refused gets the ordinary answer, and the connection goes on', async () => {
    const backend = await rawBackend((socket, chunk) =>
      socket.write(
        chunk.includes('/ticks')
          ? 'HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno'
          : 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext',
      ),
    );
    const { proxy, port } = await proxyTo([backend.port]);
    const client = new RawClient(port).send(handshake);
    expect(await client.until('no')).toMatch(/^HTTP\/1\.1 403 /);
    client.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await client.until('next');
    expect(proxy.traffic().blue).toMatchObject({ answered: 2, upgraded: 0 });
  });

  test('that nobody takes holds no more than a few buffers', async () => {
    const backend = await webSocketServer('blue');
    const { port } = await proxyTo([backend.port]);
    const client = new RawClient(port).send(handshake);
    await client.until('blue');
    client.socket.pause();
    const server = backend.sockets[0];
    if (server === undefined) throw new Error('no upgrade');
    const one = frame(2, Buffer.alloc(64 * 1024));
    for (let count = 0; count < 1_600; count += 1) server.write(one);
    await eventually(stalled(server));
    // 100 MiB were given to the socket; what left it is in the kernel's buffers and, bounded, in the proxy.
    expect(server.writableLength).toBeGreaterThan(70 * 1024 * 1024);
  });
});

/** Whether a socket's queue has stopped to shrink. */
function stalled(socket: Socket): () => boolean {
  let last = -1;
  let same = 0;
  return () => {
    same = socket.writableLength === last ? same + 1 : 0;
    last = socket.writableLength;
    return same > 40;
  };
}

describe('draining', () => {
  test('is over at once when nothing is open, and not offered for the live colour', async () => {
    const { proxy } = await proxyTo([]);
    await expect(proxy.drain('green', { deadlineMs: 1_000 })).resolves.toEqual({
      drained: 'quiet',
      residual: 0,
      answeredAfterSwitch: 0,
    });
    await expect(proxy.drain('blue', { deadlineMs: 1_000 })).rejects.toThrow('is live');
  });

  test('waits for what is in flight, and for quiet', async () => {
    let answer = () => {};
    const blue = await rawBackend((socket) => {
      answer = () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate');
    });
    const { proxy, port } = await proxyTo([blue.port]);
    const client = new RawClient(port).send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await eventually(() => blue.received() !== '');
    proxy.setLive('green');
    let over = false;
    const drained = proxy.drain('blue', { deadlineMs: 30_000, quietMs: 30 }).finally(() => {
      over = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(over).toBe(false);
    answer();
    await client.until('late');
    expect(over).toBe(false);
    expect(await drained).toEqual({ drained: 'quiet', residual: 0, answeredAfterSwitch: 1 });
  });

  test('at the deadline closes WebSockets with 1001 both ways and requests with 502', async () => {
    const blue = await webSocketServer('blue');
    const silent = await rawBackend(() => {});
    const { proxy, port } = await proxyTo([blue.port], { limits: { lingerMs: 100 } });
    const socket = new RawClient(port).send(handshake);
    await socket.until('blue');
    proxy.setBackends('blue', [{ id: 'gateway/blue-2', host: '127.0.0.1', port: silent.port, usable: true }]);
    const request = new RawClient(port).send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await eventually(() => silent.received() !== '');
    proxy.setLive('green');
    expect(await proxy.drain('blue', { deadlineMs: 20 })).toMatchObject({ drained: 'deadline', residual: 2 });
    expect((await socket.all()).endsWith('\x88\x02\x03\xe9')).toBe(true);
    expect(await request.until('retired')).toMatch(
      /^HTTP\/1\.1 502 [\s\S]*x-cutover-reason: drain-deadline\r\n/,
    );
    await eventually(() => blue.received().length >= 8);
    const [first, second, m0 = 0, m1 = 0, , , c0 = 0, c1 = 0] = blue.received();
    expect([first, second, c0 ^ m0, c1 ^ m1]).toEqual([0x88, 0x82, 0x03, 0xe9]);
    await eventually(() => proxy.traffic().blue.upgraded === 0);
    expect(proxy.traffic().blue).toMatchObject({ inFlight: 0, upgraded: 0 });
  });

  test('never puts a close frame into a frame', async () => {
    const blue = await webSocketServer('blue');
    const { proxy, port } = await proxyTo([blue.port], { limits: { lingerMs: 100 } });
    const client = new RawClient(port).send(handshake);
    await client.until('blue');
    blue.sockets[0]?.write(frame(2, Buffer.alloc(1_000, 97)).subarray(0, 500));
    await client.until('aaaa');
    proxy.setLive('green');
    await proxy.drain('blue', { deadlineMs: 10 });
    expect((await client.all()).endsWith('aaaa')).toBe(true);
  });

  test('cuts an answer that has begun', async () => {
    const blue = await cannedBackend('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart');
    const { proxy, port } = await proxyTo([blue.port]);
    const client = new RawClient(port).send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await client.until('part');
    proxy.setLive('green');
    expect(await proxy.drain('blue', { deadlineMs: 10 })).toMatchObject({ residual: 1 });
    await client.all();
    expect(client.errorCode).toBe('ECONNRESET');
  });

  test('can be given up', async () => {
    const blue = await rawBackend(() => {});
    const { proxy, port } = await proxyTo([blue.port]);
    new RawClient(port).send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await eventually(() => blue.received() !== '');
    proxy.setLive('green');
    const abort = new AbortController();
    const drained = proxy.drain('blue', { deadlineMs: 60_000, signal: abort.signal });
    abort.abort(new Error('enough'));
    await expect(drained).rejects.toThrow('enough');
  });
});
