import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { UserError } from '../../../src/platform/errors.ts';
import { systemFiles } from '../../../src/platform/files.ts';
import { socketPathFor } from '../../../src/targets/local/paths.ts';
import { decodeError, encodeError, encodeLine, lineReader } from '../../../src/targets/local/protocol.ts';
import { boundLog, keptOfLog, largestLog } from '../../../src/targets/local/supervisor/logs.ts';
import { argvOf, causeOf } from '../../../src/targets/local/supervisor/process.ts';
import { isQuiet } from '../../../src/targets/local/supervisor/retirement.ts';
import { Fenced, LeaseHeld, LeaseLost, NotReady, RouteChanged } from '../../../src/targets/target.ts';
import { versionIn } from '../../../src/targets/version.ts';

describe('messages', () => {
  const messages = [{ a: 1 }, { text: 'ä €\n"' }, { list: [1, 2, 3] }];
  const bytes = Buffer.from(messages.map(encodeLine).join(''));

  test.each([1, 2, 3, 7, bytes.length])('are whole when they come in pieces of %i bytes', (size) => {
    const seen: unknown[] = [];
    const read = lineReader((message) => seen.push(message));
    for (let at = 0; at < bytes.length; at += size) read(bytes.subarray(at, at + size));
    expect(seen).toEqual(messages);
  });

  test.each([
    { name: 'a long line in one piece', pieces: ['"123456789"\n'] },
    { name: 'a long line in pieces', pieces: ['"1234', '56789', '"\n'] },
    { name: 'a long line without end', pieces: ['"12345678'.repeat(2)] },
    { name: 'no JSON', pieces: ['{a}\n'] },
  ])('$name is refused', ({ pieces }) => {
    const read = lineReader(() => {}, 10);
    expect(() => {
      for (const piece of pieces) read(Buffer.from(piece));
    }).toThrow();
  });

  test('a line at the limit is not', () => {
    const seen: unknown[] = [];
    lineReader((message) => seen.push(message), 10)(Buffer.from('"12345678"\n'));
    expect(seen).toEqual(['12345678']);
  });
});

describe('errors', () => {
  test.each([
    new RouteChanged('changed', { next: 'cutover status', docs: 'docs/x.md' }),
    new Fenced('fenced'),
    new LeaseLost('lost'),
    new LeaseHeld({ holder: 'run 1', since: 5, expiresAt: 9 }, { next: 'wait' }),
    new NotReady('wrong-version', 'is v1', 'the end of its output'),
    new UserError('no', { next: 'try' }),
  ])('$name arrives as it left', (error) => {
    const arrived = decodeError(JSON.parse(JSON.stringify(encodeError(error))));
    expect(arrived.constructor).toBe(error.constructor);
    expect(arrived.message).toBe(error.message);
    expect({ ...arrived }).toEqual({ ...error });
  });

  test('a bug stays one, with its stack', () => {
    const bug = new TypeError('x is not a function');
    const arrived = decodeError(JSON.parse(JSON.stringify(encodeError(bug))));
    expect(arrived).not.toBeInstanceOf(UserError);
    expect(arrived.message).toBe('supervisor: x is not a function');
    expect(arrived.stack).toBe(bug.stack);
  });
});

describe('small decisions', () => {
  const check = { http: '/version', json: 'version', equals: '', header: undefined };
  test.each([
    { body: '{"version":"1.2"}', is: { version: '1.2' } },
    { body: '{"version":3}', is: { version: '3' } },
    { body: ' 1.2\n', is: { version: '1.2' } },
    { body: '12', is: { version: '12' } },
    { body: '{"release":"1.2"}', is: { detail: '/version answers JSON without "version"' } },
    { body: '{"version":null}', is: { detail: '/version answers JSON without "version"' } },
    { body: '[]', is: { detail: '/version answers JSON without "version"' } },
  ])('the version in $body', ({ body, is }) => {
    expect(versionIn(body, check)).toEqual(is);
  });

  test.each([{ json: '__proto__' }, { json: 'constructor' }])(
    'a key that every object has ($json) is not a version',
    ({ json }) => {
      expect(versionIn('{}', { ...check, json })).toHaveProperty('detail');
    },
  );

  test('node is the Node of the supervisor, other programs are as written', () => {
    expect(argvOf(['node', 'a.js'], '/opt/node24')).toEqual(['/opt/node24', 'a.js']);
    expect(argvOf(['python3', 'node'], '/opt/node24')).toEqual(['python3', 'node']);
  });

  test.each([
    { exit: { code: 3, signal: null }, text: 'exited with code 3' },
    { exit: { code: null, signal: 'SIGKILL' as const }, text: 'was ended by SIGKILL' },
    { exit: undefined, text: 'its process is gone' },
  ])('$text', ({ exit, text }) => {
    expect(causeOf(exit)).toBe(text);
  });

  const none = { answered: 0, inFlight: 0, upgraded: 0, lastAnswerAt: undefined };
  test.each([
    { traffic: none, quiet: true },
    { traffic: { ...none, inFlight: 1 }, quiet: false },
    { traffic: { ...none, upgraded: 1 }, quiet: false },
    { traffic: { ...none, lastAnswerAt: 901 }, quiet: false },
    { traffic: { ...none, lastAnswerAt: 900 }, quiet: true },
  ])('$traffic is quiet at 1,000 after 100 ms: $quiet', ({ traffic, quiet }) => {
    expect(isQuiet(traffic, 100, 1_000)).toBe(quiet);
  });

  test.each([
    { folder: '/short', near: true },
    { folder: `/${'x'.repeat(86)}`, near: true },
    { folder: `/${'x'.repeat(87)}`, near: false },
    { folder: `/${'ä'.repeat(50)}`, near: false },
  ])('a socket for $folder is near: $near', ({ folder, near }) => {
    const { path } = socketPathFor(folder, 1000);
    expect(path.startsWith(`${folder}/`)).toBe(near);
    expect(Buffer.byteLength(path)).toBeLessThan(104);
    expect(socketPathFor(folder, 1000).path).toBe(path);
  });
});

test('a log that has grown too long is cut under whoever writes it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cutover-log-'));
  const path = join(folder, 'blue-1.log');
  const writer = await open(path, 'a');
  try {
    await writer.write(Buffer.alloc(largestLog - 4, 'x'));
    await writer.write('end\n');
    expect(await boundLog(systemFiles, path)).toBe(false);
    await writer.write('!\n');
    expect(await boundLog(systemFiles, path)).toBe(true);
    await writer.write('goes on\n');
    expect(await systemFiles.readText(path)).toBe('goes on\n');
    const kept = (await systemFiles.readText(`${path}.1`)) ?? '';
    expect(kept).toHaveLength(keptOfLog);
    expect(kept.endsWith('xend\n!\n')).toBe(true);
    expect((await stat(`${path}.1`)).mode & 0o777).toBe(0o600);
  } finally {
    await writer.close();
    await rm(folder, { recursive: true });
  }
});
