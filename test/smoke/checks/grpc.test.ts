import { createServer as createHttpServer } from 'node:http';
import { createSecureServer, createServer, type ServerHttp2Stream } from 'node:http2';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { healthRequest, healthStatusIn } from '../../../src/smoke/grpc/health.ts';
import { certificateFor, type TestCertificate } from '../fixtures/certificate.ts';
import { closeAll, listen, one } from '../fixtures/smoke.ts';

let base = '';
let secure = 0;
let plainHttp = 0;
let noHttp2 = 0;
let certificate: TestCertificate;
let lastRequest: { headers: Record<string, unknown>; body: Buffer } = { headers: {}, body: Buffer.alloc(0) };

/** Response bytes of HealthCheckResponse with a status. */
const framed = (...message: number[]) => Buffer.from([0, 0, 0, 0, message.length, ...message]);

/** A health service with the services that the specification's own answers call for. */
function health(stream: ServerHttp2Stream, headers: Record<string, unknown>): void {
  const chunks: Buffer[] = [];
  stream.on('error', () => {});
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('end', () => {
    const body = Buffer.concat(chunks);
    lastRequest = { headers, body };
    const service = body.subarray(7).toString();
    const only = (status: string, message = '') =>
      stream.respond(
        {
          ':status': 200,
          'content-type': 'application/grpc',
          'grpc-status': status,
          'grpc-message': message,
        },
        { endStream: true },
      );
    if (service === 'none') return only('5', 'unknown service');
    if (service === 'no-health') return only('12');
    if (service === 'locked') return only('16', 'who are you');
    if (service === 'plain') {
      stream.respond({ ':status': 200, 'content-type': 'text/html' });
      stream.end('<html>');
      return;
    }
    if (service === 'teapot') return stream.respond({ ':status': 418 }, { endStream: true });
    if (service === 'silent') return;
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(service === 'down' ? framed(8, 2) : service === 'broken' ? framed(8) : framed(8, 1));
  });
}

beforeAll(async () => {
  certificate = certificateFor(10);
  base = `http://127.0.0.1:${await listen(createServer().on('stream', health))}`;
  secure = await listen(createSecureServer(certificate).on('stream', health));
  plainHttp = await listen(createHttpServer((_, response) => response.end('hello')));
  noHttp2 = await listen(createTlsServer({ ...certificate, ALPNProtocols: ['http/1.1'] }));
});
afterAll(closeAll);

describe('grpc', () => {
  test.each([
    ['the whole server', () => 'grpc: component'],
    ['one service', () => 'grpc: component, service: trading.Orders'],
    ['a status that is asked for', () => 'grpc: component, service: down, status: NOT_SERVING'],
    ['a service that nobody should know', () => 'grpc: component, service: none, status: SERVICE_UNKNOWN'],
    ['TLS', () => `grpc: 'localhost:${secure}', tls: verify, ca: ca.pem`],
  ])('passes: %s', async (_, item) => {
    expect(await one(base, item(), { folder: certificate.folder })).toMatchObject({ verdict: 'passed' });
  });

  test('sends what the protocol asks for', async () => {
    await one(base, 'grpc: component, service: a.B, headers: { X-Key: k }');
    expect(lastRequest.headers).toMatchObject({
      ':method': 'POST',
      ':path': '/grpc.health.v1.Health/Check',
      'content-type': 'application/grpc',
      te: 'trailers',
      'x-key': 'k',
    });
    expect([...lastRequest.body]).toEqual([0, 0, 0, 0, 5, 0x0a, 3, ...Buffer.from('a.B')]);
  });

  test.each([
    ['it does not serve', () => 'grpc: component, service: down', /^NOT_SERVING, expected SERVING$/],
    ['an unknown service', () => 'grpc: component, service: none', /^it knows no service "none"$/],
    ['no health service', () => 'grpc: component, service: no-health', /no health service/],
    [
      'another code',
      () => 'grpc: component, service: locked',
      /^grpc-status 16 UNAUTHENTICATED: who are you$/,
    ],
    ['no gRPC', () => 'grpc: component, service: plain', /no grpc-status/],
    ['another HTTP status', () => 'grpc: component, service: teapot', /^HTTP status 418/],
    ['a broken message', () => 'grpc: component, service: broken', /no HealthCheckResponse/],
    ['silence', () => 'grpc: component, service: silent, timeout: 150ms', /no answer within 150 ms/],
    ['a server of HTTP/1', () => `grpc: ':${plainHttp}', timeout: 2s`, /does not speak HTTP\/2/],
    [
      'TLS without HTTP/2',
      () => `grpc: 'localhost:${noHttp2}', tls: verify, ca: ca.pem`,
      /TLS failed|does not offer HTTP\/2/,
    ],
  ])('is unhealthy: %s', async (_, item, detail) => {
    expect(await one(base, item(), { folder: certificate.folder })).toMatchObject({
      verdict: 'failed',
      finding: 'unhealthy',
      detail: expect.stringMatching(detail),
    });
  });
});

describe('health messages', () => {
  test('a long name has its length in two bytes', () => {
    const name = 'n'.repeat(200);
    expect([...healthRequest(name).subarray(0, 8)]).toEqual([0, 0, 0, 0, 203, 0x0a, 0xc8, 0x01]);
  });

  test.each([
    [framed(8, 1), 'SERVING'],
    [framed(), 'UNKNOWN'],
    [framed(8, 2), 'NOT_SERVING'],
    [framed(8, 3), 'SERVICE_UNKNOWN'],
    [framed(0x12, 2, 9, 9, 8, 1), 'SERVING'],
    [framed(0x10, 0x80, 0x01, 8, 1), 'SERVING'],
    [framed(8, 9), undefined],
    [framed(8), undefined],
    [framed(0x0d, 1, 1, 1, 1), undefined],
    [Buffer.from([1, 0, 0, 0, 0]), undefined],
    [Buffer.from([0, 0, 0, 0, 9, 8, 1]), undefined],
    [Buffer.alloc(3), undefined],
  ])('%j', (bytes, status) => {
    expect(healthStatusIn(bytes)).toBe(status);
  });
});
