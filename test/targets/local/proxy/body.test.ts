import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Body } from '../../../../src/targets/local/proxy/body.ts';

/** Feeds a chunked body in pieces; what was taken, the payload, and how it ended. */
function read(bytes: Buffer, cuts: readonly number[] = []) {
  const body = new Body();
  body.expectChunks();
  const places = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort(
    (a, b) => a - b,
  );
  let taken = 0;
  let payload = '';
  for (const [index, from] of places.entries()) {
    const to = places[index + 1];
    if (to === undefined || body.complete || body.problem !== undefined) break;
    const ranges: number[] = [];
    taken = body.take(bytes, { from, to }, ranges);
    for (let at = 0; at < ranges.length; at += 2)
      payload += bytes.toString('latin1', ranges[at], ranges[at + 1]);
  }
  return { taken, payload, complete: body.complete, problem: body.problem };
}
const readText = (text: string) => read(Buffer.from(text, 'latin1'));

describe('chunked bodies', () => {
  test.each([
    ['nothing', '0\r\n\r\n', ''],
    ['two chunks', '3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n', 'abc0123456789'],
    ['extensions and trailers', '3;a=1;b="x y"\r\nabc\r\n000\r\nX-Sum: 1\r\nY:\r\n\r\n', 'abc'],
    ['CRLF in the payload', '4\r\n\r\n\r\n\r\n0\r\n\r\n', '\r\n\r\n'],
  ])('%s', (_name, text, payload) => {
    expect(readText(`${text}GET /next`)).toEqual({
      taken: text.length,
      payload,
      complete: true,
      problem: undefined,
    });
  });

  test.each([
    ['no size', '\r\nabc'],
    ['a sign', '+3\r\nabc\r\n'],
    ['a prefix', '0x3\r\nabc\r\n'],
    ['a minus', '-1\r\n'],
    ['a blank after the size', '3 \r\nabc\r\n'],
    ['a tab after the size', '3\t;a\r\nabc\r\n'],
    ['a blank before the size', ' 3\r\nabc\r\n'],
    ['an underscore', '1_0\r\n'],
    ['a bare LF after the size', '3\nabc\r\n'],
    ['a bare LF in an extension', '3;a\nabc\r\n0\r\n\r\n'],
    ['a bare CR in an extension', '3;a\rb\r\nabc\r\n'],
    ['NUL in an extension', '3;\0\r\nabc\r\n'],
    ['a chunk longer than its size', '3\r\nabcd\r\n'],
    ['a bare LF after a chunk', '3\r\nabc\n0\r\n\r\n'],
    ['a bare CR after a chunk', '3\r\nabc\r0\r\n\r\n'],
    ['a size of 13 digits', '1000000000000\r\n'],
    ['many leading zeros', `${'0'.repeat(30)}3\r\nabc\r\n`],
    ['a framing header as trailer', '0\r\nContent-Length: 5\r\n\r\n'],
    ['a folded trailer', '0\r\na: b\r\n c\r\n\r\n'],
    ['a trailer without colon', '0\r\nabc\r\n\r\n'],
    ['a bare LF at the end', '0\r\n\n'],
    ['endless extensions', `3;${'a'.repeat(20_000)}`],
    ['endless trailers', `0\r\n${'a: b\r\n'.repeat(9_000)}`],
  ])('%s is a problem', (_name, text) => {
    const result = readText(text);
    expect(result.problem).toEqual(expect.any(String));
    expect(result.complete).toBe(false);
  });

  test('are read the same in any fragmentation; junk never throws', () => {
    const part = fc.oneof(
      fc.constantFrom(
        '3\r\nabc\r\n',
        '0\r\n',
        '\r\n',
        '1;x=y\r\nz\r\n',
        'T: v\r\n',
        '10\r\n0123456789abcdef\r\n',
        '\n',
        '\r',
        'g',
      ),
      fc.string({ maxLength: 4 }),
    );
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 10 }),
        fc.array(fc.nat(300), { maxLength: 12 }),
        (parts, cuts) => {
          const bytes = Buffer.from(parts.join(''), 'latin1');
          expect(read(bytes, cuts)).toEqual(read(bytes));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test('round trip', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 8 }),
        fc.array(fc.nat(3_000)),
        (chunks, cuts) => {
          const text = chunks
            .map((chunk) => `${chunk.length.toString(16)}\r\n${Buffer.from(chunk).toString('latin1')}\r\n`)
            .join('');
          const bytes = Buffer.from(`${text}0\r\n\r\n`, 'latin1');
          const payload = Buffer.concat(chunks).toString('latin1');
          expect(read(bytes, cuts)).toEqual({
            taken: bytes.length,
            payload,
            complete: true,
            problem: undefined,
          });
        },
      ),
    );
  });
});

describe('other bodies', () => {
  test('with a length end there', () => {
    const body = new Body();
    body.expectLength(5);
    expect(body.take(Buffer.from('abc'), { from: 0, to: 3 })).toBe(3);
    expect(body.complete).toBe(false);
    expect(body.take(Buffer.from('dexyz'), { from: 0, to: 5 })).toBe(2);
    expect(body.complete).toBe(true);
  });

  test('that end with the connection take everything', () => {
    const body = new Body();
    body.expectClose();
    expect(body.take(Buffer.from('abc'), { from: 1, to: 3 })).toBe(3);
    expect([body.complete, body.endsAtClose]).toEqual([false, true]);
  });
});
