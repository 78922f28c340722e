import { describe, expect, test } from '@jest/globals';
import { failedIn, type Phase } from '../../src/platform/phase.ts';
import type { CheckContext } from '../../src/smoke/check.ts';
import {
  failureOf,
  isLoopback,
  type Peer,
  peerOf,
  peerText,
  Reached,
  TimeUp,
} from '../../src/smoke/reach.ts';

const here: Peer = { host: '127.0.0.1', port: 80 };
const there: Peer = { host: '192.0.2.7', port: 80 };

function context(over: { before?: Peer; reason?: Error } = {}): CheckContext {
  const reached = new Reached();
  if (over.before) reached.add(over.before);
  const signal = over.reason ? AbortSignal.abort(over.reason) : new AbortController().signal;
  return { signal, reached, timeoutMs: 1_000 } as unknown as CheckContext;
}

const failed = (phase: Phase, code: string) =>
  failedIn(phase, Object.assign(new Error(`it was ${code}`), { code }));
const late = new TimeUp(1_000);

describe('what a failure tells', () => {
  test.each<[string, Phase, string, Peer, Parameters<typeof context>[0], string]>([
    ['refused on loopback', 'connect', 'ECONNREFUSED', here, {}, 'unhealthy'],
    ['refused elsewhere', 'connect', 'ECONNREFUSED', there, {}, 'unreachable-from-here'],
    [
      'refused elsewhere, where it was reached before',
      'connect',
      'ECONNREFUSED',
      there,
      { before: there },
      'unhealthy',
    ],
    [
      'refused at another port than was reached',
      'connect',
      'ECONNREFUSED',
      there,
      { before: { ...there, port: 81 } },
      'unreachable-from-here',
    ],
    ['no connection in time', 'connect', '', there, { reason: late }, 'unreachable-from-here'],
    ['no connection in time on loopback', 'connect', '', here, { reason: late }, 'unhealthy'],
    ['no route', 'connect', 'EHOSTUNREACH', there, { before: there }, 'unreachable-from-here'],
    ['no network', 'connect', 'ENETUNREACH', there, {}, 'unreachable-from-here'],
    ['our own limit, even on loopback', 'connect', 'EMFILE', here, {}, 'unreachable-from-here'],
    ['no such name', 'lookup', 'ENOTFOUND', there, {}, 'unreachable-from-here'],
    ['no name server', 'lookup', '', there, { reason: late }, 'unreachable-from-here'],
    ['a certificate', 'tls', 'CERT_HAS_EXPIRED', there, {}, 'unhealthy'],
    ['a reset', 'answer', 'ECONNRESET', there, {}, 'unhealthy'],
    ['silence', 'answer', '', there, { reason: late }, 'unhealthy'],
  ])('%s', (_, phase, code, peer, over, finding) => {
    const failure = failureOf(failed(phase, code), peer, context(over));
    expect(failure.finding).toBe(finding);
    expect(failure.next === undefined).toBe(finding === 'unhealthy');
  });

  test('the first of several attempts speaks for all', () => {
    const all = failedIn(
      'connect',
      new AggregateError([failed('connect', 'ECONNREFUSED'), failed('connect', 'ENETUNREACH')]),
    );
    expect(failureOf(all, here, context()).detail).toBe('127.0.0.1:80 refuses the connection');
  });

  test('who was connected has been reached', () => {
    const seen = context();
    failureOf(failed('answer', 'ECONNRESET'), there, seen);
    expect(failureOf(failed('connect', 'ECONNREFUSED'), there, seen).finding).toBe('unhealthy');
  });

  test('an unknown issuer may be made known', () => {
    const failure = failureOf(failed('tls', 'DEPTH_ZERO_SELF_SIGNED_CERT'), there, context());
    expect(failure).toMatchObject({ finding: 'unhealthy', next: expect.stringContaining('ca') });
  });

  test('a cancelled run is no finding', () => {
    const reason = new Error('SIGINT');
    expect(() => failureOf(failed('connect', ''), here, context({ reason }))).toThrow('SIGINT');
  });
});

test.each([
  ['127.0.0.1', true],
  ['127.8.9.1', true],
  ['localhost', true],
  ['a.localhost', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['0.0.0.0', false],
  ['10.0.0.1', false],
  ['127.0.0.1.example', false],
  ['localhost.example', false],
])('%s is loopback: %s', (host, is) => {
  expect(isLoopback(host)).toBe(is);
});

test.each([
  ['http://a.example/x', 'a.example:80'],
  ['https://a.example/', 'a.example:443'],
  ['wss://a.example/', 'a.example:443'],
  ['http://[::1]:8000/', '[::1]:8000'],
])('the peer of %s is %s', (url, text) => {
  expect(peerText(peerOf(url))).toBe(text);
});
