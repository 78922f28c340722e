import { afterEach, describe, expect, test } from '@jest/globals';
import type { NetworkEffect } from '../../../../src/targets/fault.ts';
import { cannedBackend, closeAll, faultsOf, proxyTo, RawClient, rawBackend } from './support.ts';

afterEach(closeAll);

/** Ends each hostile request: what an attacker wants the backend to see as a request of its own. */
const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n';
const post = 'POST / HTTP/1.1\r\nHost: x\r\n';

/** Name, bytes, and the status if it is not 400. */
const hostile: [string, string, number?][] = [
  ['CL.TE', `${post}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`],
  ['TE.CL', `${post}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n5c\r\n${smuggled}\r\n0\r\n\r\n`],
  ['CL.0 with chunked', `${post}Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`],
  ['TE.TE xchunked', `${post}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${smuggled}`],
  [
    'TE.TE chunked, then another',
    `${post}Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n${smuggled}`,
  ],
  [
    'TE.TE another, then chunked',
    `${post}Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
  ],
  [
    'TE twice chunked',
    `${post}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
  ],
  ['TE chunked, chunked', `${post}Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n${smuggled}`],
  ['TE chunked, identity', `${post}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${smuggled}`],
  ['TE gzip, chunked', `${post}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n${smuggled}`],
  ['TE identity', `${post}Transfer-Encoding: identity\r\nContent-Length: 0\r\n\r\n${smuggled}`],
  ['TE empty', `${post}Transfer-Encoding:\r\n\r\n${smuggled}`],
  ['TE with a parameter', `${post}Transfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n${smuggled}`],
  ['TE quoted', `${post}Transfer-Encoding: "chunked"\r\n\r\n0\r\n\r\n${smuggled}`],
  ['TE with a leading vertical tab', `${post}Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n${smuggled}`],
  ['TE with a trailing vertical tab', `${post}Transfer-Encoding: chunked\x0b\r\n\r\n0\r\n\r\n${smuggled}`],
  ['TE with a form feed', `${post}Transfer-Encoding: \x0cchunked\r\n\r\n0\r\n\r\n${smuggled}`],
  ['TE with obs-text', `${post}Transfer-Encoding: \xa0chunked\r\n\r\n0\r\n\r\n${smuggled}`],
  ['TE with NUL', `${post}Transfer-Encoding: chunked\0\r\n\r\n0\r\n\r\n${smuggled}`],
  ['TE with a space before the colon', `${post}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${smuggled}`],
  ['TE with a tab before the colon', `${post}Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n${smuggled}`],
  ['TE with a leading space', `${post} Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`],
  ['TE folded', `${post}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n${smuggled}`],
  ['TE hidden behind a bare LF', `${post}X: y\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`],
  ['TE hidden behind a bare CR', `${post}X: y\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`],
  ['TE with an underscore', `${post}Transfer_Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`],
  [
    'TE from HTTP/1.0',
    `POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
  ],
  [
    'TE nominated by Connection',
    `${post}Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
  ],
  [
    'CL nominated by Connection',
    `${post}Connection: close, Content-Length\r\nContent-Length: 9\r\n\r\n${smuggled}`,
  ],
  ['Host nominated by Connection', `GET / HTTP/1.1\r\nHost: x\r\nConnection: host\r\n\r\n${smuggled}`],
  ['CL.CL different', `${post}Content-Length: 0\r\nContent-Length: 37\r\n\r\n${smuggled}`],
  ['CL.CL the same', `${post}Content-Length: 0\r\nContent-Length: 0\r\n\r\n${smuggled}`],
  ['CL with an underscore', `${post}Content-Length: 0\r\nContent_Length: 37\r\n\r\n${smuggled}`],
  ...[
    '+0',
    '-1',
    '0,0',
    '0, 0',
    '0x0',
    '',
    ' ',
    '0 0',
    '1e1',
    '0.0',
    '\x0b0',
    '٣',
    '9'.repeat(16),
    '0;a',
  ].map((length): [string, string] => [
    `CL ${JSON.stringify(length)}`,
    `${post}Content-Length: ${Buffer.from(length, 'utf8').toString('latin1')}\r\n\r\n${smuggled}`,
  ]),
  ['CL folded', `${post}Content-Length:\r\n 0\r\n\r\n${smuggled}`],
  ['chunk size with a sign', `${post}Transfer-Encoding: chunked\r\n\r\n+0\r\n\r\n${smuggled}`],
  ['chunk size with 0x', `${post}Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n${smuggled}`],
  ['chunk size with a blank', `${post}Transfer-Encoding: chunked\r\n\r\n0 \r\n\r\n${smuggled}`],
  [
    'chunk size that overflows',
    `${post}Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n\r\n${smuggled}`,
  ],
  ['chunk size with a bare LF', `${post}Transfer-Encoding: chunked\r\n\r\n0\n\n${smuggled}`],
  [
    'chunk extension with a bare LF',
    `${post}Transfer-Encoding: chunked\r\n\r\n2;\nxx\r\n4c\r\n0\r\n\r\n${smuggled}`,
  ],
  [
    'chunk extension with a bare CR',
    `${post}Transfer-Encoding: chunked\r\n\r\n2;a\rxx\r\n0\r\n\r\n${smuggled}`,
  ],
  [
    'chunk that ends in other bytes',
    `${post}Transfer-Encoding: chunked\r\n\r\n2\r\nabXX0\r\n\r\n${smuggled}`,
  ],
  ['chunk that ends in a bare LF', `${post}Transfer-Encoding: chunked\r\n\r\n2\r\nab\n0\r\n\r\n${smuggled}`],
  ['last chunk that ends in a bare LF', `${post}Transfer-Encoding: chunked\r\n\r\n0\r\n\n${smuggled}`],
  [
    'trailer that frames',
    `${post}Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 9\r\n\r\n${smuggled}`,
  ],
  ['trailer with a bare LF', `${post}Transfer-Encoding: chunked\r\n\r\n0\r\nA: b\n\r\n${smuggled}`],
  ['head with bare LFs only', `GET / HTTP/1.1\nHost: x\n\n${smuggled}`],
  ['request line with a bare LF', `GET / HTTP/1.1\nHost: x\r\n\r\n${smuggled}`],
  ['empty line with a bare LF', `GET / HTTP/1.1\r\nHost: x\r\n\n${smuggled}`],
  ['empty line with a bare CR', `GET / HTTP/1.1\r\nHost: x\r\n\r${smuggled}`],
  ['empty header name', `GET / HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n${smuggled}`],
  ['header name with NUL', `GET / HTTP/1.1\r\nHost: x\r\nA\0: y\r\n\r\n${smuggled}`],
  ['header name with a bracket', `GET / HTTP/1.1\r\nHost: x\r\nA[b]: y\r\n\r\n${smuggled}`],
  ['header without colon', `GET / HTTP/1.1\r\nHost: x\r\nFoo\r\n\r\n${smuggled}`],
  ['header value with NUL', `GET / HTTP/1.1\r\nHost: x\r\nA: \0\r\n\r\n${smuggled}`],
  ['header value with DEL', `GET / HTTP/1.1\r\nHost: x\r\nA: \x7f\r\n\r\n${smuggled}`],
  ['no Host', `GET / HTTP/1.1\r\n\r\n${smuggled}`],
  ['two Hosts', `GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n${smuggled}`],
  ['empty Host', `GET / HTTP/1.1\r\nHost:\r\n\r\n${smuggled}`],
  ['Host with a list', `GET / HTTP/1.1\r\nHost: x, y\r\n\r\n${smuggled}`],
  ['Host with user data', `GET / HTTP/1.1\r\nHost: a@b\r\n\r\n${smuggled}`],
  ['Host with a path', `GET / HTTP/1.1\r\nHost: a/b\r\n\r\n${smuggled}`],
  ['method that is no token', `GE(T / HTTP/1.1\r\nHost: x\r\n\r\n${smuggled}`],
  ['no method', ` / HTTP/1.1\r\nHost: x\r\n\r\n${smuggled}`],
  ['two blanks', `GET  / HTTP/1.1\r\nHost: x\r\n\r\n${smuggled}`],
  ['tab as blank', `GET\t/ HTTP/1.1\r\nHost: x\r\n\r\n${smuggled}`],
  ['blank after the version', `GET / HTTP/1.1 \r\nHost: x\r\n\r\n${smuggled}`],
  ['HTTP/0.9', `GET /\r\n\r\n${smuggled}`],
  ['target with a control byte', `GET /\x01 HTTP/1.1\r\nHost: x\r\n\r\n${smuggled}`],
  ['target with a fragment', `GET /#a HTTP/1.1\r\nHost: x\r\n\r\n${smuggled}`],
  ['target that is neither path nor address', `GET a/b HTTP/1.1\r\nHost: x\r\n\r\n${smuggled}`],
  ['target with user data', `GET http://a@b/ HTTP/1.1\r\nHost: x\r\n\r\n${smuggled}`],
  ['* for GET', `GET * HTTP/1.1\r\nHost: x\r\n\r\n${smuggled}`],
  ['lower-case version', `GET / http/1.1\r\nHost: x\r\n\r\n${smuggled}`],
  ['version with two digits', `GET / HTTP/1.10\r\nHost: x\r\n\r\n${smuggled}`],
  ['HTTP/1.2', `GET / HTTP/1.2\r\nHost: x\r\n\r\n${smuggled}`, 505],
  ['HTTP/2', `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${smuggled}`, 505],
  ['CONNECT', `CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n${smuggled}`, 501],
  ['a head without end', `GET / HTTP/1.1\r\nHost: x\r\nA: ${'a'.repeat(40_000)}${smuggled}`, 431],
];

