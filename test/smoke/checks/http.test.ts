import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { certificateFor, type TestCertificate } from '../fixtures/certificate.ts';
import { closeAll, closedPort, listen, one, smoke } from '../fixtures/smoke.ts';

let base = '';
let secure = '';
let other = '';
let refusing = 0;
let certificate: TestCertificate;
const seen: {
  method: string | undefined;
  url: string | undefined;
  headers: Record<string, unknown>;
  body: string;
}[] = [];

beforeAll(async () => {
  certificate = certificateFor(10);
  const server = createServer(async (request, response) => {
    const { method, url = '', headers } = request;
    let body = '';
    for await (const piece of request) body += piece;
    seen.push({ method, url, headers, body });
    const [, , status = '200'] = url.split('/');
    if (url === '/silent') return;
    if (url === '/lines') {
      response.end('a\r\nx-evil: 1');
      return;
    }
    if (url === '/cut') {
      request.socket.destroy();
      return;
    }
    if (url === '/json') {
      response.setHeader('content-type', 'application/json');
      response.setHeader('x-version', '1.2.3');
      response.end(JSON.stringify({ status: 'up', n: 5, items: [{ price: 1 }, { price: 2 }], none: null }));
      return;
    }
    if (url === '/slow') {
      setTimeout(() => response.end('late'), 120);
      return;
    }
    if (url.startsWith('/to/')) {
      response.writeHead(302, { location: decodeURIComponent(url.slice(4)) }).end();
      return;
    }
    response.writeHead(Number(status)).end(`this is ${url}`);
  });
  base = `http://127.0.0.1:${await listen(server)}`;
  other = `http://127.0.0.1:${await listen(
    createServer((request, response) => {
      seen.push({ method: request.method, url: request.url, headers: request.headers, body: '' });
      response.end('other');
    }),
  )}`;
  const tls = createSecureServer(certificate, (_, response) => response.end('secure'));
  secure = `https://localhost:${await listen(tls)}`;
  refusing = await closedPort(createServer());
});
afterAll(closeAll);

describe('http passes', () => {
  test.each([
    ['a path', 'http: /a'],
    ['a status', 'http: /s/404, status: 404'],
    ['one of several statuses', 'http: /s/404, status: [200, 404]'],
    ['302 where redirects are not followed', `http: /to/x`],
    ['JSON', `http: /json, json: { $.status: up, $.n: 5 }`],
    ['JSON bounds', `http: /json, json: { $.n: '>=5', '$.items[*].price': '<3' }`],
    ['JSON existence', `http: /json, json: { $.none: { exists: true }, $.more: { exists: false } }`],
    ['JSON length and match', `http: /json, json: { $.items: { length: 2 }, $.status: { matches: ^u } }`],
    ['a filter', `http: /json, json: { '$.items[?@.price > 1].price': 2 }`],
    ['a match', `http: /a, matches: this is`],
    ['a header', `http: /json, header: { x-version: 1.2.3, Content-Type: { matches: json$ } }`],
    ['a header that must be away', `http: /json, header: { x-powered-by: { exists: false } }`],
    ['redirects', `http: /to/%2Fto%2F%252Fa, redirects: 2, matches: this is /a$`],
    ['HEAD', 'http: /a, method: HEAD'],
    ['in time', 'http: /a, within: 5s'],
  ])('%s', async (_, item) => {
    expect(await one(base, item)).toMatchObject({ verdict: 'passed', attempts: 1 });
  });

  test('says what it saw', async () => {
    expect((await one(base, 'http: /a')).detail).toMatch(/^200 in \d+ ms$/);
    const { detail } = await one(base, `http: /to/%2Fa, redirects: 1`);
    expect(detail).toMatch(/^200 in \d+ ms from http:\/\/127\.0\.0\.1:\d+\/a$/);
  });

  test('sends method, headers and body', async () => {
    await one(base, `http: /take?a=1, method: PUT, headers: { x-a: b }, body: '{"a":1}'`);
    expect(seen.at(-1)).toMatchObject({
      method: 'PUT',
      url: '/take?a=1',
      body: '{"a":1}',
      headers: { 'x-a': 'b', 'content-type': 'application/json' },
    });
    await one(base, `http: /take, body: hello`);
    expect(seen.at(-1)).toMatchObject({
      method: 'POST',
      body: 'hello',
      headers: { 'content-type': /^text\/plain/ },
    });
  });

  test('a redirect to another server does not take credentials along', async () => {
    const there = encodeURIComponent(`${other}/there`);
    await one(base, `http: /to/${there}, redirects: 1, headers: { authorization: Bearer abc, x-kept: yes }`);
    expect(seen.at(-1)).toMatchObject({ url: '/there', headers: { 'x-kept': 'yes' } });
    expect(seen.at(-1)?.headers).not.toHaveProperty('authorization');
  });
});

