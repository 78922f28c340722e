import { describe, expect, test } from '@jest/globals';
import {
  encodeCommand,
  plain,
  RedisError,
  type Reply,
  ReplyReader,
  replyText,
} from '../../../src/smoke/redis/resp.ts';

const replies: [string, string, Reply[]][] = [
  ['a word', '+OK\r\n', ['OK']],
  ['an error', '-WRONGPASS no\r\n', [new RedisError('WRONGPASS no')]],
  ['numbers', ':42\r\n:-1\r\n', [42, -1]],
  ['a text with line ends and more than ASCII', '$8\r\na\r\né…\r\n', ['a\r\né…']],
  ['an empty text', '$0\r\n\r\n', ['']],
  ['nothing', '$-1\r\n*-1\r\n', [null, null]],
  ['a list in a list', '*3\r\n:1\r\n*2\r\n+a\r\n$-1\r\n*0\r\n', [[1, ['a', null], []]]],
  ['several', '+a\r\n$1\r\nb\r\n:3\r\n', ['a', 'b', 3]],
];

describe('an answer', () => {
  test.each(replies)('%s, in one piece and byte by byte', (_, text, expected) => {
    const bytes = Buffer.from(text);
    expect(new ReplyReader().push(bytes)).toEqual(expected);
    const slow = new ReplyReader();
    expect([...bytes].flatMap((byte) => slow.push(Uint8Array.of(byte)))).toEqual(expected);
  });

  test.each([
    ['another protocol', 'HTTP/1.1 200 OK\r\n', /not Redis' protocol/],
    ['a length that is none', '$x\r\n', /not Redis' protocol/],
    ['a text without end', '$99999999\r\n', /99999999 bytes/],
    ['a list without end', '*99999999\r\n', /99999999 items/],
    ['lists in lists without end', '*1\r\n'.repeat(50), /items/],
    ['a line without end', `+${'a'.repeat(5_000_000)}`, /more than/],
  ])('is refused: %s', (_, text, message) => {
    expect(() => new ReplyReader().push(Buffer.from(text))).toThrow(message);
  });

  test('as text and as data', () => {
    const reply: Reply = [1, 'a', null, [new RedisError('ERR x')]];
    expect(replyText(reply)).toBe('[1,"a",null,["ERR x"]]');
    expect(plain(reply)).toEqual([1, 'a', null, ['ERR x']]);
    expect([replyText(5), replyText(null), replyText('x')]).toEqual(['5', 'null', 'x']);
  });
});

test('a command is sent with the length of its bytes', () => {
  expect(encodeCommand(['SET', 'é', ''])).toBe('*3\r\n$3\r\nSET\r\n$2\r\né\r\n$0\r\n\r\n');
});
