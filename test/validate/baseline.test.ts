import { describe, expect, test } from '@jest/globals';
import {
  applyBaseline,
  parseBaseline,
  staleFinding,
  writeBaseline,
} from '../../src/validate/baseline/baseline.ts';
import { fingerprintOf } from '../../src/validate/baseline/fingerprint.ts';
import type { Finding } from '../../src/validate/finding.ts';
import { couldHoldSecret, sourceLineOf } from '../../src/validate/source-line.ts';

const text =
  'kind: Deployment\nspec:\n  containers:\n    - image: gateway:latest\n    - image: risk:latest\n';
const at = (line: number, more: Partial<Finding> = {}): Finding => ({
  rule: 'image-pinned',
  severity: 'error',
  message: 'm',
  file: 'a.yml',
  line,
  column: 1,
  path: 'spec/containers/0/image',
  ...more,
});
const files = (content: string, path = 'a.yml') => new Map([[path, { path, text: content }]]);
const reported = (finding: Finding, content: string) => ({
  ...finding,
  fingerprint: fingerprintOf(finding, files(content)),
  isChanged: false,
});

describe('fingerprintOf', () => {
  const known = fingerprintOf(at(4), files(text));
  test.each([
    ['lines added before it', at(6), `# a\n\n${text}`],
    ['another indentation', at(4), text.replace('    - image', '  - image')],
    ['the first key of an item or a later one', at(4), text.replace('- image', '  image')],
    ['another index in the list', at(4, { path: 'spec/containers/3/image' }), text],
    ['CRLF', at(4), text.replaceAll('\n', '\r\n')],
    ['other words of the message', at(4, { message: 'other' }), text],
  ])('is the same with %s', (_, finding, content) => {
    expect(fingerprintOf(finding, files(content))).toBe(known);
  });

  test.each([
    ['another rule', at(4, { rule: 'replicas' }), text],
    ['another key', at(4, { path: 'spec/containers/0/name' }), text],
    ['another line', at(5), text],
    ['a changed value', at(4), text.replace('gateway:latest', 'gateway:edge')],
  ])('is another one with %s', (_, finding, content) => {
    expect(fingerprintOf(finding, files(content))).not.toBe(known);
  });

  test('takes nothing from a line that could hold a secret', () => {
    const secret = (value: string) => fingerprintOf(at(1, { path: 'x' }), files(`PASSWORD: ${value}\n`));
    expect(secret('hunter2')).toBe(secret('other'));
    const byRule = (value: string) =>
      fingerprintOf(at(1, { rule: 'secret-literal' }), files(`a: ${value}\n`));
    expect(byRule('one')).toBe(byRule('two'));
  });
});

describe('the baseline', () => {
  const before = [reported(at(4), text), reported(at(5), text), reported(at(5), text)];
  const written = writeBaseline(before);

  test('is the same whatever order the findings come in, one entry a line', () => {
    expect(writeBaseline(before.toReversed())).toBe(written);
    expect(written.split('\n').filter((line) => line.includes('fingerprint'))).toHaveLength(2);
    expect(
      JSON.parse(written)
        .findings.map(({ count }: { count: number }) => count)
        .sort(),
    ).toEqual([1, 2]);
    expect(parseBaseline(writeBaseline([]), 'b.json').entries).toEqual([]);
  });

  test('takes out as many as it holds, and no more', () => {
    const baseline = parseBaseline(written, 'b.json');
    const now = [...before, reported(at(5), text)];
    const { kept, known, stale } = applyBaseline(now, baseline);
    expect([kept.length, known.length, stale]).toEqual([1, 3, []]);
  });

  test('tells of what is no longer found, with its line in the file', () => {
    const baseline = parseBaseline(written, 'b.json');
    const { stale } = applyBaseline(before.slice(0, 2), baseline);
    expect(stale).toMatchObject([{ count: 1, fingerprint: before[1]?.fingerprint }]);
    const [entry] = stale;
    const told = entry && staleFinding(baseline, entry);
    expect(told).toMatchObject({ rule: 'baseline-stale', severity: 'notice', file: 'b.json' });
    expect(written.split('\n')[(told?.line ?? 0) - 1]).toContain(before[1]?.fingerprint);
  });

  test('never holds what validate says of ignores', () => {
    expect(
      parseBaseline(writeBaseline([reported(at(1, { rule: 'ignore-unused' }), text)]), 'b.json').entries,
    ).toEqual([]);
  });

  test.each([
    ['{', 'b.json is not a baseline: '],
    ['[]', 'it is not an object'],
    ['{}', 'its schema is not'],
    ['{"schema":"cutover/baseline/v1","findings":[{"rule":"a"}]}', 'findings/0 is not an entry'],
    [
      '{"schema":"cutover/baseline/v1","findings":[{"rule":"a","file":"b","fingerprint":"c","count":0}]}',
      'findings/0',
    ],
  ])('%s is refused: %s', (content, message) => {
    expect(() => parseBaseline(content, 'b.json')).toThrow(message);
  });
});

describe('lines that could hold a secret', () => {
  test.each([
    'password: hunter2',
    '  value: postgres://app:hunter2@db/app',
    'ENV API_KEY=abc',
    'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC',
    '-----BEGIN PRIVATE KEY-----',
    'jwt_secret = "x"',
  ])('%j', (line) => expect(couldHoldSecret([line], 0)).toBe(true));

  test.each([
    'image: ghcr.io/acme/gateway@sha256:0123456789abcdef0123456789abcdef',
    'automountServiceAccountToken: false',
    'token:',
    'replicas: 2',
    '# a comment of some length about nothing in particular',
  ])('not %j', (line) => expect(couldHoldSecret([line], 0)).toBe(false));

  test.each<[readonly string[], number, boolean]>([
    [['- name: DB_PASSWORD', '  value: hunter2'], 1, true],
    [['- value: hunter2', '  name: DB_PASSWORD'], 0, true],
    [['- name: PORT', '  value: 8000', '- name: DB_PASSWORD'], 1, false],
    [['- name: PORT', '  value: 8000', '- name: HOST'], 1, false],
    [['password: |', '  hunter2', '', '  more'], 3, true],
    [['tokens:', '  - hunter2'], 1, true],
    [['kind: Secret', 'data:', '  pin: 123456'], 2, true],
    [['data:', '  pin: 123456', 'kind: Secret'], 1, true],
    [['kind: Secret', '---', 'kind: ConfigMap', 'data:', '  pin: 123456'], 4, false],
    [['auth:', '  enabled: true', 'port: 1'], 2, false],
    [['curl -u user:hunter2 https://example.com'], 0, true],
  ])('%j, line %d: %s', (lines, index, expected) => expect(couldHoldSecret(lines, index)).toBe(expected));

  test.each<[string, Partial<Finding>, string, string | undefined]>([
    ['a harmless line', {}, 'replicas: 2', 'replicas: 2'],
    ['a line with a secret', {}, 'password: x1', undefined],
    ['a rule about secrets', { rule: 'secret-literal' }, 'a: b', undefined],
    ['a value of a Secret', { path: 'stringData/x' }, 'x: y', undefined],
    ['an env file', { file: '.env' }, 'A=b', undefined],
    ['an empty line', {}, '   ', undefined],
  ])('%s', (_, more, line, expected) => {
    const finding = at(1, { path: 'spec', ...more });
    expect(sourceLineOf(finding, files(`${line}\n`, finding.file))).toBe(expected);
  });
});
