import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { answerText, parseAnswerHead, parseRequestHead } from '../../../../src/targets/local/proxy/head.ts';
import { Refusal } from '../../../../src/targets/local/proxy/refusal.ts';

const limit = 4096;
const request = (text: string | Buffer) => {
  const bytes = typeof text === 'string' ? Buffer.from(text, 'latin1') : text;
  return parseRequestHead(bytes, { from: 0, to: bytes.length }, limit);
};
const answer = (text: string) => {
  const bytes = Buffer.from(text, 'latin1');
  return parseAnswerHead(bytes, { from: 0, to: bytes.length }, limit);
};

describe('requests that are passed on', () => {
  const cases: [string, string, Record<string, unknown>, string][] = [
    [
      'a plain one, as it came',
      'GET /a?b HTTP/1.1\r\nHost: x:1\r\nX-A:\t 1 \r\n\r\n',
      { keepAlive: true, contentLength: -1, chunked: false, http10: false, isHead: false, probe: false },
      'GET /a?b HTTP/1.1\r\nHost: x:1\r\nX-A:\t 1 \r\n',
    ],
    [
      'an empty line before it is dropped',
      '\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n',
      { keepAlive: true },
      'GET / HTTP/1.1\r\nHost: x\r\n',
    ],
    [
      'Connection: close is for this hop',
      'GET / HTTP/1.1\r\nConnection: close\r\nHost: x\r\n\r\n',
      { keepAlive: false },
      'GET / HTTP/1.1\r\nHost: x\r\n',
    ],
    [
      'headers that Connection lists are for this hop',
      'GET / HTTP/1.1\r\nX-Hop: 1\r\nHost: x\r\nConnection: Keep-Alive, x-hop,, TE\r\nTE: trailers\r\nKeep-Alive: 5\r\nX-End: 2\r\n\r\n',
      { keepAlive: true },
      'GET / HTTP/1.1\r\nHost: x\r\nX-End: 2\r\n',
    ],
    [
      'Proxy headers are dropped',
      'GET / HTTP/1.1\r\nHost: x\r\nProxy: http://evil\r\nProxy-Connection: close\r\nProxy-Authorization: x\r\nProxyx: stays\r\n\r\n',
      { keepAlive: true },
      'GET / HTTP/1.1\r\nHost: x\r\nProxyx: stays\r\n',
    ],
    [
      'HTTP/1.0 becomes HTTP/1.1 with a Host',
      'GET / HTTP/1.0\r\n\r\n',
      { keepAlive: false, http10: true },
      'GET / HTTP/1.1\r\nHost: localhost\r\n',
    ],
    [
      'HTTP/1.0 with keep-alive',
      'GET / HTTP/1.0\r\nHost: y\r\nConnection: keep-alive\r\n\r\n',
      { keepAlive: true, http10: true },
      'GET / HTTP/1.1\r\nHost: y\r\n',
    ],
    [
      'an absolute target replaces Host',
      'GET http://real:81/p?q HTTP/1.1\r\nA: 1\r\nHost: other\r\nB: 2\r\n\r\n',
      {},
      'GET /p?q HTTP/1.1\r\nHost: real:81\r\nA: 1\r\nB: 2\r\n',
    ],
    [
      'an absolute target without a path',
      'GET http://r?q HTTP/1.1\r\nHost: o\r\n\r\n',
      {},
      'GET /?q HTTP/1.1\r\nHost: r\r\n',
    ],
    [
      'OPTIONS for the server',
      'OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n',
      {},
      'OPTIONS * HTTP/1.1\r\nHost: x\r\n',
    ],
    [
      'a length',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 12 \r\n\r\n',
      { contentLength: 12 },
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 12 \r\n',
    ],
    [
      'chunks',
      'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n',
      { chunked: true },
      'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n',
    ],
    ['HEAD', 'HEAD / HTTP/1.1\r\nHost: x\r\n\r\n', { isHead: true }, 'HEAD / HTTP/1.1\r\nHost: x\r\n'],
    [
      'a probe',
      'GET / HTTP/1.1\r\nHost: x\r\nX-Cutover-Probe: 1\r\n\r\n',
      { probe: true },
      'GET / HTTP/1.1\r\nHost: x\r\nX-Cutover-Probe: 1\r\n',
    ],
    [
      'an upgrade',
      'GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
      { upgrade: 'websocket' },
      'GET / HTTP/1.1\r\nHost: x\r\n',
    ],
    [
      'an upgrade that Connection does not list',
      'GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n\r\n',
      { upgrade: undefined },
      'GET / HTTP/1.1\r\nHost: x\r\n',
    ],
    [
      'h2c is not offered',
      'GET / HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\nConnection: Upgrade, HTTP2-Settings\r\n\r\n',
      { upgrade: undefined },
      'GET / HTTP/1.1\r\nHost: x\r\n',
    ],
    [
      'an upgrade with a body',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
      { upgrade: undefined },
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n',
    ],
    [
      'obs-text in a value',
      'GET / HTTP/1.1\r\nHost: x\r\nA: \xe4\r\n\r\n',
      {},
      'GET / HTTP/1.1\r\nHost: x\r\nA: \xe4\r\n',
    ],
  ];
  test.each(cases)('%s', (_name, text, expected, passed) => {
    const head = request(text);
    expect(head).toMatchObject({ ...expected, text: passed, end: text.length });
  });
});