const slow: NetworkEffect[] = [
  { effect: 'latency', delayMs: 2, jitterMs: 0, distribution: 'uniform', share: 1 },
  { effect: 'bandwidth', bytesPerSecond: 10_000_000, direction: 'both' },
  { effect: 'slow-close', delayMs: 2 },
];
const failing: NetworkEffect[] = [{ effect: 'http-error', status: 503, body: '', share: 1 }];

describe.each<[string, number, NetworkEffect[]]>([
  ['in one write', 0, []],
  ['byte by byte around the edge of a read', 1, []],
  ['while the network is slow', 1, slow],
  ['while errors stand in for the backend', 1, failing],
])('refused %s', (_how, split, effects) => {
  test.each(hostile)('%s', async (_name, bytes, status = 400) => {
    const backend = await cannedBackend('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    const { proxy, port } = await proxyTo([backend.port]);
    proxy.setFaults('blue', faultsOf(effects));
    const client = new RawClient(port);
    client.socket.setNoDelay(true);
    const edge = bytes.indexOf('\r\n\r\n');
    if (split === 0 || edge < 0) client.send(bytes);
    else {
      client.send(bytes.slice(0, edge + 3));
      await new Promise((resolve) => setImmediate(resolve));
      client.send(bytes.slice(edge + 3));
    }
    const answer = await client.all();
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [\\s\\S]*\r\nconnection: close\r\n`));
    expect(answer).toContain('x-cutover-reason: bad-request\r\n');
    // Exactly one answer: nothing after the refused request was served.
    expect(answer.match(/HTTP\/1\.1 \d/g)).toHaveLength(1);
    expect(backend.received()).not.toContain('smuggled');
    if (split === 0) expect(backend.received()).toBe('');
  });
});

test('what is not refused reaches the backend: the table above can fail', async () => {
  const backend = await cannedBackend('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
  const { port } = await proxyTo([backend.port]);
  new RawClient(port).send(
    `${post}Content-Length: 0\r\n\r\n${smuggled.replace('Host: x', 'Host: x\r\nConnection: close')}`,
  );
  const client = new RawClient(port).send(
    `${post}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n1;a=b\r\nx\r\n0\r\nT: 1\r\n\r\n`,
  );
  await client.all();
  expect(backend.received()).toContain('1;a=b\r\nx\r\n0\r\nT: 1\r\n\r\n');
  expect(backend.received()).toContain('GET /smuggled');
});

test.each([
  ['both framings', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\nhello'],
  ['a bad length', 'HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello'],
  ['an unknown encoding', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nhello'],
  ['a bad chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
  ['a bare LF', 'HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n'],
  ['a folded header', 'HTTP/1.1 200 OK\r\nA: b\r\n c\r\nContent-Length: 0\r\n\r\n'],
  ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n'],
  [
    'an upgrade that nobody asked for',
    'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n',
  ],
  ['an endless head', `HTTP/1.1 200 OK\r\nA: ${'a'.repeat(40_000)}`],
])('an answer with %s becomes 502', async (_name, bytes) => {
  const backend = await cannedBackend(bytes);
  const { port } = await proxyTo([backend.port]);
  const answer = await new RawClient(port)
    .send('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    .all();
  expect(answer).toMatch(/^HTTP\/1\.1 502 /);
  expect(answer).toContain('x-cutover-reason: backend-malformed\r\n');
});

test('bytes after an answer never answer the next request', async () => {
  const backend = await rawBackend((socket, chunk) => {
    const extra = chunk.includes('/first') ? 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged' : '';
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ntrue${extra}`);
  });
  const { port } = await proxyTo([backend.port]);
  const client = new RawClient(port).send('GET /first HTTP/1.1\r\nHost: x\r\n\r\n');
  await client.until('true');
  client.send('GET /second HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  const all = await client.all();
  expect(all.match(/true/g)).toHaveLength(2);
  expect(all).not.toContain('forged');
  expect(backend.connections()).toBe(2);
});
