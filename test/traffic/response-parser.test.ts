import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { largestHead, ResponseParser } from '../../src/traffic/response-parser.ts';

interface Outcome {
  state: 'done' | 'malformed' | 'more';
  status: number | undefined;
  color: string | undefined;
  version: string | undefined;
  keepAlive: boolean | undefined;
  /** Bytes that belong to the answer. */
  used: number | undefined;
}

/** Parses one answer that arrives in pieces of the given sizes (the last piece takes the rest), then a close. */
function parse(
  bytes: Buffer,
  options: { sizes?: readonly number[]; method?: string; close?: boolean } = {},
): Outcome {
  const parser = new ResponseParser({ versionHeader: 'x-version', method: options.method ?? 'GET' });
  const sizes = [...(options.sizes ?? [])];
  let at = 0;
  while (at < bytes.length && !parser.isDone && !parser.isMalformed) {
    const end = Math.min(bytes.length, at + (sizes.shift() ?? bytes.length));
    const used = parser.push(bytes, at, end);
    expect(used).toBeGreaterThan(at);
    at = used;
  }
  const ended = options.close === true && parser.end();
  return {
    state: parser.isDone || ended ? 'done' : parser.isMalformed ? 'malformed' : 'more',
    status: parser.head?.status,
    color: parser.head?.color,
    version: parser.head?.version,
    keepAlive: parser.head?.keepAlive,
    used: parser.isDone ? at : undefined,
  };
}

const lines = (...all: string[]): Buffer => Buffer.from(all.join('\r\n'), 'latin1');
const ok = 'HTTP/1.1 200 OK';

const good: [string, Buffer, Partial<Outcome>, { method?: string; close?: boolean }?][] = [
  ['length', lines(ok, 'Content-Length: 3', '', 'abc'), { status: 200, keepAlive: true }],
  ['no reason phrase', lines('HTTP/1.1 200', 'Content-Length: 0', '', ''), { status: 200 }],
  ['length 0', lines(ok, 'content-length:0', '', ''), { status: 200 }],
  ['equal lengths', lines(ok, 'Content-Length: 1', 'Content-Length: 1', '', 'a'), { status: 200 }],
  ['connection: close', lines(ok, 'Content-Length: 1', 'Connection: Close', '', 'a'), { keepAlive: false }],
  ['HTTP/1.0', lines('HTTP/1.0 200 OK', 'Content-Length: 1', '', 'a'), { keepAlive: false }],
  [
    'HTTP/1.0 kept alive',
    lines('HTTP/1.0 200 OK', 'Connection: keep-alive', 'Content-Length: 1', '', 'a'),
    { keepAlive: true },
  ],
  [
    'colour and version',
    lines(ok, 'X-Cutover-Color:  green ', 'X-Version: v2', 'Content-Length: 0', '', ''),
    { color: 'green', version: 'v2' },
  ],
  [
    'chunked',
    lines(ok, 'Transfer-Encoding: chunked', '', '3', 'abc', 'A;x="y"', '0123456789', '0', '', ''),
    { status: 200, keepAlive: true },
  ],
  [
    'chunked with trailers',
    lines(ok, 'Transfer-Encoding: gzip, chunked', '', '1', 'a', '0', 'Expires: 1', 'Digest: 2', '', ''),
    { status: 200 },
  ],
  ['until close', lines(ok, '', 'anything\n\nat all'), { status: 200, keepAlive: false }, { close: true }],
  [
    'gzip only: until close',
    lines(ok, 'Transfer-Encoding: gzip', '', 'x'),
    { keepAlive: false },
    { close: true },
  ],
  [
    '100, then the answer',
    lines('HTTP/1.1 100 Continue', '', ok, 'Content-Length: 1', '', 'a'),
    { status: 200 },
  ],
  [
    '103 with headers, then the answer',
    lines('HTTP/1.1 103 Early Hints', 'X-Version: v9', '', ok, 'Content-Length: 0', '', ''),
    { status: 200, version: undefined },
  ],
  ['204', lines('HTTP/1.1 204 No Content', '', ''), { status: 204, keepAlive: true }],
  ['304 with a length', lines('HTTP/1.1 304 Not Modified', 'Content-Length: 9', '', ''), { status: 304 }],
  ['HEAD', lines(ok, 'Content-Length: 9', '', ''), { status: 200 }, { method: 'HEAD' }],
  ['500', lines('HTTP/1.1 500 Oops', 'Content-Length: 0', '', ''), { status: 500 }],
];

