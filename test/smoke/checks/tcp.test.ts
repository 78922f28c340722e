import { createServer } from 'node:net';
import { createServer as createSecureServer } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { certificateFor, type TestCertificate } from '../fixtures/certificate.ts';
import { closeAll, closedPort, listen, one } from '../fixtures/smoke.ts';

let port = 0;
let secure = 0;
let refusing = 0;
let certificate: TestCertificate;
const base = () => `http://127.0.0.1:${port}`;

beforeAll(async () => {
  certificate = certificateFor(10);
  const greet = (socket: import('node:net').Socket) => {
    socket.on('error', () => {});
    socket.write('220 ready\r\n');
    socket.on('data', (bytes) => {
      const said = String(bytes);
      if (said.startsWith('QUIT')) socket.end('221 bye\r\n');
      // In pieces, as a slow server would.
      else
        for (const [n, piece] of ['250', '-a', '\r\n250 b'].entries())
          setTimeout(() => socket.write(piece), 10 * n);
    });
  };
  port = await listen(createServer(greet));
  secure = await listen(createSecureServer(certificate, greet));
  refusing = await closedPort(createServer());
});
afterAll(closeAll);

describe('tcp passes', () => {
  test.each([
    ['a connection', () => 'tcp: component'],
    ['a port of the host', () => `tcp: ':${port}'`],
    ['a host and a port', () => `tcp: 'localhost:${port}'`],
    ['what the server says first', () => `tcp: component, expect: ^220`],
    ['an answer in pieces', () => `tcp: component, send: "EHLO a\\r\\n", expect: '250 b'`],
    ['an answer before the end', () => `tcp: component, send: "QUIT\\r\\n", expect: bye`],
    ['TLS', () => `tcp: 'localhost:${secure}', tls: verify, ca: ca.pem, expect: ready`],
  ])('%s', async (_, item) => {
    const record = await one(base(), item(), { folder: certificate.folder });
    expect(record).toMatchObject({
      verdict: 'passed',
      detail: expect.stringMatching(/^connected to [\w.]+:\d+ in \d+ ms$/),
    });
  });
});

describe('tcp is unhealthy', () => {
  test.each([
    ['nobody listens', () => `tcp: ':${refusing}'`, /refuses the connection/],
    [
      'silence',
      () => `tcp: component, timeout: 200ms, expect: none`,
      /says "220 ready", expected a match of none$/,
    ],
    [
      'another answer',
      () => `tcp: component, send: QUIT, expect: "222"`,
      /says "220 ready 221 bye", expected a match of 222$/,
    ],
    ['no TLS there', () => `tcp: component, tls: verify`, /TLS failed/],
    [
      'an unknown authority',
      () => `tcp: 'localhost:${secure}', tls: verify`,
      /TLS failed: (?:Error: )?self-signed/,
    ],
  ])('%s', async (_, item, detail) => {
    expect(await one(base(), item())).toMatchObject({
      verdict: 'failed',
      finding: 'unhealthy',
      detail: expect.stringMatching(detail),
    });
  });
});

test('tcp is inconclusive where a name cannot be resolved', async () => {
  expect(await one(base(), `tcp: 'nowhere.invalid:1'`)).toMatchObject({
    verdict: 'inconclusive',
    finding: 'unreachable-from-here',
  });
});
