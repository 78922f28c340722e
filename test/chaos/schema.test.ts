import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { faultKinds } from '../../src/chaos/faults/index.ts';
import { chaosSection } from '../../src/chaos/schema.ts';
import { formatProblem } from '../../src/config/problems.ts';
import { readReleaseFile } from '../../src/config/read.ts';
import { experiment, experiments, shop } from './harness.ts';

const editor = new Ajv({
  strict: true,
  strictTypes: false,
  strictRequired: false,
  allowUnionTypes: true,
}).compile(JSON.parse(readFileSync(new URL('../../schema/cutover.schema.json', import.meta.url), 'utf8')));

const smoke = 'smoke:\n  - { name: healthy, http: /health }\n';

/** Problems without file, line and column, which only have to be there. */
function problemsOf(chaos: string, base = shop + smoke): string[] {
  const text = `${base}chaos:\n${chaos.replace(/^/gm, '  ')}`;
  const read = readReleaseFile(text, {
    file: 'f',
    folder: '/app',
    env: () => undefined,
    stages: { chaos: chaosSection },
  });
  return read.ok
    ? []
    : read.problems.map((problem) => formatProblem(problem).replace(/^f:\d+:\d+ (chaos\/)?/, ''));
}

const everything = `
- name: kill one gateway
  aim: live
  fault: { kind: kill, component: gateway, count: 1, signal: SIGTERM }
  for: 10s
  steady: { checks: [healthy], watch: 5s }
  traffic: { component: matcher, rate: 500/s, method: POST, path: /orders, headers: { x-test: a }, body: '{"n":{n}}', connections: new, timeout: 500ms }
  expect: { p50: <5ms, p90: <10ms, p99: <50ms, p99.9: <100ms, error-rate: <1%, throughput: '>50% of before', recovery: <30s, lost: 0, duplicated: <2, reordered: 0 }
  abort-on: { p99: '>200ms', p50: '>100ms', error-rate: '>20%', throughput: '<10/s', consecutive: 5 }
  no-data: fail
  inconclusive: pass
  recovery: { stable: 20, within: 1m }
  parallel: pair
  ledger:
    rate: 10/s
    write: { method: POST, path: /orders, body: '{"id":{n}}', status: 201 }
    read: { path: /orders, json: orders.*.id, order: newest-first, within: 10s }
  clock: { http: /time, json: now }
- name: slow and killed
  after: [kill one gateway]
  faults:
    - { kind: latency, delay: 100ms, jitter: 10ms, distribution: uniform, share: 50%, color: green }
    - { kind: kill, percent: 50% }
`;

