import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Redaction } from '../../src/smoke/redaction.ts';

const secret = 'p/ss "word"\n1';

describe('redaction', () => {
  test.each([
    ['plain', `a ${secret} b`, 'a *** b'],
    ['on one line', 'a p/ss "word" 1 b', 'a *** b'],
    ['in JSON', JSON.stringify({ a: secret }), '{"a":"***"}'],
    ['in a URL', `?a=${encodeURIComponent(secret)}&b`, '?a=***&b'],
    ['cut off', 'a p/ss "wo… b', 'a ***… b'],
    ['too little to tell', 'a p/s… b', 'a p/s… b'],
  ])('%s', (_, text, expected) => {
    expect(new Redaction([secret]).text(text)).toBe(expected);
  });

  test('a longer secret goes before one within it, and short words stay', () => {
    expect(new Redaction(['abcd', 'xabcdx', 'on']).text('xabcdx abcd on')).toBe('*** *** on');
  });

  test('all texts of a value, however deep, and nothing else', () => {
    const value = { a: ['abcd', { b: 'x abcd', n: 4, u: undefined }] };
    expect(new Redaction(['abcd']).all(value)).toEqual({ a: ['***', { b: 'x ***', n: 4, u: undefined }] });
  });

  test('words of our own are no secret where nothing else can stand', () => {
    const record = { verdict: 'failed', aim: 'standby', detail: 'failed on standby' };
    expect(new Redaction(['failed', 'standby']).all(record)).toEqual({ ...record, detail: '*** on ***' });
  });

  test('a text is redacted before it is cut', () => {
    fc.assert(
      fc.property(fc.nat(250), fc.integer({ min: 5, max: 60 }), (before, most) => {
        const shown = new Redaction(['0123456789abcdef']).shown(
          `${'x'.repeat(before)}0123456789abcdef`,
          most,
        );
        expect(shown.length).toBeLessThanOrEqual(Math.max(most, 3));
        expect(shown).not.toMatch(/0|1/);
      }),
    );
  });
});
