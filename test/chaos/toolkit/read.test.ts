import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { functionNames } from '../../../src/chaos/toolkit/functions/index.ts';
import { selectedBy } from '../../../src/chaos/toolkit/functions/selection.ts';
import { bodyOf, formEncoded } from '../../../src/chaos/toolkit/providers/http-arguments.ts';
import { redirected } from '../../../src/chaos/toolkit/providers/http-redirects.ts';
import { wordsIn } from '../../../src/chaos/toolkit/providers/words.ts';
import { redactor } from '../../../src/chaos/toolkit/redact.ts';
import { fill } from '../../../src/chaos/toolkit/substitute.ts';
import { experimentIn, fixture, problemsIn, written } from './harness.ts';

test.each(functionNames)('%s is documented', (name) => {
  expect(readFileSync(join(import.meta.dirname, '../../../docs/chaos-toolkit.md'), 'utf8')).toContain(
    `\`${name}\``,
  );
});

describe('an experiment file', () => {
  test('of YAML and of JSON is read', () => {
    const { method, hypothesis } = experimentIn(fixture('gateway-survives-a-kill.yaml'));
    expect(hypothesis?.probes.map(({ deed }) => deed.kind)).toEqual([
      'chaosk8s.probes.all_microservices_healthy',
      'chaosk8s.pod.probes.count_pods',
    ]);
    expect(method[0]?.deed.kill).toMatchObject({
      selection: { components: ['gateway'], color: undefined },
      take: { count: 1 },
      signal: 'SIGKILL',
    });
    const { hypothesis: ofFile } = experimentIn(fixture('hypothesis-of-a-file.json'));
    expect(ofFile?.probes[0]?.deed.what).toBe('grep welcome=hello default.locale.txt');
  });

  test('tells every problem with its place and what is allowed', () => {
    const problems = problemsIn(fixture('everything-refused.yaml'));
    const starts = problems.map((problem) => problem.split(';')[0]);
    expect(starts).toEqual([
      'experiment.yaml:1:1 description is missing',
      'experiment.yaml:3:5 controls/0: controls are not supported: tracing',
      'experiment.yaml:5:9 configuration/late: a probe in the configuration is not supported',
      'experiment.yaml:6:12 configuration/missing: the environment variable NOWHERE is not set',
      'experiment.yaml:8:19 secrets/vault/token: secrets of a vault are not supported',
      'experiment.yaml:12:7 steady-state-hypothesis/probes/0: a probe of the hypothesis needs a tolerance',
      'experiment.yaml:13:45 steady-state-hypothesis/probes/1/tolerance: cannot be a tolerance',
      'experiment.yaml:13:79 steady-state-hypothesis/probes/1/provider/url: url is not a URL',
      'experiment.yaml:20:13 method/0/provider/func: chaosk8s.deployment.actions.scale_deployment is not supported: the release file says how many instances there are',
      'experiment.yaml:24:67 method/1/provider/func: chaosaws.ec2.actions.stop_instances is not supported: no Python is run here, and nothing else does the same',
      'experiment.yaml:28:104 method/2/provider/arguments/label_selector: the label tier=web has no meaning here',
      'experiment.yaml:28:123 method/2/provider/arguments/order: order cannot be that',
      'experiment.yaml:29:82 method/3/provider/arguments: no shell is used, and a shell would act on "|"',
      'experiment.yaml:30:12 method/4/ref: there is no activity of that name',
    ]);
    expect(problems[9]).toContain('chaosk8s.pod.actions.terminate_pods');
  });

  test.each<[string, string]>([
    ['title: [', 'not valid YAML'],
    ['- a', 'an experiment has to be a mapping'],
    [written({ method: ['{ type: action, name: x }'] }), 'provider is missing'],
    [written({ method: ['{ name: x, provider: { type: process, path: ls } }'] }), 'type is missing'],
    [written({ method: ['{ type: action, name: x, provider: { type: ruby } }'] }), 'http, process, python'],
    [
      written({
        method: ['{ type: action, name: x, provider: { type: process, path: ls, timeout: 1:30 } }'],
      }),
      'different readers',
    ],
    [
      written({
        method: ['{ type: action, name: x, pauses: { after: soon }, provider: { type: process, path: ls } }'],
      }),
      'after has to be a number',
    ],
  ])('%j is refused', (text, message) => {
    expect(problemsIn(text).join('\n')).toContain(message);
  });

  test('has the booleans of YAML 1.1', () => {
    const { method } = experimentIn(
      written({
        method: ['{ type: action, name: x, background: yes, provider: { type: process, path: ls } }'],
      }),
    );
    expect(method[0]?.isBackground).toBe(true);
  });

  test('has its variables from configuration, environment and secrets, with types', () => {
    const head = [
      'configuration:',
      '  port: { type: env, key: PRESENT, env_var_type: int }',
      '  wait: { type: env, key: ABSENT, default: "0.5", env_var_type: float }',
      'secrets: { shop: { token: { type: env, key: TOKEN } } }',
    ].join('\n');
    const { method, secrets } = experimentIn(
      written({
        head,
        method: [
          '{ type: action, name: x, pauses: { before: "${wait}" }, provider: { type: process, path: echo, arguments: ["${port}", "a${port}b", "${unknown}", "${token}"] } }',
        ],
      }),
    );
    expect(method[0]?.deed.what).toBe('echo 7 a7b ${unknown} s3cr3t/token');
    expect(method[0]?.pauses.beforeMs).toBe(500);
    expect(secrets).toEqual(['s3cr3t/token']);
  });
});

