import { describe, expect, test } from '@jest/globals';
import { captured, fill, missingIn, referencesIn } from '../../src/smoke/fill.ts';

const answers = new Map<string, unknown>([
  ['login', { status: 200, body: { token: 'abc', ids: [7, 8], deep: { a: 1 }, none: null, no: false } }],
]);

describe('captures', () => {
  test.each([
    [['status'], '200'],
    [['body', 'token'], 'abc'],
    [['body', 'ids', '1'], '8'],
    [['body', 'deep'], '{"a":1}'],
    [['body', 'no'], 'false'],
    [['body', 'none'], undefined],
    [['body', 'ids', '2'], undefined],
    [['body', 'token', 'length'], undefined],
    [['body', 'toString'], undefined],
  ])('%j is %j', (path, value) => {
    expect(captured(answers.get('login'), path)).toBe(value);
  });

  test('are found in all texts, and filled into them', () => {
    const spec = {
      http: '/a/${checks.login.body.ids.0}',
      list: [{ a: '${checks.login.body.token}-${checks.login.status}' }],
      n: 1,
    };
    expect(referencesIn(spec).map(({ path }) => path.join('.'))).toEqual([
      'body.ids.0',
      'body.token',
      'status',
    ]);
    expect(missingIn(spec, answers)).toBeUndefined();
    expect(fill(spec, answers)).toEqual({ http: '/a/7', list: [{ a: 'abc-200' }], n: 1 });
  });

  test('that are not there are told', () => {
    const spec = { a: '${checks.login.body.token} ${checks.login.body.more}' };
    expect(missingIn(spec, answers)).toMatchObject({ check: 'login', path: ['body', 'more'] });
    expect(missingIn({ a: '${checks.other.x}' }, answers)).toMatchObject({ check: 'other' });
  });

  test('are not looked at again once they are filled in', () => {
    const sly = new Map<string, unknown>([
      ['a', { x: '${checks.b.x}' }],
      ['b', { x: 'secret' }],
    ]);
    expect(fill('${checks.a.x}', sly)).toBe('${checks.b.x}');
  });
});
