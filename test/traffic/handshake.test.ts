import { describe, expect, test } from '@jest/globals';
import type { Problem } from '../../src/traffic/exchange.ts';
import { handshakeProblem } from '../../src/traffic/handshake.ts';

const failed = (code: string, message = 'it failed'): Error => Object.assign(new Error(message), { code });

const hint =
  'self-signed certificate; if the root CA is installed locally, try running Node.js with --use-system-ca';
const internal =
  '00AB:error:0A00010B:SSL routines:tls_validate_record_header:wrong version number:../deps/x.c:77:\n';

describe('why TLS could not be agreed on', () => {
  test.each<[unknown, Problem['kind'], string]>([
    [undefined, 'reset', 'connection closed in the TLS handshake'],
    [failed('ECONNRESET', 'read ECONNRESET'), 'reset', 'connection closed in the TLS handshake'],
    [failed('ENETDOWN'), 'reset', 'connection ENETDOWN in the TLS handshake'],
    [
      failed('DEPTH_ZERO_SELF_SIGNED_CERT', hint),
      'malformed',
      'certificate not trusted: self-signed certificate',
    ],
    [failed('CERT_HAS_EXPIRED'), 'malformed', 'certificate refused: it failed'],
    [failed('ERR_TLS_CERT_ALTNAME_INVALID'), 'malformed', 'certificate refused: it failed'],
    [failed('ERR_SSL_WRONG_VERSION_NUMBER', internal), 'malformed', 'no TLS: wrong version number'],
    [failed('EPROTO', `write EPROTO ${internal}`), 'malformed', 'no TLS: wrong version number'],
  ])('%j', (error, kind, detail) => {
    expect(handshakeProblem(error)).toEqual({ kind, detail });
  });
});
