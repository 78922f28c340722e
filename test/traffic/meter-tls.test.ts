import { mkdtempSync, readFileSync } from 'node:fs';
import type { Server } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { startMeter } from '../../src/traffic/meter.ts';
import type { FailureKind, MeterPlan, MeterReport } from '../../src/traffic/report.ts';
import { type Certificate, expiredLike, makeCertificate, openssl } from '../support/certificate.ts';
import { describeWith } from '../support/servers/needs.ts';
import { plan } from './fixtures/plan.ts';
import { answer, type Script, type ScriptedServer, serve } from './fixtures/scripted-server.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

/** Ten requests. */
async function run(over: Partial<MeterPlan>): Promise<MeterReport> {
  const durationMs = 250;
  const meter = await startMeter({ ...plan, rate: 40, durationMs, ...over });
  await sleep(durationMs + 100);
  return meter.stop();
}

const good: Script = (socket) => socket.write(answer(200, 'X-Cutover-Color: blue\r\n'));

describeWith([openssl], 'the meter over TLS', () => {
  let right: Certificate;
  let elsewhere: Certificate;
  let expired: Certificate;
  beforeAll(() => {
    const folder = (): string => mkdtempSync(join(tmpdir(), 'cutover-meter-'));
    right = makeCertificate(folder());
    elsewhere = makeCertificate(folder(), ['DNS:shop.example']);
    expired = expiredLike(right);
  });

  async function start(shown: Certificate, script: Script = good): Promise<ScriptedServer> {
    const server = await serve(script, { cert: shown.pem, key: readFileSync(shown.keyFile) });
    open.push(server);
    return server;
  }

  test('keeps connections, and takes in answers of any size', async () => {
    const body = 'x'.repeat(300_000);
    const { origin, connections } = await start(right, (socket) => socket.write(answer(200, '', body)));
    const report = await run({ origin, ca: right.pem, maxConnections: 1 });
    expect(report).toMatchObject({ sent: 10, answered: 10, failed: 0 });
    expect(connections()).toBe(1);
  });

  test('opens a TLS session for each request when connections are new', async () => {
    const reused: boolean[] = [];
    const { origin, connections } = await start(right, (socket) => {
      reused.push('isSessionReused' in socket && (socket.isSessionReused as () => boolean)());
      socket.end(answer(200));
    });
    const report = await run({ origin, ca: right.pem, connections: 'new' });
    expect(report).toMatchObject({ sent: 10, answered: 10 });
    expect(connections()).toBe(10);
    expect(reused).toEqual(new Array(10).fill(false));
  });

  test('a name in the host header is the one that has to be proved', async () => {
    const asked: string[] = [];
    const { origin } = await start(elsewhere, (socket, head) => {
      asked.push(`${'servername' in socket && socket.servername} ${/^host: (\S*)\s*$/im.exec(head)?.[1]}`);
      socket.write(answer(200));
    });
    const report = await run({ origin, ca: elsewhere.pem, headers: { Host: 'shop.example:8443' } });
    expect(report).toMatchObject({ answered: 10 });
    expect(new Set(asked)).toEqual(new Set(['shop.example shop.example:8443']));
  });

  const bad: [string, RegExp, () => { shown: Certificate; ca?: string }][] = [
    ['untrusted', /^certificate not trusted: self-signed certificate$/, () => ({ shown: right })],
    [
      'of another authority',
      /^certificate not trusted: self-signed certificate$/,
      () => ({ shown: right, ca: elsewhere.pem }),
    ],
    [
      'expired',
      /^certificate refused: certificate has expired$/,
      () => ({ shown: expired, ca: expired.pem }),
    ],
    [
      'for another name',
      /^certificate refused: .*does not match certificate's altnames/,
      () => ({ shown: elsewhere, ca: elsewhere.pem }),
    ],
  ];
  test.each(bad.map(([name, detail, given]) => ({ name, detail, given })))(
    'a certificate that is $name is malformed, and nothing is sent to whoever shows it',
    async ({ detail, given }) => {
      const heads: string[] = [];
      const { shown, ca } = given();
      const { origin } = await start(shown, (socket, head) => {
        heads.push(head);
        good(socket, head);
      });
      const report = await run({ origin, ca });
      expect(report).toMatchObject({ sent: 10, answered: 0, failed: 10, failures: { malformed: 10 } });
      expect(report.examples[0]?.detail).toMatch(detail);
      expect(heads).toEqual([]);
    },
  );
});

describe('a server that does not agree on TLS', () => {
  /** Acts as soon as the client says hello. */
  async function greet(act: (socket: Socket) => void): Promise<string> {
    const sockets = new Set<Socket>();
    const server: Server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.once('data', () => act(socket));
    });
    open.push({
      close: () => {
        for (const socket of sockets) socket.destroy();
        server.close();
      },
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `https://127.0.0.1:${(server.address() as { port: number }).port}`;
  }

  test.each<[string, FailureKind, RegExp, (socket: Socket) => void]>([
    ['closes', 'reset', /^connection closed in the TLS handshake$/, (socket) => socket.end()],
    ['resets', 'reset', /^connection closed in the TLS handshake$/, (socket) => socket.resetAndDestroy()],
    ['speaks HTTP', 'malformed', /^no TLS: wrong version number$/, (socket) => socket.end(answer(400))],
    ['says nothing', 'timeout', /^waited for the TLS handshake for 150 ms$/, () => {}],
  ])('%s: %s', async (_, kind, detail, act) => {
    const timeoutMs = kind === 'timeout' ? 150 : 5_000;
    const report = await run({ origin: await greet(act), timeoutMs });
    expect(report).toMatchObject({ sent: 10, answered: 0, failed: 10, failures: { [kind]: 10 } });
    expect(report.examples[0]?.detail).toMatch(detail);
  });

  test('refuses the connection: refused, as without TLS', async () => {
    const server = await serve(() => {});
    await server.close();
    const report = await run({ origin: server.origin.replace('http:', 'https:') });
    expect(report.failures.refused).toBe(10);
  });
});
