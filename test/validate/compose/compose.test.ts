// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${…} is the syntax of variables in Compose files

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { filledIn, interpolationProblem } from '../../../src/validate/compose/interpolation.ts';
import { clash, portOf } from '../../../src/validate/compose/ports.ts';
import { service as serviceShape } from '../../../src/validate/compose/spec/service.ts';
import type { Document } from '../../../src/validate/document.ts';
import { brokenRule, validate } from '../../../src/validate/engine.ts';
import { Collection } from '../../../src/validate/read/collection.ts';
import { composeRules } from '../../../src/validate/rules/compose/index.ts';
import { workspaceOf } from './workspace.ts';

describe('ports', () => {
  test.each([
    [8000, undefined, undefined, 8000, 'tcp'],
    ['8001:8000', undefined, 8001, 8000, 'tcp'],
    ['127.0.0.1:8001:8000/udp', '127.0.0.1', 8001, 8000, 'udp'],
    ['[::1]:8001:8000', '::1', 8001, 8000, 'tcp'],
    ['127.0.0.1::8000', '127.0.0.1', undefined, 8000, 'tcp'],
    ['${P:-7000}:7001', undefined, 7000, 7001, 'tcp'],
    [{ target: 80, published: '8080', host_ip: '10.0.0.1' }, '10.0.0.1', 8080, 80, 'tcp'],
  ])('%j', (item, address, published, target, protocol) => {
    const port = portOf(item, []);
    expect([port?.address, port?.published?.from, port?.target?.from, port?.protocol]).toEqual([
      address,
      published,
      target,
      protocol,
    ]);
  });

  test.each([['a:b'], ['${P}:80'], [true], [null]])('%j is none', (item) =>
    expect(portOf(item, [])).toBeUndefined(),
  );

  test.each([
    ['8000:80', '8000:81', true],
    ['8000-8010:80-90', '8005:80', true],
    ['127.0.0.1:8000:80', '8000:80', true],
    ['127.0.0.1:8000:80', '127.0.0.2:8000:80', false],
    ['8000:80/udp', '8000:80', false],
    ['8000', '8000', false],
  ])('%s and %s clash: %s', (a, b, expected) => {
    const [first, second] = [portOf(a, []), portOf(b, [])];
    expect(first && second && clash(first, second)).toBe(expected);
  });
});

test.each([
  ['$$HOME', undefined],
  ['${A:-${B}}', undefined],
  ['${A', 'closed'],
  ['${A!}', 'followed'],
  ['$ 5', 'not a variable'],
  ['5$', 'not a variable'],
])('variables in %j', (text, problem) => {
  const found = interpolationProblem(text);
  if (problem === undefined) expect(found).toBeUndefined();
  else expect(found).toContain(problem);
});

test.each([
  ['${A:-b}', 'b'],
  ['$$', '$'],
  ['$A', undefined],
  ['plain', 'plain'],
])('%j filled in is %j', (text, expected) => expect(filledIn(text)).toBe(expected));

test('no rule fails on any value', () => {
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(
        'a',
        'b',
        '8000:80',
        '${A',
        'service:a',
        'host',
        './x:/y',
        'a:/b',
        '',
        null,
        3,
        -1,
        true,
      ),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom(
          'a',
          'b',
          'source',
          'target',
          'file',
          'service',
          'test',
          'condition',
          'context',
          'path',
        ),
        tie('any'),
        { maxKeys: 3 },
      ),
    ),
  })).any;
  const service = fc.dictionary(fc.constantFrom(...Object.keys(serviceShape.mapping?.keys ?? {})), value, {
    maxKeys: 8,
  });
  const file = fc.record(
    {
      services: fc.oneof(fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.oneof(service, value)), value),
      networks: value,
      volumes: value,
      include: value,
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(file, (content) => {
      const document: Document = {
        file: { path: 'compose.yml', text: '' },
        index: 0,
        value: content,
        position: () => ({ line: 1, column: 1, offset: 0 }),
        extent: () => undefined,
      };
      const found = new Collection();
      found.addCompose(document);
      const { findings } = validate(workspaceOf({ composeFiles: found.composeFiles }), composeRules);
      expect(findings.filter(({ rule }) => rule === brokenRule)).toEqual([]);
    }),
    { numRuns: 2_000 },
  );
});
