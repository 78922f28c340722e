import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { freePort } from '../../../src/platform/sockets.ts';
import { postgres } from '../../../src/smoke/checks/postgres.ts';
import { makeCertificate, openssl } from '../../support/certificate.ts';
import { specOf, tryCheck } from '../../support/check-context.ts';
import { describeWith } from '../../support/servers/needs.ts';
import { type PostgresServer, postgresServer, startPostgres } from '../../support/servers/postgres.ts';

const password = 'p@ss/w:rd#1 é';

describeWith([postgresServer, openssl], 'postgres against a real server', () => {
  let server: PostgresServer;
  let url: string;
  let parts: Record<string, unknown>;
  const write = (query: string) => tryCheck(postgres, { postgres: url, query, access: 'read-write' });
  beforeAll(async () => {
    server = await startPostgres({ password, certificate: makeCertificate });
    url = `postgres://postgres:${encodeURIComponent(password)}@${server.host}:${server.port}/postgres`;
    parts = { host: server.host, port: server.port, user: 'postgres', password };
    for (const query of [
      'create table orders (id bigint, price numeric, open boolean, note text)',
      "insert into orders values (1, 10.5, true, null), (9007199254740993, -2, false, 'two')",
      "create role reader login password 'reader-pass'",
    ]) {
      expect(await write(query)).toMatchObject({ ok: true });
    }
  });
  afterAll(() => server?.end());

  const good: [string, () => Record<string, unknown>, RegExp, unknown][] = [
    ['a connection', () => ({ postgres: url }), /^1 row, 1 in [\d.]+ ms$/, { value: '1', rows: 1 }],
    ['parts instead of a URL', () => ({ postgres: parts }), /^1 row, 1/, { value: '1', rows: 1 }],
    [
      'a number, and the whole first row for later checks',
      () => ({ postgres: url, query: 'select price, id from orders order by id', value: '>10', rows: 2 }),
      /^2 rows, 10.5/,
      { value: '10.5', rows: 2, row: { price: '10.5', id: '1' } },
    ],
    [
      'a number that is too large for JavaScript, as text',
      () => ({ postgres: url, query: 'select max(id) from orders', equals: '9007199254740993' }),
      /9007199254740993/,
      { value: '9007199254740993' },
    ],
    [
      'a negative number',
      () => ({ postgres: url, query: 'select min(price) from orders', value: '>=-2' }),
      /-2/,
      { value: '-2' },
    ],
    [
      'a boolean',
      () => ({ postgres: url, query: 'select open from orders order by id', equals: true }),
      /true/,
      { value: 'true' },
    ],
    [
      'no row',
      () => ({ postgres: url, query: 'select 1 where false', rows: 0 }),
      /^0 rows in/,
      { value: null, rows: 0, row: null },
    ],
    ['null', () => ({ postgres: url, query: 'select null' }), /^1 row, null/, { value: null, rows: 1 }],
  ];
  test.each(good)('passes: %s', async (_, written, detail, answer) => {
    const attempt = await tryCheck(postgres, written());
    expect(attempt).toMatchObject({ ok: true, detail: expect.stringMatching(detail), answer });
  });

  const bad: [string, () => Record<string, unknown>, RegExp, next?: RegExp][] = [
    [
      'a wrong password',
      () => ({ postgres: { ...parts, password: 'wrong-one' } }),
      /^PostgreSQL says: password authentication failed for user "postgres" \(28P01\)$/,
      /check the user and the password/,
    ],
    [
      'no password',
      () => ({ postgres: { ...parts, password: undefined } }),
      /^PostgreSQL wants a password$/,
      /give the password/,
    ],
    ['no such user', () => ({ postgres: { ...parts, user: 'nobody' } }), /28P01/, /check the user/],
    [
      'no such database',
      () => ({ postgres: { ...parts, database: 'nothing' } }),
      /"nothing" does not exist \(3D000\)/,
      /name of the database/,
    ],
    ['a wrong value', () => ({ postgres: url, equals: 2 }), /^1, expected 2$/],
    [
      'a number out of bounds',
      () => ({ postgres: url, query: 'select count(*) from orders', value: '>=3' }),
      /^2, expected >=3$/,
    ],
    [
      'a text where a number is expected',
      () => ({ postgres: url, query: "select 'x'", value: '>0' }),
      /^x, expected >0$/,
    ],
    [
      'null where a number is expected',
      () => ({ postgres: url, query: 'select null', value: '<1' }),
      /^null, expected <1$/,
    ],
    ['NaN', () => ({ postgres: url, query: "select 'NaN'::numeric", value: '!=0' }), /^NaN, expected !=0$/],
    [
      'no row where a value is expected',
      () => ({ postgres: url, query: 'select 1 where false', equals: 1 }),
      /^no row, expected 1$/,
    ],
    [
      'too few rows',
      () => ({ postgres: url, query: 'select * from orders', rows: '>2' }),
      /^2 rows, expected >2$/,
    ],
    [
      'a query that is none',
      () => ({ postgres: url, query: 'selct 1' }),
      /syntax error at or near "selct" \(42601\)/,
      /check the query/,
    ],
    [
      'several statements',
      () => ({ postgres: url, query: 'commit; drop table orders' }),
      /multiple commands.* \(42601\)/,
      /one statement/,
    ],
    [
      'writing without being allowed to',
      () => ({ postgres: url, query: 'delete from orders' }),
      /read-only transaction \(25006\)/,
      /access: read-write/,
    ],
    [
      'a table that the user may not read',
      () => ({
        postgres: { ...parts, user: 'reader', password: 'reader-pass', database: 'postgres' },
        query: 'select * from orders',
      }),
      /permission denied.* \(42501\)/,
      /grant/,
    ],
    [
      'too many rows',
      () => ({ postgres: url, query: 'select generate_series(1, 200000)' }),
      /more than 100000 rows/,
    ],
  ];
  const failing = bad.map(([name, written, detail, next]) => ({ name, written, detail, next }));
  test.each(failing)('fails: $name', async ({ written, detail, next }) => {
    const { next: said, ...attempt } = { next: '', ...(await tryCheck(postgres, written())) };
    expect(attempt).toMatchObject({ ok: false, finding: 'unhealthy', detail: expect.stringMatching(detail) });
    expect(said).toMatch(next ?? /^$/);
  });

  test('what may write is committed, and what may not has changed nothing', async () => {
    expect(await write("update orders set note = 'one' where id = 1")).toMatchObject({ ok: true });
    const query = 'select count(*) from orders where note is not null';
    expect(await tryCheck(postgres, { postgres: url, query, equals: 2 })).toMatchObject({ ok: true });
  });

  test('shows no password, even where the server gives it back', async () => {
    const query = `select '${password}'`;
    const attempt = await tryCheck(postgres, { postgres: url, query, equals: 'x' });
    expect(attempt).toMatchObject({ ok: false, detail: '***, expected x' });
  });

  test('a query that takes too long is unhealthy, and does not go on in the server', async () => {
    const query = 'select pg_sleep(3600)';
    const attempt = await tryCheck(postgres, { postgres: url, query }, { timeoutMs: 400 });
    expect(attempt).toMatchObject({
      ok: false,
      finding: 'unhealthy',
      detail: expect.stringMatching(/within 400 ms/),
    });
    const left =
      "select count(*) from pg_stat_activity where query like 'select pg_sleep%' and state = 'active'";
    for (let tries = 0; ; tries += 1) {
      const gone = await tryCheck(postgres, { postgres: url, query: left, equals: 0 });
      if (gone.ok) break;
      expect(tries).toBeLessThan(100);
    }
  });

  test('a paused server is unhealthy when the time is over', async () => {
    await server.pause();
    try {
      const attempt = await tryCheck(postgres, { postgres: url }, { timeoutMs: 300 });
      const detail = `connected to ${server.host}:${server.port}, but no answer within 300 ms`;
      expect(attempt).toMatchObject({ ok: false, finding: 'unhealthy', detail });
    } finally {
      server.resume();
    }
    expect(await tryCheck(postgres, { postgres: url })).toMatchObject({ ok: true });
  });

  test('a cancelled run ends it with the reason', async () => {
    const cancel = new AbortController();
    const reason = new Error('cancelled');
    const query = 'select pg_sleep(2)';
    const attempt = tryCheck(postgres, { postgres: url, query }, { cancel: cancel.signal });
    setTimeout(() => cancel.abort(reason), 200);
    await expect(attempt).rejects.toBe(reason);
  });

  describe('over TLS', () => {
    // The authority is in the server's own folder.
    const overTls = () => ({
      postgres: { ...parts, tls: 'verify' },
      query: 'select ssl from pg_stat_ssl where pid = pg_backend_pid()',
    });

    test('passes where the authority is named', async () => {
      const folder = server.folder;
      const attempt = await tryCheck(
        postgres,
        { ...overTls(), ca: 'certificate.pem', equals: true },
        { folder },
      );
      expect(attempt).toMatchObject({ ok: true, answer: { value: 'true' } });
    });

    test('fails where the certificate cannot be trusted', async () => {
      const attempt = await tryCheck(postgres, overTls());
      expect(attempt).toMatchObject({
        ok: false,
        finding: 'unhealthy',
        detail: expect.stringContaining('TLS failed'),
        next: expect.stringContaining('name its certificate with ca'),
      });
    });
  });
});