describe('chaos in cutover.yml', () => {
  test('can say everything, and editors accept it', () => {
    expect(problemsOf(everything)).toEqual([]);
    editor(parse(`${shop}chaos:\n${everything.replace(/^/gm, '  ')}`));
    expect(editor.errors).toBeNull();
  });

  test('says little where little is needed', () => {
    expect(experiment('name: a, fault: { kind: kill }')).toEqual({
      name: 'a',
      aim: 'standby',
      faults: [
        {
          kind: 'kill',
          component: 'gateway',
          color: undefined,
          count: undefined,
          percent: undefined,
          spec: { signal: 'SIGKILL' },
        },
      ],
      for: 10_000,
      steady: { checks: undefined, watch: 2_000 },
      traffic: expect.objectContaining({
        component: 'gateway',
        rate: 100,
        method: 'GET',
        path: '/orders',
        timeout: 1_000,
      }),
      expect: expect.objectContaining({ p99: undefined, recovery: undefined, lost: undefined }),
      abortOn: undefined,
      noData: 'inconclusive',
      inconclusive: 'fail',
      recovery: { stable: 10, within: 30_000 },
      after: [],
      group: undefined,
      ledger: undefined,
      clock: undefined,
    });
  });

  test('takes from the rest of the file what is not said', () => {
    const [one] = experiments(
      '- { name: a, fault: { kind: kill } }',
      `${shop.replace('p99: 50ms', 'p99: 50ms, recovery: 20s')}`,
    );
    expect([one?.expect.recovery?.value, one?.recovery.within]).toEqual([20_000, 20_000]);
    const elsewhere = experiment('name: a, fault: { kind: kill }, traffic: { component: matcher }').traffic;
    expect([elsewhere.component, elsewhere.path]).toEqual(['matcher', '/health']);
    const { expect: kept } = experiment(
      'name: a, fault: { kind: kill }, ledger: { write: { path: "/w/{n}" }, read: { path: /w } }',
    );
    expect([kept.lost?.value, kept.duplicated?.value, kept.reordered]).toEqual([0, 0, undefined]);
  });

  test.each<[string, string]>([
    ['- { name: a }', '0: has no fault; allowed: fault, or faults for several at once'],
    ['- { name: a, faults: [] }', '0/faults: is an empty list; allowed: at least one fault'],
    [
      '- { name: a, fault: { kind: kill }, faults: [{ kind: kill }] }',
      '0/faults: stands beside fault; write one of the two',
    ],
    [
      '- { name: a, fault: { kind: kil } }',
      `0/fault/kind: "kil" is not a known fault, did you mean "kill"?; allowed: ${Object.keys(faultKinds).join(', ')}`,
    ],
    [
      '- { name: a, fault: { kind: kill, delay: 1s } }',
      '0/fault/delay: is not a known key; allowed: component, color, count, percent, kind, signal',
    ],
    [
      '- { name: a, fault: { kind: kill, component: gatway } }',
      '0/fault/component: "gatway" is not a component, did you mean "gateway"?; allowed: gateway, matcher',
    ],
    [
      '- { name: a, fault: { kind: kill }, traffic: { component: db } }',
      '0/traffic/component: "db" is not a component; allowed: gateway, matcher',
    ],
    [
      '- { name: a, fault: { kind: kill, count: 1, percent: 10% } }',
      '0/fault/percent: stands beside count; write one of the two',
    ],
    [
      '- { name: a, fault: { kind: latency, delay: 1s, count: 1 } }',
      '0/fault/count: latency hits the whole colour, so that count chooses nothing',
    ],
    [
      '- { name: a, fault: { kind: kill }, steady: { checks: [health] } }',
      '0/steady/checks/0: "health" is not a check of smoke, did you mean "healthy"?; allowed: healthy',
    ],
    [
      '- { name: a, fault: { kind: kill }, expect: { p99: ">50ms" } }',
      '0/expect/p99: ">50ms" is no upper bound; allowed: a bound on a duration, such as <50ms',
    ],
    [
      '- { name: a, fault: { kind: kill }, expect: { p99: <50 } }',
      '0/expect/p99: "<50" is not a bound on a duration; allowed: a bound on a duration, such as <50ms',
    ],
    [
      '- { name: a, fault: { kind: kill }, expect: { p99: <2s } }',
      '0/expect/p99: "<2s" can never be exceeded, because requests time out after 1000 ms; allowed: less than traffic.timeout',
    ],
    [
      '- { name: a, fault: { kind: kill }, expect: { throughput: "<50% of before" } }',
      '0/expect/throughput: "<50% of before" is the wrong way round; allowed: a bound on a throughput, such as ">50% of before" or ">100/s"',
    ],
    [
      '- { name: a, fault: { kind: kill }, expect: { lost: 0 } }',
      '0/expect/lost: is counted only with a ledger',
    ],
    [
      '- { name: a, fault: { kind: kill }, abort-on: { error-rate: <20% } }',
      '0/abort-on/error-rate: "<20%" would hold while all is well; allowed: a bound on a share, such as >20%',
    ],
    [
      '- { name: a, fault: { kind: kill }, ledger: { write: { path: /w }, read: { path: /w } } }',
      '0/ledger/write: has no {n}, so that one write cannot be told from another; allowed: {n} in path or body',
    ],
    [
      '- { name: a, fault: { kind: kill }, traffic: { method: GET, body: a } }',
      '0/traffic/body: a GET request has no body; allowed: method POST or PUT',
    ],
    [
      '- { name: a, fault: { kind: kill }, after: [other] }',
      '0/after/0: "other" is not an experiment; allowed: a',
    ],
    [
      '- { name: a, fault: { kind: kill }, after: [a] }',
      '0/after/0: "a" would wait for this one as well, directly or through others',
    ],
    [
      '- { name: a!, fault: { kind: kill } }\n- { name: A, fault: { kind: kill } }',
      '1/name: "A" is as good as the name of another experiment',
    ],
    [
      '- { name: a, fault: { kind: kill }, parallel: g }\n- { name: b, fault: { kind: kill }, parallel: g, after: [a] }',
      '1/after/0: "a" would wait for this one as well, directly or through others',
    ],
    [
      '- { name: a, fault: { kind: kill }, ledger: { write: { path: "/w/{n}" }, read: { path: "/w/{id}" } } }',
      '0/ledger/read/path: "/w/{id}" asks for an id that no write tells; allowed: write.id, or {n} in its place',
    ],
  ])('%s', (chaos, problem) => {
    expect(problemsOf(chaos)).toEqual([problem]);
  });

  test('a circle is told at each of its members', () => {
    const circle =
      '- { name: a, fault: { kind: kill }, after: [b] }\n- { name: b, fault: { kind: kill }, after: [a] }';
    expect(problemsOf(circle)).toHaveLength(2);
  });

  test('checks can be named only where smoke has some', () => {
    expect(problemsOf('- { name: a, fault: { kind: kill }, steady: { checks: [healthy] } }', shop)).toEqual([
      '0/steady/checks/0: "healthy" is not a check: smoke has none',
    ]);
  });
});
