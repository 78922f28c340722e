import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
// @ts-expect-error: the sample is plain JavaScript
import * as sample from '../../../examples/trading/services/gateway/websocket.js';
import { certificateFor, type TestCertificate } from '../fixtures/certificate.ts';
import { closeAll, closedPort, listen, one, smoke } from '../fixtures/smoke.ts';

interface Client {
  send(text: string): void;
  close(code: number, reason?: string): void;
}

const { acceptWebSocket, decodeFrame, encodeFrame, refuse } = sample as {
  acceptWebSocket(request: IncomingMessage, socket: Duplex, head: Buffer, headers: object): Client;
  decodeFrame(bytes: Buffer): { opcode: number; payload: Buffer } | undefined;
  encodeFrame(opcode: number, payload: Buffer): Buffer;
  refuse(socket: Duplex, status: string): void;
};

let base = '';
let secure = '';
let refusing = 0;
let certificate: TestCertificate;
let lastHeaders: Record<string, unknown> = {};
let pongs: string[] = [];

/** What each path does once the sample's own server has accepted the WebSocket. */
const routes: Readonly<Record<string, (client: Client, socket: Duplex) => void>> = {
  '/ticks': (client) => {
    let n = 0;
    const timer = setInterval(
      () => client.send(JSON.stringify({ n: ++n, kind: n % 2 ? 'odd' : 'even' })),
      10,
    );
    setTimeout(() => clearInterval(timer), 2_000).unref();
  },
  '/echo': (client, socket) =>
    socket.on('data', (bytes) => client.send(`you said ${decodeFrame(bytes)?.payload}`)),
  '/bye': (client) => {
    client.send('last words');
    client.close(1013, 'try later');
  },
  '/quiet': () => {},
  '/large': (client) => client.send('x'.repeat(70_000)),
  '/pieces': (_, socket) => {
    socket.write(Buffer.concat([Buffer.from([0x01, 3]), Buffer.from('one')]));
    socket.write(encodeFrame(9, Buffer.from('are you there')));
    socket.on('data', (bytes) => {
      const frame = decodeFrame(bytes);
      if (frame?.opcode !== 10) return;
      pongs.push(String(frame.payload));
      socket.write(Buffer.concat([Buffer.from([0x80, 4]), Buffer.from(' two')]));
    });
  },
  '/broken': (_, socket) => socket.write(Buffer.from([0x83, 0])),
  '/cut': (_, socket) => socket.destroy(),
};

function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
  lastHeaders = request.headers;
  socket.on('error', () => {});
  const path = request.url?.split('?')[0] ?? '';
  if (path === '/refused') refuse(socket, '403 Forbidden');
  else if (path === '/liar')
    socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nsec-websocket-accept: x\r\n\r\n');
  else if (path === '/noise') socket.write('SSH-2.0-x\r\n\r\n');
  else {
    const [protocol] = (request.headers['sec-websocket-protocol'] ?? '').split(', ');
    const chosen = path === '/quiet' && protocol ? { 'sec-websocket-protocol': protocol } : {};
    routes[path]?.(acceptWebSocket(request, socket, head, chosen), socket);
  }
}

beforeAll(async () => {
  certificate = certificateFor(10);
  base = `http://127.0.0.1:${await listen(createServer().on('upgrade', upgrade))}`;
  secure = `wss://localhost:${await listen(createSecureServer(certificate).on('upgrade', upgrade))}`;
  refusing = await closedPort(createServer());
});
afterAll(closeAll);

describe('websocket passes', () => {
  test.each([
    ['it opens', () => 'websocket: /quiet'],
    ['messages come', () => 'websocket: /ticks, receives: 3'],
    ['a text', () => `websocket: /echo, send: hello, expect: [you said hello]`],
    [
      'several texts in order',
      () => `websocket: /ticks, expect: [{ json: { $.n: 2 } }, { matches: '"n":5' }]`,
    ],
    ['a match that is not the first', () => `websocket: /ticks, expect: [{ json: { $.kind: even } }]`],
    ['a large message', () => `websocket: /large, expect: [{ matches: '^x{70000}$' }]`],
    ['a close', () => `websocket: /bye, expect: [last words], close: 1013`],
    ['a subprotocol', () => `websocket: /quiet, protocols: [v2.trading, v1.trading]`],
    ['TLS', () => `websocket: '${secure}/ticks', receives: 1, ca: ca.pem`],
  ])('%s', async (_, item) => {
    expect(await one(base, item(), { folder: certificate.folder })).toMatchObject({ verdict: 'passed' });
  });

  test('a message in pieces, with a ping between them that is answered', async () => {
    pongs = [];
    const record = await one(base, `websocket: /pieces, expect: [one two]`);
    expect(record).toMatchObject({ verdict: 'passed', detail: 'open, 1 message' });
    expect(pongs).toContain('are you there');
  });

  test('with headers, and later checks can use its messages', async () => {
    const { checks } = await smoke(base, [
      `name: ticks, websocket: /ticks?a=1, headers: { x-key: k }, receives: 1`,
      `name: echo, websocket: /echo, send: '\${checks.ticks.messages.0.kind}', expect: [you said odd]`,
    ]);
    expect(lastHeaders).toMatchObject({ upgrade: 'websocket' });
    expect(checks.map(({ verdict }) => verdict)).toEqual(['passed', 'passed']);
  });
});

describe('websocket is unhealthy', () => {
  test.each([
    ['it is refused', 'websocket: /refused', /^403, expected 101$/],
    ['a wrong accept', 'websocket: /liar', /wrong Sec-WebSocket-Accept/],
    ['no HTTP', 'websocket: /noise', /not HTTP/],
    [
      'too few messages',
      'websocket: /bye, receives: 2',
      /^closed with 1013 "try later": 1 messages, expected 2$/,
    ],
    ['silence', 'websocket: /quiet, receives: 1, timeout: 150ms', /^0 messages, expected 1 within 150 ms$/],
    [
      'other messages',
      'websocket: /ticks, expect: [{ json: { $.n: 0 } }], timeout: 200ms',
      /^no message is JSON with \$\.n, the last one is "\{.*\}" within 200 ms$/,
    ],
    ['another close', 'websocket: /bye, close: 1000', /^closed with 1013 "try later", expected 1000$/],
    [
      'no close',
      'websocket: /quiet, close: 1001, timeout: 150ms',
      /^was not closed within 150 ms, expected 1001$/,
    ],
    ['no subprotocol', 'websocket: /ticks, protocols: [v1]', /none of the subprotocols v1/],
    ['a broken frame', 'websocket: /broken, receives: 1', /unknown opcode 3/],
    ['a cut connection', 'websocket: /cut, receives: 1', /no answer: .*closed|without an answer/],
  ])('%s', async (_, item, detail) => {
    expect(await one(base, item)).toMatchObject({
      verdict: 'failed',
      finding: 'unhealthy',
      detail: expect.stringMatching(detail),
    });
  });

  test('nobody listens', async () => {
    expect(await one(base, `websocket: 'ws://127.0.0.1:${refusing}/'`)).toMatchObject({
      finding: 'unhealthy',
    });
  });
});

test('websocket is inconclusive where the name cannot be resolved', async () => {
  expect(await one(base, `websocket: 'wss://nowhere.invalid/'`)).toMatchObject({
    finding: 'unreachable-from-here',
  });
});
