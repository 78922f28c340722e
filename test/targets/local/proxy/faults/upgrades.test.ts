import type { Socket } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import type { NetworkEffect } from '../../../../../src/targets/fault.ts';
import { frame } from '../frames.ts';
import { closeAll, eventually, faultsOf, httpBackend, pause, proxyTo, RawClient } from '../support.ts';

afterEach(closeAll);

const handshake =
  'GET /ticks HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n';
const latency = (delayMs: number, jitterMs = 0): NetworkEffect => ({
  effect: 'latency',
  delayMs,
  jitterMs,
  distribution: 'uniform',
  share: 1,
});
const blackhole: NetworkEffect = { effect: 'blackhole', share: 1 };
const text = (payload: string) => frame(1, Buffer.from(payload)).toString('latin1');
const close1001 = '\x88\x02\x03\xe9';

/** Accepts upgrades, echoes what comes, and hands out its sockets. */
async function echo() {
  const sockets: Socket[] = [];
  const { port, server } = await httpBackend((_request, response) => response.end());
  server.on('upgrade', (_request, socket: Socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    socket.on('data', (bytes: Buffer) => socket.write(bytes));
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n');
  });
  return { port, sockets };
}

async function connected(options: { seed?: number; limits?: { lingerMs: number } } = {}) {
  const backend = await echo();
  const { proxy, port } = await proxyTo([backend.port], options);
  const open = async () => {
    const client = new RawClient(port).send(handshake);
    await client.until('\r\n\r\n');
    client.text = '';
    return client;
  };
  return { backend, proxy, port, open };
}

const elapsed = async (task: () => Promise<unknown>) => {
  const started = performance.now();
  await task();
  return performance.now() - started;
};

test('latency holds each piece, each way, on connections from before too', async () => {
  const { proxy, open } = await connected();
  const client = await open();
  proxy.setFaults('blue', faultsOf([latency(60)]));
  expect(await elapsed(() => client.send('ping').until('ping'))).toBeGreaterThanOrEqual(100);
  expect(proxy.faultCounts('latency')?.touched).toBe(1);
});

test('latency with jitter keeps the order of pieces', async () => {
  const { proxy, backend, open } = await connected({ seed: 2 });
  const client = await open();
  proxy.setFaults('blue', faultsOf([latency(10, 10)]));
  const pieces = Array.from({ length: 30 }, (_, n) => `<${n}>`);
  for (const piece of pieces) {
    backend.sockets[0]?.write(piece);
    await pause(1);
  }
  expect(await client.until('<29>')).toBe(pieces.join(''));
});

test('latency does not wait for one piece before it takes the next', async () => {
  const { proxy, backend, open } = await connected();
  const client = await open();
  proxy.setFaults('blue', faultsOf([latency(300)]));
  const ms = await elapsed(async () => {
    for (let n = 0; n < 10; n += 1) {
      backend.sockets[0]?.write(`<${n}>`);
      await pause(5);
    }
    await client.until('<9>');
  });
  // One after the other they would take ten times as long.
  expect(ms).toBeLessThan(2_500);
});

test('what was held goes out in order when the fault is removed', async () => {
  const { proxy, backend, open } = await connected();
  const client = await open();
  proxy.setFaults('blue', faultsOf([latency(600_000)]));
  backend.sockets[0]?.write('one');
  await eventually(() => proxy.faultCounts('latency')?.touched === 1);
  client.send('two');
  await pause(30);
  expect(client.text).toBe('');
  proxy.setFaults('blue', []);
  await client.until('two');
  expect(client.text).toBe('onetwo');
  await client.send('three').until('three');
});

test('a blackhole lets pieces stand still, both ways, until it is removed', async () => {
  const { proxy, backend, open } = await connected();
  const client = await open();
  proxy.setFaults('blue', faultsOf([blackhole]));
  client.send('from client');
  backend.sockets[0]?.write('from backend');
  await pause(60);
  expect(client.text).toBe('');
  expect(proxy.faultCounts('blackhole')?.touched).toBe(1);
  proxy.setFaults('blue', []);
  await client.until('from backend');
  await client.until('from client');
});