test.each<[unknown, unknown]>([
  ['${n}', 3],
  ['$n', 3],
  ['n is ${n}', 'n is 3'],
  ['${t} ${x}', 'True None'],
  ['$$n', '$n'],
  ['${unknown} $ {n}', '${unknown} $ {n}'],
  [
    ['${n}', { a: '${n}' }, 1],
    [3, { a: 3 }, 1],
  ],
])('variables in %j', (data, filled) => {
  const values = new Map<string, unknown>([
    ['n', 3],
    ['t', true],
    ['x', null],
  ]);
  expect(fill(data, values)).toEqual(filled);
});

test.each<[string, readonly string[] | string]>([
  ['a b  c', ['a', 'b', 'c']],
  [`a 'b c' "d e"f`, ['a', 'b c', 'd ef']],
  [`-i s/hello/bonjour/ default.txt`, ['-i', 's/hello/bonjour/', 'default.txt']],
  [`a\\ b "c\\"d" ''`, ['a b', 'c"d', '']],
  ['x ${name} y', ['x', 'two words; rm', 'y']],
  ['a; b', 'a shell would act on ";"'],
  ['$(id)', 'a shell would act on "$", and no variable has that name'],
  ['"$(id)"', 'a shell would act on what is in the quotes'],
  ['*.txt', 'a shell would act on "*"'],
  ['"a', 'a quote is not closed'],
])('words of %j', (line, words) => {
  const read = wordsIn(line, new Map([['name', 'two words; rm']]));
  expect('words' in read ? read.words : read.problem).toEqual(words);
});

test('secrets are taken out in every form', () => {
  const hide = redactor(['p/w "x"', 'p/w']);
  const text = `a p/w "x" b p%2Fw c ${JSON.stringify('p/w "x"')} d ${Buffer.from('p/w').toString('base64')}`;
  expect(hide({ list: [text], n: 1 })).toEqual({ list: ['a *** b *** c "***" d ***'], n: 1 });
});

test('arguments become a query, a form or JSON', () => {
  expect(formEncoded({ a: 1, b: ['x', 'y z'], c: null, d: true })).toBe('a=1&b=x&b=y+z&d=True');
  expect(bodyOf({ a: 1 }, { 'Content-Type': 'application/json' })).toEqual({ body: '{"a":1}', type: {} });
  expect(bodyOf({ a: 1 }, {})).toEqual({
    body: 'a=1',
    type: { 'Content-Type': 'application/x-www-form-urlencoded' },
  });
});

test('a redirect to another host takes no credentials along, and a POST becomes a GET', () => {
  const request = {
    url: 'http://a/x',
    method: 'POST',
    body: 'b',
    headers: { Authorization: 'c', Accept: 'd' },
  };
  expect(redirected(request, { status: 302, location: 'http://b/y' })).toEqual({
    url: 'http://b/y',
    method: 'GET',
    headers: { Accept: 'd' },
  });
  expect(redirected(request, { status: 307, location: '/y' })).toMatchObject({
    method: 'POST',
    body: 'b',
    url: 'http://a/y',
  });
});

test.each<[string, unknown]>([
  ['', { components: ['gateway', 'matcher'], color: undefined }],
  ['app=gateway', { components: ['gateway'], color: undefined }],
  ['name in (gateway, matcher), color=green', { components: ['gateway', 'matcher'], color: 'green' }],
  ['app.kubernetes.io/name == matcher', { components: ['matcher'], color: undefined }],
  ['app=elsewhere', { problem: 'selects no component of the release file', allowed: 'gateway, matcher' }],
])('labels %j', (labels, selected) => {
  expect(selectedBy(labels, { components: ['gateway', 'matcher'] })).toEqual(selected);
});