describe('a head', () => {
  const whole = 'POST /orders HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\n';

  test('needs all its bytes', () => {
    for (let size = 0; size < whole.length; size += 1) expect(request(whole.slice(0, size))).toBeUndefined();
    expect(request(whole)).toMatchObject({ contentLength: 5 });
  });

  test('that grows beyond the limit is 431, complete or not', () => {
    const long = `GET / HTTP/1.1\r\nHost: x\r\nA: ${'a'.repeat(limit)}`;
    expect(request(long)).toMatchObject({ status: 431 });
    expect(request(`${long}\r\n\r\n`)).toMatchObject({ status: 431 });
    expect(request('G'.repeat(40))).toMatchObject({ status: 400 });
  });
});

describe('answers', () => {
  const bodyOf = (text: string) => {
    const head = answer(text);
    if (head === undefined || head instanceof Refusal) throw new Error('refused');
    return answerText(Buffer.from(text, 'latin1'), head);
  };

  test('are passed on without what is for the hop', () => {
    const text =
      'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5, max=9\r\nA: b\r\n\r\n';
    expect(answer(text)).toMatchObject({
      status: 200,
      contentLength: 3,
      keepAlive: true,
      keepAliveSeconds: 5,
    });
    expect(bodyOf(text)).toBe('HTTP/1.1 200 OK\r\nContent-Length: 3\r\nA: b\r\n');
  });

  test('of HTTP/1.0 are raised to HTTP/1.1', () => {
    expect(bodyOf('HTTP/1.0 200 OK\r\nA: b\r\n\r\n')).toBe('HTTP/1.1 200 OK\r\nA: b\r\n');
    expect(answer('HTTP/1.0 200 OK\r\n\r\n')).toMatchObject({ keepAlive: false });
  });

  test('may lack a reason phrase', () => {
    expect(answer('HTTP/1.1 200\r\n\r\n')).toMatchObject({ status: 200 });
  });

  test.each([
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n',
    'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
    'HTTP/1.1 200 OK\nContent-Length: 1\r\n\r\n',
    'HTTP/1.1 20 OK\r\nContent-Length: 1\r\n\r\n',
    'HTTP/1.1 099 OK\r\n\r\n',
    'HTTP/2.0 200 OK\r\n\r\n',
    'HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n',
    'HTTP/1.1 200 OK\r\nA : b\r\n\r\n',
    'garbage, not an answer at all\r\n\r\n',
  ])('%j is refused', (text) => {
    expect(answer(text)).toBeInstanceOf(Refusal);
  });
});

describe('any bytes', () => {
  const junk = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          'GET / HTTP/1.1\r\n',
          'HTTP/1.1 200 OK\r\n',
          'Host: x\r\n',
          '\r\n',
          '\n',
          '\r',
          ' ',
          '\t',
          ':',
          '\0',
          'Content-Length: 3\r\n',
          'Transfer-Encoding: chunked\r\n',
          'Connection: close, a\r\n',
          'a: b\r\n',
          'GET http://h/ HTTP/1.0\r\n',
          'Upgrade: x\r\n',
          'Keep-Alive: timeout=3\r\n',
        ),
        fc.string({ maxLength: 8 }),
      ),
      { maxLength: 12 },
    )
    .map((parts) => Buffer.from(parts.join(''), 'latin1'));

  test('never throw, and every prefix agrees with the whole', () => {
    fc.assert(
      fc.property(junk, (bytes) => {
        for (const parse of [parseRequestHead, parseAnswerHead]) {
          const whole = parse(bytes, { from: 0, to: bytes.length }, 64);
          for (let size = 0; size <= bytes.length; size += 1) {
            const part = parse(bytes.subarray(0, size), { from: 0, to: size }, 64);
            if (part !== undefined) expect(part).toEqual(whole);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
