import { describe, expect, test } from '@jest/globals';
import { validate } from '../../../src/validate/engine.ts';
import { rules } from '../../../src/validate/rules/index.ts';
import { workspaceOf } from '../../support/validate-workspace.ts';

/** Files of Prometheus that stand as texts in ConfigMaps. */

const chosen = rules.filter(
  ({ id }) => id.startsWith('prometheus-') || ['syntax-error', 'duplicate-key', 'scraped-port'].includes(id),
);

const configMap = (data: string, name = 'prometheus'): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n${data}`;

/** `file:line:column rule path`, of what is told of `map.yml` or another file. */
async function told(files: Record<string, string>): Promise<string[]> {
  const { findings } = validate(await workspaceOf(files), chosen);
  return findings.map(({ file, line, column, rule, path }) => `${file}:${line}:${column} ${rule} ${path}`);
}

/** `line:column` of the first character of a mark in a text. */
function placeOf(text: string, mark: string): string {
  const lines = text.slice(0, text.indexOf(mark)).split('\n');
  return `${lines.length}:${(lines.at(-1) ?? '').length + 1}`;
}

const alert = (expression: string): string =>
  `groups:\n  - name: gateway\n    rules:\n      - alert: Down\n        expr: ${expression}\n`;

const indented = (text: string): string => text.replace(/^(?=.)/gm, '    ');

const expr = 'data/alerts.yml/groups/0/rules/0/expr';

describe('rules in a ConfigMap', () => {
  test.each([
    ['a literal block', `  alerts.yml: |\n${indented(alert('rat(x[5m])'))}`, 'rat('],
    ['a stripped block', `  alerts.yml: |-\n${indented(alert('sum(rat(x[5m]))'))}`, 'rat('],
    [
      'an expression of several lines',
      `  alerts.yml: |\n${indented(alert('|\n          up\n            == rat(x[5m])'))}`,
      'rat(',
    ],
    ['an expression in quotes', `  alerts.yml: |\n${indented(alert('"rat(x[5m])"'))}`, 'rat('],
    ['double quotes', `  alerts.yml: ${JSON.stringify(alert('rat(x[5m])'))}\n`, 'rat('],
    [
      'an expression in escaped quotes: its beginning',
      `  alerts.yml: ${JSON.stringify(alert('"rat(x[5m])"'))}\n`,
      '\\"rat(',
    ],
  ])('%s', async (_, data, mark) =>
    expect(await told({ 'map.yml': configMap(data) })).toEqual([
      `map.yml:${placeOf(configMap(data), mark)} prometheus-promql ${expr}`,
    ]),
  );

  test('under any name, by what they hold', async () =>
    expect(await told({ 'map.yml': configMap(`  gateway: |\n${indented(alert('rat(x[5m])'))}`) })).toEqual([
      'map.yml:11:19 prometheus-promql data/gateway/groups/0/rules/0/expr',
    ]));

  test('in an item of a List', async () => {
    const list = JSON.stringify(
      {
        apiVersion: 'v1',
        kind: 'List',
        items: [
          {
            apiVersion: 'v1',
            kind: 'ConfigMap',
            metadata: { name: 'a' },
            data: { 'alerts.yml': alert('rat(x[5m])') },
          },
        ],
      },
      undefined,
      2,
    );
    expect(await told({ 'map.json': list })).toEqual([
      `map.json:${placeOf(list, 'rat(')} prometheus-promql items/0/${expr}`,
    ]);
  });

  test('a key that no rule has, and one that stands twice', async () =>
    expect(
      await told({
        'map.yml': configMap(
          `  x.rules: |\n${indented(`${alert('up == 0')}        four: 1m\n        four: 2m\n`)}`,
        ),
      }),
    ).toEqual([
      expect.stringMatching(/^map\.yml:13:13 duplicate-key /),
      expect.stringMatching(/^map\.yml:13:13 prometheus-rules /),
    ]));

  test('YAML that is broken is told where the name says that it is a file of Prometheus', async () => {
    const broken = indented('groups:\n  - name: [gateway\n    rules: []\n');
    expect(await told({ 'map.yml': configMap(`  alerts.yml: |\n${broken}`) })).toEqual([
      expect.stringMatching(/^map\.yml:8:\d+ syntax-error data\/alerts\.yml/),
    ]);
    expect(await told({ 'map.yml': configMap(`  notes.txt: |\n${broken}`) })).toEqual([]);
  });

  test.each(['loki-rules', 'grafana'])('nothing is told of LogQL in %s', async (name) => {
    const logs = alert(name === 'grafana' ? `'sum(rate({a="b"} |= "x" [5m]))'` : `'bytes_rate({a="b"}[5m])'`);
    expect(await told({ 'map.yml': configMap(`  alerts.yml: |\n${indented(logs)}`, name) })).toEqual([]);
  });

  test('other files with groups are none', async () =>
    expect(
      await told({
        'map.yml': configMap('  users.yml: |\n    groups:\n      - name: a\n        users: [b]\n'),
      }),
    ).toEqual([]));
});

describe('scrape configurations in a ConfigMap', () => {
  const scrape = (target: string): string =>
    `scrape_configs:\n  - job_name: gateway\n    static_configs:\n      - targets: ["${target}"]\n`;

  test('are those of Prometheus', async () =>
    expect(
      await told({ 'map.yml': configMap(`  prometheus.yml: |\n${indented(scrape('http://gateway:80'))}`) }),
    ).toEqual([
      'map.yml:10:23 prometheus-targets data/prometheus.yml/scrape_configs/0/static_configs/0/targets/0',
    ]));

  test('and lead to Services', async () => {
    const service =
      'apiVersion: v1\nkind: Service\nmetadata: { name: gateway }\nspec:\n  ports: [{ port: 80 }]\n';
    const files = {
      'map.yml': configMap(`  prometheus.yml: |\n${indented(scrape('gateway:8080'))}`),
      'service.yml': service,
    };
    expect(await told(files)).toEqual([expect.stringMatching(/^map\.yml:10:23 scraped-port /)]);
  });

  test('those of Promtail are another thing', async () =>
    expect(
      await told({
        'map.yml': configMap(
          '  promtail.yaml: |\n    clients: [{ url: http://loki }]\n    scrape_configs:\n      - job_name: a\n        pipeline_stages: []\n',
        ),
      }),
    ).toEqual([]));
});

describe('with kustomize', () => {
  const bad = alert('rat(x[5m])');

  test('a ConfigMap that is a resource is told where it is written', async () =>
    expect(
      await told({
        'k8s/kustomization.yaml': 'namePrefix: a-\nresources: [map.yml]\n',
        'k8s/map.yml': configMap(`  alerts.yml: |\n${indented(bad)}`),
      }),
    ).toEqual([`k8s/map.yml:11:19 prometheus-promql ${expr}`]));

  test('a generated one is told once, in the file that it is generated from', async () =>
    expect(
      await told({
        'k8s/kustomization.yaml': 'configMapGenerator:\n  - name: rules\n    files: [alerts.yml]\n',
        'k8s/alerts.yml': bad,
      }),
    ).toEqual(['k8s/alerts.yml:5:15 prometheus-promql groups/0/rules/0/expr']));
});