const bad: [string, Buffer][] = [
  ['not HTTP', Buffer.from('SSH-2.0-OpenSSH\r\n')],
  ['HTTP/2 preface of a server', Buffer.from([0, 0, 6, 4, 0, 0, 0, 0, 0, 0])],
  ['HTTP/2 in the status line', lines('HTTP/2.0 200 OK', '', '')],
  ['status of two digits', lines('HTTP/1.1 20 OK', '', '')],
  ['no colon', lines(ok, 'Content-Length 3', '', 'abc')],
  ['space before the colon', lines(ok, 'Content-Length : 3', '', 'abc')],
  ['folded line', lines(ok, 'X-A: b', ' c', 'Content-Length: 0', '', '')],
  ['bare LF', Buffer.from(`${ok}\nContent-Length: 0\n\n`)],
  ['one bare LF', lines(ok, 'X-A: b\nContent-Length: 5', '', '')],
  ['differing lengths', lines(ok, 'Content-Length: 1', 'Content-Length: 2', '', 'ab')],
  ['a length that is none', lines(ok, 'Content-Length: -1', '', '')],
  ['length and chunked', lines(ok, 'Content-Length: 1', 'Transfer-Encoding: chunked', '', '0', '', '')],
  ['chunk size that is none', lines(ok, 'Transfer-Encoding: chunked', '', 'xyz', '')],
  ['chunk longer than its size', lines(ok, 'Transfer-Encoding: chunked', '', '1', 'abc', '0', '', '')],
  ['chunk line with LF only', lines(ok, 'Transfer-Encoding: chunked', '', '1\na')],
  ['101', lines('HTTP/1.1 101 Switching Protocols', 'Upgrade: x', '', '')],
  ['head without end', Buffer.from(`${ok}\r\nX-A: ${'a'.repeat(largestHead + 4)}`)],
  ['head too long', lines(ok, `X-A: ${'a'.repeat(largestHead)}`, '', '')],
  [
    'extension too long',
    lines(ok, 'Transfer-Encoding: chunked', '', `1;${'x'.repeat(largestHead + 9)}`, 'a', ''),
  ],
  [
    'trailers too long',
    lines(ok, 'Transfer-Encoding: chunked', '', '0', `X: ${'x'.repeat(largestHead)}`, '', ''),
  ],
];

type Row = [string, Buffer, { method?: string; close?: boolean }, Partial<Outcome>];
const goodRows = good.map(([name, bytes, expected, options = {}]): Row => [name, bytes, options, expected]);
const badRows = bad.map(([name, bytes]): Row => [name, bytes, {}, {}]);

const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 60 });

describe('response parser', () => {
  test.each(goodRows)('reads %s', (_, bytes, options, expected) => {
    expect(parse(bytes, options)).toMatchObject({ state: 'done', ...expected });
  });

  test.each(goodRows)('needs all of %s', (_, bytes, options) => {
    if (options.close) return expect(parse(bytes)).toMatchObject({ state: 'more' });
    expect(parse(bytes.subarray(0, -1), options)).toMatchObject({ state: 'more' });
  });

  test.each(goodRows)('leaves what follows %s', (_, bytes, options) => {
    if (options.close) return;
    const followed = Buffer.concat([bytes, Buffer.from('HTTP/1.1 500 next')]);
    expect(parse(followed, options)).toMatchObject({ state: 'done', used: bytes.length });
  });

  test.each(bad)('refuses %s', (_, bytes) => {
    expect(parse(bytes).state).toBe('malformed');
  });

  test.each([...goodRows, ...badRows])('gives the same for %s in any pieces', (_, bytes, options) => {
    const whole = parse(bytes, options);
    expect(parse(bytes, { ...options, sizes: Array<number>(bytes.length).fill(1) })).toEqual(whole);
    fc.assert(
      fc.property(sizes, (split) => {
        expect(parse(bytes, { ...options, sizes: split })).toEqual(whole);
      }),
      { numRuns: 30 },
    );
  });

  test('gives the same for edited answers in any pieces, and never throws', () => {
    const edited = fc
      .tuple(
        fc.constantFrom(...good.map(([, bytes]) => bytes)),
        fc.array(fc.tuple(fc.nat(), fc.constantFrom(...'\r\n :0afZ;,\0')), { maxLength: 4 }),
      )
      .map(([bytes, edits]) => {
        const copy = Buffer.from(bytes);
        for (const [at, char] of edits) copy.write(char, at % copy.length, 'latin1');
        return copy;
      });
    fc.assert(
      fc.property(edited, sizes, fc.boolean(), (bytes, split, close) => {
        const [a, b] = [parse(bytes, { close }), parse(bytes, { close, sizes: split })];
        // A fault that is certain only with the head's end may be seen before it.
        if (a.state === 'more' || b.state === 'more') expect([a.state, b.state]).toContain('more');
        else expect(b).toEqual(a);
      }),
      { numRuns: 2_000 },
    );
  });

  test('takes any junk without throwing and keeps a bounded part of it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), sizes, (junk, split) => {
        parse(Buffer.from(junk), { sizes: split });
        parse(Buffer.concat([lines(ok, 'Transfer-Encoding: chunked', '', ''), junk]), { sizes: split });
      }),
      { numRuns: 500 },
    );
    const endless = new ResponseParser({ versionHeader: undefined, method: 'GET' });
    const piece = Buffer.from(`${ok}\r\nX-A: ${'a'.repeat(1_000)}`);
    let taken = 0;
    while (!endless.isMalformed) taken += endless.push(piece, 0, piece.length);
    expect(taken).toBeLessThan(largestHead + 2 * piece.length);
  });

  test('reads repeated and changed heads on one connection alike', () => {
    const parser = new ResponseParser({ versionHeader: 'x-version', method: 'GET' });
    const seen = ['v1', 'v1', 'v2', 'v2', 'v1'].map((version) => {
      const bytes = lines(ok, `X-Version: ${version}`, 'Content-Length: 2', '', 'ok');
      parser.reset();
      expect(parser.push(bytes, 0, bytes.length)).toBe(bytes.length);
      return parser.head?.version;
    });
    expect(seen).toEqual(['v1', 'v1', 'v2', 'v2', 'v1']);
  });
});
