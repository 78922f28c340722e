import { describe, expect, test } from '@jest/globals';
import { docsLink, explain } from '../../src/hosts/failure.ts';
import { InvalidInputs } from '../../src/hosts/inputs.ts';
import { about } from '../../src/platform/about.ts';
import { Cancelled, UsageError, UserError } from '../../src/platform/errors.ts';

describe('explain', () => {
  test('a user error is one line, the next command and a link', () => {
    const error = new UserError('the lease is held', {
      next: 'cutover status',
      docs: 'docs/cutover.md#lease',
    });
    expect(explain(error)).toEqual({
      text: 'the lease is held',
      details: [
        'next: cutover status',
        `docs: https://github.com/${about.slug}/blob/main/docs/cutover.md#lease`,
      ],
      exitCode: 1,
    });
  });

  test('a bug shows its stack', () => {
    const { text, details } = explain(new TypeError('x is not a function'));
    expect(text).toBe(`a bug in cutover ${about.version}: x is not a function`);
    expect(details.join('\n')).toMatch(/TypeError: x is not a function\n\s+at /);
  });

  test.each([
    ['cancelled', new Cancelled('stop'), 130],
    ['inputs', new InvalidInputs(['inputs/mode: …']), 2],
    ['usage', new UsageError('no command'), 2],
    ['other', new UserError('x'), 1],
    ['thrown text', 'x', 1],
  ])('%s has its exit code', (_, error, code) => {
    expect(explain(error).exitCode).toBe(code);
  });

  test('several inputs are told below one line', () => {
    const { text, details } = explain(new InvalidInputs(['inputs/mode: a', 'inputs/bake: b']));
    expect(text).toBe('2 inputs cannot be used');
    expect(details).toEqual(['inputs/mode: a', 'inputs/bake: b']);
  });

  test('on a runner links lead to the version that runs', () => {
    expect(docsLink('docs/a.md', { slug: 'acme/fork', ref: 'abc' })).toBe(
      'https://github.com/acme/fork/blob/abc/docs/a.md',
    );
  });
});