describe('http is unhealthy', () => {
  test.each([
    ['a wrong status', 'http: /s/503', /^503, expected 200 to 399: this is \/s\/503$/],
    ['another status', 'http: /a, status: 201', /^200, expected 201: this is \/a$/],
    ['none of the statuses', 'http: /a, status: [201, 202]', /expected 201 or 202/],
    ['another value', 'http: /json, json: { $.status: down }', /^\$\.status is "up", expected "down"$/],
    ['one of several values', `http: /json, json: { '$..price': '>1' }`, /^\$\.\.price is 1, expected >1$/],
    ['a missing value', 'http: /json, json: { $.more: 1 }', /^\$\.more is missing$/],
    [
      'a value too many',
      'http: /json, json: { $.n: { exists: false } }',
      /^\$\.n is there, expected nothing$/,
    ],
    ['a number that is a text', 'http: /json, json: { $.status: 5 }', /is "up", expected 5/],
    [
      'another length',
      'http: /json, json: { $.items: { length: ">2" } }',
      /\$\.items has the length 2, expected >2/,
    ],
    ['no JSON', 'http: /a, json: { $.a: 1 }', /^the body is not JSON: this is \/a$/],
    ['no match', 'http: /a, matches: ^that', /^the body does not match \^that: this is \/a$/],
    [
      'another header',
      'http: /json, header: { x-version: 1.2.4 }',
      /^header x-version is "1\.2\.3", expected "1\.2\.4"$/,
    ],
    ['a missing header', 'http: /json, header: { x-none: a }', /^header x-none is missing$/],
    ['no certificate', 'http: /a, certificate: 1d', /there is no certificate/],
    ['too many redirects', 'http: /to/%2Fto%2F%252Fa, redirects: 1', /^302 after 1 redirects/],
    ['silence', 'http: /silent, timeout: 100ms', /^connected to 127.0.0.1:\d+, but no answer within 100 ms$/],
    ['a cut connection', 'http: /cut', /closed the connection without an answer/],
  ])('%s', async (_, item, detail) => {
    expect(await one(base, item)).toMatchObject({
      verdict: 'failed',
      finding: 'unhealthy',
      detail: expect.stringMatching(detail),
    });
  });

  test.each([
    ['http: /x', 'the value of the header x-a cannot be sent'],
    ['websocket: /x', 'the value of the header x-a cannot be sent'],
    ['grpc: component', 'the value of the header x-a cannot be sent'],
  ])('a captured value that would be a header of its own: %s', async (item, detail) => {
    const { checks } = await smoke(base, [
      'name: lines, retry-for: 0, http: /lines',
      `name: it, retry-for: 0, ${item}, headers: { x-a: '\${checks.lines.body}' }`,
    ]);
    expect(checks[1]).toMatchObject({ finding: 'unhealthy', detail });
  });

  test('a refused connection on loopback', async () => {
    const record = await one(base, `http: http://127.0.0.1:${refusing}/`);
    expect(record).toMatchObject({
      verdict: 'failed',
      finding: 'unhealthy',
      detail: `127.0.0.1:${refusing} refuses the connection`,
    });
  });
});

test('http is slow when the answer is right and late', async () => {
  expect(await one(base, 'http: /slow, within: 50ms')).toMatchObject({
    verdict: 'failed',
    finding: 'slow',
    detail: expect.stringMatching(/^right, but after \d+ ms, allowed are 50 ms \(200 in \d+ ms\)$/),
  });
});

test('http is inconclusive where the name cannot be resolved', async () => {
  expect(await one(base, 'http: http://nowhere.invalid/')).toMatchObject({
    verdict: 'inconclusive',
    finding: 'unreachable-from-here',
    next: expect.stringContaining('nowhere.invalid'),
  });
});

describe('https', () => {
  const inFolder = () => ({ folder: certificate.folder });

  test('trusts the authority that ca names, and counts the days', async () => {
    const record = await one(base, `http: ${secure}/, ca: ca.pem, certificate: 8d`, inFolder());
    expect(record).toMatchObject({
      verdict: 'passed',
      detail: expect.stringMatching(/certificate valid for 9 days$/),
    });
  });

  test('a certificate that ends too soon', async () => {
    const record = await one(base, `http: ${secure}/, ca: ca.pem, certificate: 14d`, inFolder());
    expect(record).toMatchObject({
      finding: 'unhealthy',
      detail: 'the certificate of localhost is valid for 9 days, expected 14 days',
    });
  });

  test('a certificate that nobody vouches for', async () => {
    expect(await one(base, `http: ${secure}/`)).toMatchObject({
      finding: 'unhealthy',
      detail: expect.stringMatching(/^localhost:\d+: TLS failed: (?:Error: )?self-signed certificate$/),
      next: expect.stringContaining('ca'),
    });
  });

  test('a file that is not there says nothing about the release', async () => {
    expect(await one(base, `http: ${secure}/, ca: none.pem`, inFolder())).toMatchObject({
      verdict: 'inconclusive',
      detail: 'there is no file none.pem',
    });
  });
});
