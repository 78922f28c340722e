// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${…} is what manifests hold

import { describe, expect, test } from '@jest/globals';
import {
  credentialForm,
  credentialIn,
  entropy,
  isCredential,
  isLiteral,
  nameStrength,
} from '../../../src/validate/kubernetes/credentials.ts';
import { secretLiteral } from '../../../src/validate/rules/kubernetes/secret-literal.ts';
import { runOn } from '../../support/validate-fixtures.ts';

describe('names', () => {
  test.each([
    ['PASSWORD', 'strong'],
    ['database.password', 'strong'],
    ['PGPASSWORD', 'strong'],
    ['dbPassword', 'strong'],
    ['JWT_SECRET_KEY', 'strong'],
    ['clientSecret', 'strong'],
    ['--api-key', 'strong'],
    ['AWS_SECRET_ACCESS_KEY', 'strong'],
    ['session-key', 'strong'],
    ['PARTITION_KEY', 'weak'],
    ['PASSWORD_SALT', 'strong'],
    ['HASH_SALT', 'weak'],
    ['PASSWORD_FILE', 'none'],
    ['TOKEN_TTL', 'none'],
    ['SECRET_NAME', 'none'],
    ['AWS_ACCESS_KEY_ID', 'none'],
    ['SSH_PUBLIC_KEY', 'none'],
    ['MAX_TOKENS', 'none'],
    ['TOKENIZER', 'none'],
    ['KEYBOARD', 'none'],
    ['', 'none'],
    ['___', 'none'],
  ] as const)('%s is %s', (name, strength) => {
    expect(nameStrength(name)).toBe(strength);
  });
});

describe('values', () => {
  test.each([
    ['open-sesame', true],
    ['change-me', true],
    ['pa$$word', true],
    ['', false],
    ['  ', false],
    ['****', false],
    ['${PASSWORD}', false],
    ['$(PASSWORD)', false],
    ['$PASSWORD', false],
    ['{{ .Values.password }}', false],
    ['<password>', false],
    ['%PASSWORD%', false],
    ['__PASSWORD__', false],
    ['/run/secrets/password', false],
    ['./password.txt', false],
    ['vault:secret/data/db#password', false],
    ['arn:aws:secretsmanager:eu-central-1:123456789012:secret:db', false],
  ])('%j is written out: %j', (value, literal) => {
    expect(isLiteral(value)).toBe(literal);
  });

  test.each([
    ['PASSWORD', 'open-sesame', true],
    ['PASSWORD', '48151623', true],
    ['PASSWORD', '1234', false],
    ['AUTH_TOKEN', 'true', false],
    ['ACCESS_TOKEN', '15m', false],
    ['PARTITION_KEY', 'customer-account-number', false],
    ['PARTITION_KEY', 'aaaaaaaaaaaaaaaaaaaaaaaa1', false],
    ['PARTITION_KEY', '3f2b8c1e-7a4d-4e0f-9b6a-5d1c2e3f4a5b', false],
    ['MARKET_DATA_KEY', '9fK2mQ7xLw4Rz8TbVn3Yc6Hd', true],
    ['MARKET_DATA_KEY', '9fK2mQ7x', false],
    ['LOG_LEVEL', '9fK2mQ7xLw4Rz8TbVn3Yc6Hd', false],
  ])('%s=%s is a credential: %j', (name, value, credential) => {
    expect(isCredential(name, value)).toBe(credential);
  });

  test('entropy counts bits a character', () => {
    expect(entropy('aaaa')).toBeCloseTo(0);
    expect(entropy('abab')).toBeCloseTo(1);
    expect(entropy('abcdefgh')).toBeCloseTo(3);
  });
});

describe('forms', () => {
  test.each([
    ['AKIAIOSFODNN7EXAMPLE', 'an AWS access key'],
    ['key AKIAIOSFODNN7EXAMPLE here', 'an AWS access key'],
    ['-----BEGIN PRIVATE KEY-----', 'a private key'],
    ['-----BEGIN ENCRYPTED PRIVATE KEY-----', 'a private key'],
    [`ghp_${'a'.repeat(36)}`, 'a GitHub token'],
    ['postgres://gateway:hunter2@db/orders', 'a URL with a password'],
    ['see http://a/ and amqp://u:p@queue:5672/', 'a URL with a password'],
    ['redis://:hunter2@cache:6379', 'a URL with a password'],
    ['-----BEGIN PUBLIC KEY-----', undefined],
    ['AKIAIOSFODNN7', undefined],
    ['postgres://gateway@db/orders', undefined],
    ['postgres://gateway:${PASSWORD}@db/orders', undefined],
    ['http://db:5432/?next=user:pass@host', undefined],
    ['git@github.com:acme/trading.git', undefined],
    ['12:30 - a://b', undefined],
  ])('%s: %s', (value, form) => {
    expect(credentialForm(value)).toBe(form);
  });

  test('names the line of a file, and leaves comments alone', () => {
    expect(credentialIn('a: 1\n# password: x1y2z3\nb:\n  password: "x1y2z3"\n')).toEqual({
      line: 4,
      noun: '"password"',
      index: 29,
    });
    expect(credentialIn('{\n  "apiKey": "x1y2z3",\n}')).toEqual({
      line: 2,
      noun: '"apiKey"',
      index: 5,
    });
    expect(credentialIn('# postgres://user:password@host\n')).toBeUndefined();
    expect(credentialIn('password: ${PASSWORD}\ntoken-ttl = 15m\n')).toBeUndefined();
  });

  test('take time in proportion to the length', () => {
    const long = `${'a:'.repeat(50_000)}://${'x'.repeat(100_000)} eyJ${'eyJ.'.repeat(20_000)}`;
    expect(credentialForm(long)).toBeUndefined();
    expect(credentialIn(`${' '.repeat(100_000)}=\n${'"'.repeat(100_000)}`)).toBeUndefined();
  });
});

test('no finding holds a value', async () => {
  const { findings } = await runOn(secretLiteral, 'bad');
  const values =
    /correct-horse|hunter2|open-sesame|b3Blbi1|change-me|IOSFODNN|48151623|9fK2mQ7|s3cr3t|eyJhbG/;
  expect(findings.length).toBeGreaterThan(10);
  expect(findings.filter((finding) => values.test(JSON.stringify(finding)))).toEqual([]);
});