test('a reset is seen as one, with the next piece', async () => {
  const { proxy, open } = await connected();
  const client = await open();
  proxy.setFaults('blue', faultsOf([{ effect: 'reset', share: 1 }]));
  client.send('hello');
  await client.all();
  await eventually(() => client.errorCode === 'ECONNRESET');
  expect(proxy.faultCounts('reset')?.touched).toBe(1);
  expect(proxy.traffic().blue.upgraded).toBe(0);
});

test('a share of connections is hit, not of their pieces', async () => {
  const { proxy, open } = await connected({ seed: 9 });
  const clients = await Promise.all(Array.from({ length: 20 }, open));
  proxy.setFaults('blue', faultsOf([{ effect: 'reset', share: 0.5 }]));
  for (let round = 0; round < 10; round += 1) {
    for (const client of clients) if (client.errorCode === undefined) client.send(`${round},`);
    await pause(10);
  }
  await eventually(() => clients.every((client) => client.ended || client.text.endsWith('9,')));
  const hit = clients.filter((client) => client.ended).length;
  expect(hit).toBe(proxy.faultCounts('reset')?.touched);
  expect(Math.abs(hit - 10)).toBeLessThan(9);
});

test('bandwidth holds for frames as well, and a large one arrives whole', async () => {
  const { proxy, open } = await connected();
  const client = await open();
  proxy.setFaults(
    'blue',
    faultsOf([{ effect: 'bandwidth', bytesPerSecond: 1_000_000, direction: 'requests' }]),
  );
  const large = `${'x'.repeat(300_000)}end`;
  expect(await elapsed(() => client.send(large).until('end'))).toBeGreaterThanOrEqual(240);
  expect(client.text).toBe(large);
});

test('slow-close keeps the other side open', async () => {
  const { proxy, backend, open } = await connected();
  const client = await open();
  proxy.setFaults('blue', faultsOf([{ effect: 'slow-close', delayMs: 120 }]));
  backend.sockets[0]?.end('bye');
  await client.until('bye');
  expect(await elapsed(() => client.all())).toBeGreaterThanOrEqual(80);
  expect(client.errorCode).toBeUndefined();
  client.finish();
  await eventually(() => proxy.traffic().blue.upgraded === 0);
});

test('what a backend sent before its end arrives late, and is not cut', async () => {
  const { proxy, backend, open } = await connected();
  const client = await open();
  proxy.setFaults('blue', faultsOf([latency(80)]));
  backend.sockets[0]?.end('last words');
  expect(await client.all()).toBe('last words');
  expect(client.errorCode).toBeUndefined();
});

test('draining closes with 1001 after what a fault holds', async () => {
  const { proxy, backend, open } = await connected({ limits: { lingerMs: 50 } });
  const client = await open();
  proxy.setFaults('blue', faultsOf([latency(600_000)]));
  backend.sockets[0]?.write(frame(1, Buffer.from('held')));
  await eventually(() => proxy.faultCounts('latency')?.touched === 1);
  proxy.setLive('green');
  expect(await proxy.drain('blue', { deadlineMs: 10 })).toMatchObject({ drained: 'deadline', residual: 1 });
  expect(await client.all()).toBe(text('held') + close1001);
});

test('draining cuts what a blackhole has stopped', async () => {
  const { proxy, backend, open } = await connected({ limits: { lingerMs: 50 } });
  const client = await open();
  proxy.setFaults('blue', faultsOf([blackhole]));
  backend.sockets[0]?.write(frame(1, Buffer.from('held')));
  await eventually(() => proxy.faultCounts('blackhole')?.touched === 1);
  proxy.setLive('green');
  expect(await proxy.drain('blue', { deadlineMs: 10 })).toMatchObject({ drained: 'deadline', residual: 1 });
  expect(await client.all()).toBe('');
  await eventually(() => client.errorCode === 'ECONNRESET');
});
