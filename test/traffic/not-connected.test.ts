import { describe, expect, test } from '@jest/globals';
import { notConnected } from '../../src/traffic/not-connected.ts';

const failure = (code: string) => Object.assign(new Error(`connect ${code}`), { code });

describe('a connection that was not made', () => {
  test.each([
    ['ECONNREFUSED', 'refused'],
    ['ECONNRESET', 'refused'],
    ['EMFILE', 'unreachable'],
    ['ENFILE', 'unreachable'],
    ['EADDRNOTAVAIL', 'unreachable'],
    ['ENOBUFS', 'unreachable'],
    ['ENOTFOUND', 'unreachable'],
    ['EAI_AGAIN', 'unreachable'],
    ['EHOSTUNREACH', 'unreachable'],
    ['ENETUNREACH', 'unreachable'],
    ['EACCES', 'unreachable'],
  ])('%s is %s', (code, kind) => {
    expect(notConnected(failure(code))).toMatchObject({ kind });
    expect(notConnected(new AggregateError([failure(code), failure('ETIMEDOUT')]))).toMatchObject({ kind });
  });

  test('says when the limit is ours', () => {
    expect(notConnected(failure('EMFILE')).detail).toBe(
      "this machine's limit, not the server: connect EMFILE",
    );
    expect(notConnected(failure('ENETUNREACH')).detail).toBe('connect ENETUNREACH');
  });

  test('without an error it was refused', () => {
    expect(notConnected(undefined).kind).toBe('refused');
  });
});
