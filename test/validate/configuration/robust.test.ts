// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${…} is the syntax of variables in configuration files
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { validate } from '../../../src/validate/engine.ts';
import { configurationRules } from '../../../src/validate/rules/configuration/index.ts';
import { prometheusRules } from '../../../src/validate/rules/prometheus/index.ts';
import { workspaceOf } from './memory-files.ts';

const release = `name: a
components: { gateway: { run: [node] } }
config:
  - { file: app.json, rules: [production-safe, { path: '*.*', max: 3, pattern: "^a" }, { path: risk.a.0, required: true }], env: [A] }
`;

const keys = fc.constantFrom(
  ...'debug log level logging auth enabled jwt secret key password cors origins rate_limit risk max_loss url env'.split(
    ' ',
  ),
  ...'groups name rules record alert expr for labels annotations interval scrape_configs job_name static_configs'.split(
    ' ',
  ),
  ...'targets relabel_configs regex action source_labels global spec containers envFrom valueFrom secretKeyRef'.split(
    ' ',
  ),
  ...['0', '*', '', '__proto__', 'constructor', 'toString'],
);
const scalars = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.double(),
  fc.string(),
  fc.constantFrom(
    '${A}',
    '${A:-${B}}',
    '%env(X)%',
    '{{ if',
    'rate(x',
    'http://a.example',
    '1m',
    '(?=',
    '[',
    '-1',
  ),
);
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    scalars,
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(keys, tie('any'), { maxKeys: 4 }),
  ),
})).any;

test('whatever stands in a file, the rules do not fail, and each finding has a place', async () => {
  await fc.assert(
    fc.asyncProperty(value, fc.dictionary(keys, value), value, async (config, groups, pod) => {
      const workspace = await workspaceOf({
        'cutover.yml': release,
        'app.json': JSON.stringify(config),
        'rules.yml': JSON.stringify({ groups: [groups, { rules: [config, groups] }] }),
        'prometheus.yml': JSON.stringify({ scrape_configs: [groups, config], global: groups }),
        'pod.yml': JSON.stringify({
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: 'gateway' },
          spec: { containers: [{ name: 'gateway', image: 'gateway', env: pod, envFrom: [pod, groups] }] },
        }),
        'secret.yml': JSON.stringify({
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: { name: 'x' },
          data: config,
          stringData: pod,
        }),
        'compose.yml': JSON.stringify({ services: { gateway: { env_file: pod, environment: config } } }),
      });
      const { findings } = validate(workspace, [...configurationRules, ...prometheusRules]);
      expect(findings.filter(({ rule }) => rule === 'internal-error')).toEqual([]);
      expect(findings.every(({ line, column }) => line >= 1 && column >= 1)).toBe(true);
    }),
    { numRuns: 100 },
  );
}, 60_000);
