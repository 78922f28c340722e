import { describe, expect, test } from '@jest/globals';
import { isSecretName, partsToMask } from '../../src/hosts/secrets.ts';

describe('secrets', () => {
  test.each(['GITHUB_TOKEN', 'DB_PASSWORD', 'JWT_SECRET_KEY', 'AWS_SECRET_ACCESS_KEY', 'api_key', 'TOKEN'])(
    '%s names a secret',
    (name) => expect(isSecretName(name)).toBe(true),
  );

  test.each(['CACHE_KEY', 'TOKENIZER', 'PATH', 'SECRETARY', 'KEYBOARD', 'GITHUB_SHA'])(
    '%s names none',
    (name) => expect(isSecretName(name)).toBe(false),
  );

  test.each([
    ['hunter2-9x', ['hunter2-9x']],
    ['correcthorsebatterystaple', ['correcthorsebatterystaple']],
    ['-----BEGIN PRIVATE KEY-----\nMIIEvQ+ab/1\n-----END PRIVATE KEY-----\n', ['MIIEvQ+ab/1']],
    ['short1', []],
    ['production', []],
    ['localhost', []],
    ['20261121', []],
    ['2026-11-21T00:00:00Z', []],
    ['', []],
  ])('of %j is masked %j', (value, parts) => {
    expect(partsToMask(value)).toEqual(parts);
  });
});
