import { describe, expect, test } from '@jest/globals';
import type { MeterPlan } from '../../src/traffic/report.ts';
import { addressOf, requestTemplate } from '../../src/traffic/request-template.ts';
import { plan } from './fixtures/plan.ts';

const request = (over: Partial<MeterPlan>, n = 1): string => requestTemplate({ ...plan, ...over })(n);

describe('request template', () => {
  test('GET', () => {
    expect(request({ origin: 'http://[::1]:81', path: '/a?b=c' })).toBe(
      'GET /a?b=c HTTP/1.1\r\nhost: [::1]:81\r\nuser-agent: cutover-meter\r\nx-cutover-probe: 1\r\n\r\n',
    );
  });

  test('a number in path, headers and body; the length in bytes', () => {
    const bytes = request(
      {
        method: 'POST',
        path: '/o/{n}',
        headers: { 'X-Id': 'r{n}', 'Content-Type': 'text/plain' },
        body: '€{n}{n}',
      },
      12,
    );
    const [head = '', body] = bytes.split('\r\n\r\n');
    expect(head.split('\r\n')[0]).toBe('POST /o/12 HTTP/1.1');
    expect(head).toContain('\r\nX-Id: r12\r\n');
    expect(head).toMatch(/\r\ncontent-length: 7$/);
    expect(head).not.toContain('application/json');
    expect(Buffer.from(body ?? '', 'latin1').toString('utf8')).toBe('€1212');
  });

  test('POST without a body says so, an own host wins, a connection per request asks for the close', () => {
    const bytes = request({ method: 'POST', headers: { Host: 'shop.example' }, connections: 'new' });
    expect(bytes).toMatch(/\r\ncontent-length: 0\r\n/);
    expect(bytes).toMatch(/\r\nconnection: close\r\n/);
    expect(bytes.match(/host:/gi)).toHaveLength(1);
  });

  test.each<[string, Partial<MeterPlan>, RegExp]>([
    ['header with a line end', { headers: { 'x-a': 'b\r\nc: d' } }, /cannot be sent/],
    ['header name with a space', { headers: { 'x a': 'b' } }, /cannot be sent/],
    ['a length of its own', { headers: { 'Content-Length': '3' } }, /by itself/],
    ['path with a space', { path: '/a b' }, /percent-encoded/],
    ['path with a line end', { path: '/a\r\n' }, /percent-encoded/],
    ['method that is none', { method: 'GE T' }, /method/],
    ['another scheme', { origin: 'ftp://localhost' }, /http:\/\//],
    ['no URL', { origin: 'localhost:80' }, /http:\/\//],
  ])('refuses %s', (_, over, message) => {
    expect(() => request(over)).toThrow(message);
  });

  test('address', () => {
    expect(addressOf('http://[::1]')).toEqual({ scheme: 'http', host: '::1', port: 80, authority: '[::1]' });
    const secure = { scheme: 'https', host: 'shop.example', port: 443, authority: 'shop.example' };
    expect(addressOf('https://shop.example/')).toEqual(secure);
  });

  test('what cannot be sent in a header is not shown', () => {
    const headers = { authorization: 'Bearer secret\nvalue' };
    expect(() => request({ headers })).toThrow(/^the header "authorization" cannot be sent[^"]*$/);
  });
});
