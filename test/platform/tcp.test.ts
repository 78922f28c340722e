import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterAll, describe, expect, test } from '@jest/globals';
import { systemHttp } from '../../src/platform/http.ts';
import { phaseOf } from '../../src/platform/phase.ts';
import { dial } from '../../src/platform/tcp.ts';

const open: Server[] = [];
afterAll(() => {
  for (const server of open) server.close();
});

async function listen(server: Server): Promise<number> {
  open.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}

const silent = () => createServer((socket) => socket.on('error', () => {}));
const phaseIn = (failing: Promise<unknown>) => failing.then(() => 'none', phaseOf);

describe('how far a connection had come', () => {
  test('a name that does not exist', async () => {
    expect(await phaseIn(dial({ host: 'nowhere.invalid', port: 1 }))).toBe('lookup');
    expect(await phaseIn(systemHttp.send({ url: 'http://nowhere.invalid/' }))).toBe('lookup');
  });

  test('a port that nobody listens on', async () => {
    const port = await closedPort();
    expect(await phaseIn(dial({ host: '127.0.0.1', port }))).toBe('connect');
    expect(await phaseIn(dial({ host: 'localhost', port }))).toBe('connect');
    expect(await phaseIn(systemHttp.send({ url: `http://127.0.0.1:${port}/` }))).toBe('connect');
    expect(await phaseIn(systemHttp.send({ url: `https://localhost:${port}/` }))).toBe('connect');
  });

  test('a server without TLS', async () => {
    const port = await listen(silent().on('connection', (socket) => socket.end('hello')));
    expect(await phaseIn(dial({ host: '127.0.0.1', port, tls: {} }))).toBe('tls');
    expect(await phaseIn(systemHttp.send({ url: `https://127.0.0.1:${port}/` }))).toBe('tls');
  });

  test('a server that is silent', async () => {
    const port = await listen(silent());
    const request = { url: `http://127.0.0.1:${port}/` };
    const failing = systemHttp.send({ ...request, timeoutMs: 100 });
    await expect(failing).rejects.toMatchObject({ code: 'ETIMEDOUT', phase: 'answer' });
    expect(await phaseIn(dial({ host: '127.0.0.1', port, tls: {}, signal: AbortSignal.timeout(100) }))).toBe(
      'tls',
    );
  });

  test('an answer that is too large', async () => {
    const port = await listen(createHttpServer((_, response) => response.end('x'.repeat(1_100_000))));
    await expect(systemHttp.send({ url: `http://127.0.0.1:${port}/` })).rejects.toMatchObject({
      phase: 'answer',
      message: 'answer larger than 1048576 bytes',
    });
  });
});

test('a signal that has aborted ends it with its reason as the cause', async () => {
  const port = await listen(silent());
  const reason = new Error('no time');
  const failing = dial({ host: '127.0.0.1', port, signal: AbortSignal.abort(reason) });
  await expect(failing).rejects.toMatchObject({ cause: reason });
});

test('an answer tells where it came from', async () => {
  const port = await listen(createHttpServer((_, response) => response.end('hi')));
  const answer = await systemHttp.send({ url: `http://localhost:${port}/` });
  expect(answer).toMatchObject({
    status: 200,
    body: 'hi',
    remoteAddress: expect.stringContaining('127.0.0.1'),
  });
  expect(answer).not.toHaveProperty('certificate');
});
