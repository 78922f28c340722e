import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { checkKinds } from '../../src/smoke/checks/index.ts';
import { checksOf } from '../../src/smoke/schema.ts';
import { checks, read } from './fixtures/smoke.ts';

/** Path, message and what is allowed of each problem. */
function problems(...items: string[]) {
  const result = read(items);
  return result.ok ? [] : result.problems.map(({ path, message, line }) => `${line} ${path}: ${message}`);
}

/** The line of the first check in the test's file. */
const first = 7;

describe('smoke of cutover.yml', () => {
  test('defaults', () => {
    const { checks: read } = checks([
      'name: a, http: /',
      'name: b, component: ledger, http: /, within: 1s, timeout: 2s, retry-for: 0, every: 1s, needs: [a], on: live',
      'name: c, load: { path: /, rate: 10/s, for: 20s, ramp: 5s }',
    ]);
    expect(read).toMatchObject([
      {
        name: 'a',
        component: 'gateway',
        withinMs: undefined,
        timeoutMs: 5_000,
        retryForMs: 5_000,
        everyMs: 250,
        needs: [],
        on: 'both',
      },
      {
        name: 'b',
        component: 'ledger',
        withinMs: 1_000,
        timeoutMs: 2_000,
        retryForMs: 0,
        everyMs: 1_000,
        needs: ['a'],
        on: 'live',
      },
      {
        name: 'c',
        timeoutMs: 35_000,
        retryForMs: 0,
        on: 'standby',
        spec: { load: { rate: 10, ramp: 5_000 } },
      },
    ]);
    expect(read.map(({ kind }) => kind.kind)).toEqual(['http', 'http', 'load']);
  });

  test.each<[string, string[], string[]]>([
    [
      'the same name',
      ['name: a, http: /', 'name: a, tcp: component'],
      [`${first + 1} smoke/1/name: "a" is the name of an earlier check`],
    ],
    [
      'no such component',
      ['name: a, component: gatewy, http: /'],
      [`${first} smoke/0/component: "gatewy" is not a component, did you mean "gateway"?`],
    ],
    [
      'no such need',
      ['name: first, http: /', 'name: b, http: /, needs: [frst]'],
      [`${first + 1} smoke/1/needs/0: "frst" names no check, did you mean "first"?`],
    ],
    [
      'no such answer',
      ["name: b, http: '/${checks.login.body.id}'"],
      [`${first} smoke/0/http: \${checks.login.…} names no check`],
    ],
    [
      'a circle',
      ['name: a, http: /, needs: [b]', "name: b, http: '/${checks.a.status}'"],
      [`${first} smoke/0: waits for itself: a → b → a`],
    ],
    ['itself', ['name: a, http: /, needs: [a]'], [`${first} smoke/0: waits for itself: a → a`]],
    [
      'a need that is run elsewhere',
      ['name: a, http: /, on: live', 'name: b, http: /, needs: [a]'],
      [`${first + 1} smoke/1/needs/0: "a" is run on live only, and this check on both`],
    ],
    [
      'a load that is run elsewhere',
      ['name: a, load: { path: /, rate: 1/s, for: 1s }', "name: b, http: '/${checks.a.answered}'"],
      [`${first + 1} smoke/1/http: \${checks.a.…} is run on standby only, and this check on both`],
    ],
    [
      'how long a load takes',
      ['name: a, within: 1s, load: { path: /, rate: 1/s, for: 1s }'],
      [`${first} smoke/0/within: a load is not judged by how long it takes`],
    ],
    [
      'several kinds',
      ['name: a, http: /, tcp: component'],
      [`${first} smoke/0: is several checks at once: http and tcp`],
    ],
    [
      'no kind',
      ['name: a, htp: /'],
      [`${first} smoke/0: does not say which check it is, did you mean "http"?`],
    ],
    ['no path', ['name: a, http: health'], [`${first} smoke/0/http: "health" is not a path or a URL`]],
    [
      'no JSONPath',
      ["name: a, http: /, json: { '$.a[': 1 }"],
      [
        `${first} smoke/0/json/"$.a[": "$.a[" is not a JSONPath: it ends where a name in quotes, an index, "*" or "?" should be`,
      ],
    ],
    [
      'nothing demanded',
      ['name: a, http: /, json: { $.a: {} }'],
      [`${first} smoke/0/json/"$.a": demands nothing`],
    ],
    [
      'a pattern that never ends',
      ["name: a, http: /, matches: '(a+)+'"],
      [
        `${first} smoke/0/matches: "(a+)+" is not a regular expression: a repetition of a repetition can take for ever to match`,
      ],
    ],
    [
      'a file elsewhere',
      ['name: a, http: /, ca: ../ca.pem'],
      [`${first} smoke/0/ca: "../ca.pem" is not the path of a file`],
    ],
    [
      'a bound the wrong way round',
      ['name: a, load: { path: /, rate: 1/s, for: 1s }, expect: { p99: ">1s" }'],
      [`${first} smoke/0/expect/p99: ">1s" is no upper bound`],
    ],
    ['no address', ['name: a, tcp: gateway'], [`${first} smoke/0/tcp: "gateway" is not an address`]],
    ['a port too large', ["name: a, tcp: ':70000'"], [`${first} smoke/0/tcp: ":70000" is not an address`]],
    ['a name with a dot', ['name: a.b, http: /'], [`${first} smoke/0/name: "a.b" is not a check's name`]],
    [
      'one message that demands nothing',
      ['name: a, websocket: /, expect: [{}]'],
      [`${first} smoke/0/expect/0: demands nothing`],
    ],
  ])('%s', (_, items, expected) => {
    expect(problems(...items)).toEqual(expected);
  });
});

/** An environment in which every variable is set. */
const everyVariable: Readonly<Record<string, string>> = new Proxy({}, { get: () => 'given' });

describe('every kind of check', () => {
  test('has a name and a place of its own', () => {
    const names = checkKinds.map(({ kind }) => kind);
    expect(new Set(names).size).toBe(names.length);
    for (const { kind, entries } of checkKinds) expect(Object.keys(entries)).toContain(kind);
  });

  test.each(checkKinds.map(({ kind, example }) => [kind, example]))(
    '%s has an example that can be used',
    (kind, example) => {
      const items: unknown[] = parse(example);
      const given = items.map((item) => JSON.stringify(item).slice(1, -1));
      const result = read(given, everyVariable);
      expect(result.ok ? [] : result.problems).toEqual([]);
      if (result.ok) expect(checksOf(result.file).map((check) => check.kind.kind)).toContain(kind);
    },
  );
});