describeWith([postgresServer], 'postgres against a server without TLS', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres({ password });
  });
  afterAll(() => server?.end());

  test('says so where TLS is asked for', async () => {
    const { host, port } = server;
    const attempt = await tryCheck(postgres, { postgres: { host, port, password, tls: 'verify' } });
    expect(attempt).toMatchObject({
      ok: false,
      finding: 'unhealthy',
      detail: 'the server does not speak TLS',
      next: expect.stringContaining('sslmode=disable'),
    });
  });
});

describe('postgres without a server', () => {
  test('a refused connection to a loopback address is unhealthy', async () => {
    const port = await freePort('127.0.0.1');
    expect(await tryCheck(postgres, { postgres: `postgres://127.0.0.1:${port}` })).toMatchObject({
      ok: false,
      finding: 'unhealthy',
      detail: `127.0.0.1:${port} refuses the connection`,
    });
  });

  test('a name that cannot be resolved says nothing about the release', async () => {
    expect(await tryCheck(postgres, { postgres: 'postgres://db.invalid' })).toMatchObject({
      ok: false,
      finding: 'unreachable-from-here',
    });
  });

  test.each([
    ['HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['nothing, and closes', ''],
  ])('a peer that answers %s is unhealthy', async (_, bytes) => {
    const peer = createServer((socket) => socket.on('error', () => {}).once('data', () => socket.end(bytes)));
    await new Promise<void>((resolve) => peer.listen(0, '127.0.0.1', resolve));
    const { port } = peer.address() as AddressInfo;
    const attempt = await tryCheck(postgres, { postgres: `postgres://127.0.0.1:${port}` });
    peer.close();
    expect(attempt).toMatchObject({ ok: false, finding: 'unhealthy' });
  });
});

test('a peer that closes at once is unhealthy, and is not waited for', async () => {
  const peer = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => peer.listen(0, '127.0.0.1', resolve));
  const { port } = peer.address() as AddressInfo;
  const attempt = await tryCheck(
    postgres,
    { postgres: `postgres://127.0.0.1:${port}` },
    { timeoutMs: 30_000 },
  );
  peer.close();
  expect(attempt).toMatchObject({
    ok: false,
    finding: 'unhealthy',
    detail: expect.not.stringMatching('within'),
  });
});

describe('postgres in the file', () => {
  test.each([
    ['sslmode prefer', 'postgres://db/x?sslmode=prefer', /would fall back/],
    ['a parameter that is not known', 'postgres://db/x?options=-c', /the parameter options/],
    ['another scheme', 'mysql://db/x', /its scheme is not one of postgres, postgresql/],
  ])('refuses %s', (_, given, message) => {
    expect(() => specOf(postgres, { postgres: given })).toThrow(message);
  });
});
