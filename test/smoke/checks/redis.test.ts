import { rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { freePort } from '../../../src/platform/sockets.ts';
import { redis } from '../../../src/smoke/checks/redis.ts';
import { type Certificate, makeCertificate, openssl } from '../../support/certificate.ts';
import { specOf, tryCheck } from '../../support/check-context.ts';
import { describeWith } from '../../support/servers/needs.ts';
import { temporaryFolder } from '../../support/servers/process.ts';
import { type RedisServer, redisServer, startRedis } from '../../support/servers/redis.ts';

const password = 'p@ss/w:rd#1';

describeWith([redisServer], 'redis against a real server', () => {
  let server: RedisServer;
  let replica: RedisServer;
  let url: string;
  beforeAll(async () => {
    server = await startRedis({
      password,
      config: [
        'user reader on >reader-pass ~cutover:* ~settings:* +get +auth +ping',
        'user writer on >writer-pass ~kept:* +set +get +auth',
      ],
    });
    replica = await startRedis({
      config: [`replicaof ${server.host} ${server.port}`, `masterauth ${password}`],
    });
    url = `redis://:${encodeURIComponent(password)}@${server.host}:${server.port}`;
    for (const command of [
      ['SET', 'settings:version', '42'],
      ['SET', 'settings:name', 'trading "one"'],
      ['RPUSH', 'orders', 'a', 'b'],
    ]) {
      await tryCheck(redis, { redis: url, command });
    }
  });
  afterAll(async () => {
    await server?.end();
    await replica?.end();
  });

  const good: [string, () => Record<string, unknown>, RegExp, unknown][] = [
    ['PING', () => ({ redis: url }), /^PONG in [\d.]+ ms$/, { value: 'PONG' }],
    [
      'parts instead of a URL',
      () => ({ redis: { host: server.host, port: server.port, password } }),
      /^PONG/,
      { value: 'PONG' },
    ],
    [
      'a database of its own, which is empty',
      () => ({ redis: `${url}/3`, command: ['DBSIZE'], value: 0 }),
      /^0 in/,
      { value: 0 },
    ],
    [
      'a value written and read back',
      () => ({ redis: url, set: 'cutover:smoke:' }),
      /^written, read and deleted in/,
      {},
    ],
    ['the role', () => ({ redis: url, role: 'master' }), /^role master/, { role: 'master' }],
    [
      'a replica',
      () => ({ redis: `redis://${replica.host}:${replica.port}`, role: 'replica' }),
      /^role replica/,
      { role: 'replica' },
    ],
    [
      'a key',
      () => ({ redis: url, get: 'settings:version', equals: 42, value: '>=42' }),
      /^42 in/,
      { value: '42' },
    ],
    ['a number', () => ({ redis: url, command: ['LLEN', 'orders'], value: '<1000' }), /^2 in/, { value: 2 }],
    [
      'a list',
      () => ({ redis: url, command: ['LRANGE', 'orders', 0, -1], equals: '["a","b"]' }),
      /^\["a","b"\] in/,
      { value: ['a', 'b'] },
    ],
    [
      'everything at once: the expectation is about the command',
      () => ({
        redis: url,
        role: 'master',
        set: 'x:',
        get: 'settings:name',
        command: ['ECHO', 'hi'],
        equals: 'hi',
      }),
      /^role master, written, read and deleted, trading "one", hi in/,
      { role: 'master', value: 'hi' },
    ],
    [
      'a user with few rights',
      () => ({ redis: `redis://reader:reader-pass@${server.host}:${server.port}`, get: 'settings:version' }),
      /^42/,
      { value: '42' },
    ],
  ];
  test.each(good)('passes: %s', async (_, written, detail, answer) => {
    const attempt = await tryCheck(redis, written());
    expect(attempt).toMatchObject({ ok: true, detail: expect.stringMatching(detail), answer });
  });

  const bad: [string, () => Record<string, unknown>, RegExp, next?: RegExp][] = [
    [
      'no password',
      () => ({ redis: `redis://${server.host}:${server.port}` }),
      /^Redis says: NOAUTH/,
      /give the password/,
    ],
    [
      'a wrong password',
      () => ({ redis: { host: server.host, port: server.port, password: 'wrong-one' } }),
      /^Redis says: WRONGPASS/,
      /check the user/,
    ],
    [
      'a database that is not there',
      () => ({ redis: `${url}/99` }),
      /^Redis says: ERR DB index is out of range/,
    ],
    ['a wrong value', () => ({ redis: url, get: 'settings:version', equals: '43' }), /^42, expected 43$/],
    [
      'a number out of bounds',
      () => ({ redis: url, command: ['LLEN', 'orders'], value: '>2' }),
      /^2, expected >2$/,
    ],
    [
      'a text where a number is expected',
      () => ({ redis: url, get: 'settings:name', value: '>=0' }),
      /^trading "one", expected >=0$/,
    ],
    ['a key that is not there', () => ({ redis: url, get: 'nothing' }), /^there is no key nothing$/],
    [
      'a command that is not known',
      () => ({ redis: url, command: ['FOO'] }),
      /^Redis says: ERR unknown command/,
    ],
    [
      'a command without the right to it',
      () => ({ redis: `redis://reader:reader-pass@${server.host}:${server.port}`, set: 'x' }),
      /NOPERM/,
      /ACL SETUSER/,
    ],
    ['the wrong role', () => ({ redis: url, role: 'replica' }), /^role master, expected replica$/],
    [
      'writing to a replica',
      () => ({ redis: `redis://${replica.host}:${replica.port}`, set: 'x' }),
      /READONLY/,
      /aim at the master/,
    ],
    ['a nil', () => ({ redis: url, command: ['GET', 'nothing'], equals: 'x' }), /^null, expected x$/],
  ];
  const failing = bad.map(([name, written, detail, next]) => ({ name, written, detail, next }));
  test.each(failing)('fails: $name', async ({ written, detail, next }) => {
    const { next: said, ...attempt } = { next: '', ...(await tryCheck(redis, written())) };
    expect(attempt).toMatchObject({ ok: false, finding: 'unhealthy', detail: expect.stringMatching(detail) });
    expect(said).toMatch(next ?? /^$/);
  });

  test('leaves no key behind', async () => {
    await tryCheck(redis, { redis: url, set: 'left:' });
    expect(await tryCheck(redis, { redis: url, command: ['KEYS', 'left:*'], equals: '[]' })).toMatchObject({
      ok: true,
    });
  });

  test('a key that could not be deleted ends by itself', async () => {
    const writer = `redis://writer:writer-pass@${server.host}:${server.port}`;
    expect(await tryCheck(redis, { redis: writer, set: 'kept:' })).toMatchObject({ ok: true });
    const kept = await tryCheck(redis, { redis: url, command: ['KEYS', 'kept:*'] });
    const [key] = kept.ok ? (kept.answer as { value: string[] }).value : [];
    const left = await tryCheck(redis, { redis: url, command: ['TTL', String(key)], value: '<=60' });
    expect(left).toMatchObject({ ok: true, answer: { value: expect.any(Number) } });
    expect(await tryCheck(redis, { redis: url, command: ['TTL', String(key)], value: '>0' })).toMatchObject({
      ok: true,
    });
  });

  test('shows no password, even where the server gives it back', async () => {
    const attempt = await tryCheck(redis, {
      redis: url,
      command: ['ECHO', `it is ${password}`],
      equals: 'x',
    });
    expect(attempt).toMatchObject({ ok: false, detail: 'it is ***, expected x' });
  });

  test('a paused server is unhealthy when the time is over', async () => {
    await server.pause();
    try {
      const attempt = await tryCheck(redis, { redis: url }, { timeoutMs: 300 });
      expect(attempt).toMatchObject({
        ok: false,
        finding: 'unhealthy',
        detail: `connected to ${server.host}:${server.port}, but no answer within 300 ms`,
      });
    } finally {
      server.resume();
    }
    expect(await tryCheck(redis, { redis: url })).toMatchObject({ ok: true });
  });

  test('a cancelled run ends it with the reason', async () => {
    const cancel = new AbortController();
    const reason = new Error('cancelled');
    await server.pause();
    try {
      const attempt = tryCheck(redis, { redis: url }, { cancel: cancel.signal });
      setTimeout(() => cancel.abort(reason), 100);
      await expect(attempt).rejects.toBe(reason);
    } finally {
      server.resume();
    }
  });
});

describeWith([redisServer, openssl], 'redis over TLS', () => {
  let server: RedisServer;
  let certificate: Certificate;
  const folder = temporaryFolder('tls');
  beforeAll(async () => {
    certificate = makeCertificate(folder);
    server = await startRedis({ certificate });
  });
  afterAll(async () => {
    await server?.end();
    rmSync(folder, { recursive: true });
  });

  test('passes where the authority is named', async () => {
    const written = { redis: `rediss://${server.host}:${server.port}`, ca: 'certificate.pem' };
    expect(await tryCheck(redis, written, { folder })).toMatchObject({ ok: true, answer: { value: 'PONG' } });
  });

  test('fails where the certificate cannot be trusted', async () => {
    const attempt = await tryCheck(redis, { redis: `rediss://${server.host}:${server.port}` });
    expect(attempt).toMatchObject({
      ok: false,
      finding: 'unhealthy',
      detail: expect.stringContaining('TLS failed'),
      next: expect.stringContaining('name its certificate with ca'),
    });
  });

  test('fails where the file of the authority is not there', async () => {
    const written = { redis: `rediss://${server.host}:${server.port}`, ca: 'other.pem' };
    const attempt = await tryCheck(redis, written, { folder });
    expect(attempt).toMatchObject({
      ok: false,
      finding: 'unreachable-from-here',
      detail: 'there is no file other.pem',
    });
  });
});

describe('redis without a server', () => {
  test('a refused connection to a loopback address is unhealthy', async () => {
    const port = await freePort('127.0.0.1');
    expect(await tryCheck(redis, { redis: `redis://127.0.0.1:${port}` })).toMatchObject({
      ok: false,
      finding: 'unhealthy',
      detail: `127.0.0.1:${port} refuses the connection`,
    });
  });

  test('a name that cannot be resolved says nothing about the release', async () => {
    expect(await tryCheck(redis, { redis: 'redis://cache.invalid' })).toMatchObject({
      ok: false,
      finding: 'unreachable-from-here',
      next: expect.stringContaining('cache.invalid'),
    });
  });

  test.each([
    ['HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n', /not Redis' protocol: "HTTP\/1.1 400 Bad Request/],
    ['nothing, and closes', '', /closed the connection/],
    ['half an answer, and closes', '$10\r\nabc', /closed the connection/],
    ['an answer without end', '$99999999\r\n', /an answer of 99999999 bytes/],
  ])('a peer that answers %s is unhealthy', async (_, bytes, detail) => {
    const peer = createServer((socket) => socket.on('error', () => {}).once('data', () => socket.end(bytes)));
    await new Promise<void>((resolve) => peer.listen(0, '127.0.0.1', resolve));
    const { port } = peer.address() as AddressInfo;
    const attempt = await tryCheck(redis, { redis: `redis://127.0.0.1:${port}` });
    peer.close();
    expect(attempt).toMatchObject({ ok: false, finding: 'unhealthy', detail: expect.stringMatching(detail) });
  });
});

describe('redis in the file', () => {
  test.each([
    ['no scheme of Redis', 'http://cache', /its scheme is not one of redis, rediss/],
    ['no URL', 'cache:x:y', /scheme|not a URL/],
    ['no host', 'redis://', /names no host/],
  ])('refuses %s', (_, given, message) => {
    expect(() => specOf(redis, { redis: given })).toThrow(message);
  });

  test('takes a reference to an earlier answer for later', () => {
    expect(specOf(redis, { redis: 'redis://${checks.where.value}' })).toMatchObject({
      redis: 'redis://${checks.where.value}',
    });
  });
});
