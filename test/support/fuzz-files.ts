// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${…} is the syntax of variables in these files
import fc from 'fast-check';
import { dump } from 'js-yaml';
import { writtenYaml } from './written-yaml.ts';

/** Files that have the structure of their kind, with odd parts in odd places; each reader gets its own. */

const word = fc.constantFrom(
  'gateway',
  'orders',
  'a',
  'DB_PASSWORD',
  'x-y',
  'Ünï',
  '',
  '0',
  '*',
  '../..',
  '${A}',
  '{{ .x }}',
  '\u2028',
);
const odd = fc.oneof(word, fc.string({ maxLength: 8 }), fc.string({ unit: 'grapheme', maxLength: 4 }));
const scalar = fc.oneof(odd, fc.integer(), fc.boolean(), fc.constant(null), fc.double());

/** A mapping with some of these keys; what is behind each, or something else. */
function mapping(keys: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<unknown> {
  const parts = Object.entries(keys).map(([key, value]) =>
    fc
      .oneof({ weight: 4, arbitrary: value }, { weight: 1, arbitrary: scalar })
      .map((one) => [key, one] as const),
  );
  const some = fc.subarray(parts, { minLength: 1 }).chain((chosen) => fc.tuple(...chosen));
  const other = fc.array(fc.tuple(odd, scalar), { maxLength: 1 });
  return fc.tuple(some, other).map(([all, more]) => Object.fromEntries([...all, ...more]));
}

const list = (item: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> => fc.array(item, { maxLength: 3 });
const named = (item: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.dictionary(odd, item, { maxKeys: 3 });
const yaml = (value: fc.Arbitrary<unknown>): fc.Arbitrary<string> => value.map((one) => dump(one));

/** PromQL by its grammar, now and then with something that does not belong there. */
const { expr: promql } = fc.letrec<{ expr: string; vector: string; range: string }>((tie) => ({
  expr: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    tie('vector'),
    fc.constantFrom('1', '0x1f', 'Inf', '"text"', '', '$x', '5m', '1e999', 'NaN'),
    fc
      .tuple(
        tie('expr'),
        fc.constantFrom(
          '+',
          '/',
          '== bool',
          '> ',
          'and on (job)',
          'unless',
          '* ignoring(a) group_left(b)',
          '=',
        ),
        tie('expr'),
      )
      .map((parts) => parts.join(' ')),
    fc
      .tuple(fc.constantFrom('rate', 'increase', 'avg_over_time', 'sum', 'histogram_quantil'), tie('range'))
      .map(([name, inner]) => `${name}(${inner})`),
    fc
      .tuple(
        fc.constantFrom('sum by (job)', 'topk(3, ', 'quantile(0.9, ', 'abs', 'label_replace'),
        tie('expr'),
      )
      .map(([name, inner]) => (name.endsWith(', ') ? `${name}${inner})` : `${name}(${inner})`)),
    tie('expr').map((inner) => `(${inner})`),
  ),
  vector: fc
    .tuple(
      fc.constantFrom('up', 'http_requests_total', 'job:x:rate5m', '__name__', 'grüße'),
      fc.constantFrom('', '{job="a"}', '{job=~"a|b("}', '{a!="\\"', '{le="0.1",}', ' offset 5m', ' @ end()'),
    )
    .map((parts) => parts.join('')),
  range: fc
    .tuple(tie('vector'), fc.constantFrom('[5m]', '[1h:5m]', '[5]', '', '[5m'))
    .map((parts) => parts.join('')),
}));

/** Expressions of GitHub by their grammar. */
const { expr: expression } = fc.letrec<{ expr: string }>((tie) => ({
  expr: fc.oneof(
    { depthSize: 'small', maxDepth: 5 },
    fc.constantFrom(
      'github.ref',
      'needs.build.outputs.tag',
      'matrix.os',
      "'main'",
      "'it''s'",
      'true',
      'null',
      '0x1f',
      '-1.5e3',
      'steps.*.id',
      "github['ref']",
      '"no"',
      "'open",
      'githb',
      '',
    ),
    fc
      .tuple(tie('expr'), fc.constantFrom('==', '!=', '&&', '||', '<', '=', ','), tie('expr'))
      .map((parts) => parts.join(' ')),
    fc
      .tuple(
        fc.constantFrom('contains', 'format', 'always', 'success', 'hashFiles', 'startWith'),
        tie('expr'),
        tie('expr'),
      )
      .map(([name, a, b]) => `${name}(${a}, ${b})`),
    tie('expr').map((inner) => `!(${inner})`),
    tie('expr').map((inner) => `(${inner}`),
  ),
}));

const text = fc.oneof(
  odd,
  expression.map((one) => `a \${{ ${one} }} b`),
  expression.map((one) => `\${{ ${one}`),
);
const step = mapping({
  run: text,
  uses: fc.constantFrom('actions/checkout@v5', './.github/actions/x', 'docker://a', '@', 'a/b/c@'),
  with: named(text),
  env: named(text),
  if: expression,
  id: odd,
  name: text,
});
const event = fc.constantFrom(
  'push',
  'pull_request',
  'pull_request_target',
  'schedule',
  'workflow_call',
  'workflow_dispatch',
  'x',
);
const job = mapping({
  'runs-on': odd,
  needs: list(fc.constantFrom('build', 'a', 'deploy')),
  if: expression,
  steps: list(step),
  strategy: mapping({ matrix: named(list(scalar)) }),
  permissions: named(odd),
  environment: text,
  uses: odd,
  outputs: named(text),
  env: named(text),
  concurrency: scalar,
});
const workflow = mapping({
  on: fc.oneof(
    event,
    list(event),
    fc.dictionary(
      event,
      mapping({
        branches: list(odd),
        types: list(odd),
        inputs: named(mapping({ type: odd, options: list(odd) })),
      }),
      { maxKeys: 2 },
    ),
  ),
  jobs: fc.dictionary(fc.constantFrom('build', 'a', 'deploy', 'x y'), job, { maxKeys: 3 }),
  env: named(text),
  permissions: scalar,
});

const port = fc.constantFrom('8000', '127.0.0.1:80:80/tcp', '70000', '5432:5432', 'x', '1-3:1-3', '${P}:80');
const service = mapping({
  image: fc.constantFrom('postgres', 'a:latest', 'a@sha256:', ':', '${I:-a}', '${I'),
  build: fc.oneof(odd, mapping({ context: odd, dockerfile: odd, target: odd })),
  ports: list(fc.oneof(port, mapping({ target: scalar, published: scalar }))),
  environment: fc.oneof(named(scalar), list(odd)),
  env_file: list(odd),
  depends_on: fc.oneof(list(word), named(mapping({ condition: odd }))),
  healthcheck: mapping({ test: fc.oneof(odd, list(odd)) }),
  extends: fc.oneof(word, mapping({ service: word, file: odd })),
  volumes: list(odd),
  network_mode: odd,
  deploy: mapping({ replicas: scalar, resources: mapping({ limits: named(scalar) }) }),
  profiles: list(odd),
});
const compose = mapping({
  services: fc.dictionary(fc.constantFrom('gateway', 'orders', 'a', ''), service, { maxKeys: 3 }),
  networks: named(scalar),
  volumes: named(scalar),
  secrets: named(scalar),
  include: list(odd),
});

const rule = mapping({
  alert: odd,
  record: odd,
  expr: promql,
  for: fc.constantFrom('5m', '1.5m', '-1', ''),
  labels: named(odd),
  annotations: named(
    fc.constantFrom('{{ $labels.job }}', '{{ humanise $value', '{{ if }}', '{{ end }}', 'x'),
  ),
});
const rules = mapping({
  groups: list(mapping({ name: odd, interval: odd, rules: list(rule), limit: scalar })),
});
const scrape = mapping({
  global: named(odd),
  scrape_configs: list(
    mapping({
      job_name: odd,
      scrape_interval: odd,
      static_configs: list(mapping({ targets: list(odd), labels: named(odd) })),
      relabel_configs: list(mapping({ action: odd, regex: odd, source_labels: list(odd) })),
      metrics_path: odd,
    }),
  ),
  rule_files: list(odd),
});

const path = fc.constantFrom(
  'gateway.yml',
  '../k8s',
  './k8s/',
  'https://example.com/x',
  '..',
  '/etc',
  '',
  'k8s/gateway.yml',
);
const kustomization = mapping({
  resources: list(path),
  bases: list(path),
  components: list(path),
  patches: list(fc.oneof(path, mapping({ path, patch: odd, target: named(odd) }))),
  patchesStrategicMerge: list(path),
  configMapGenerator: list(
    mapping({
      name: odd,
      files: list(fc.oneof(path, fc.constant('a=b=c'))),
      literals: list(odd),
      envs: list(path),
    }),
  ),
  secretGenerator: list(mapping({ name: odd, literals: list(odd) })),
  images: list(mapping({ name: odd, newTag: scalar })),
  namespace: scalar,
  namePrefix: odd,
  replicas: list(mapping({ name: odd, count: scalar })),
});

const tomlValue = fc.constantFrom(
  '1',
  '"a"',
  "'b'",
  '"""\nc\n"""',
  "'''\nd'''",
  '[1, "a", # x\n]',
  '{ a = 1, b.c = "d" }',
  'true',
  '1979-05-27T07:32:00Z',
  '0x1f',
  'inf',
  '"open',
  '[1',
  '',
  '"\\u00e9"',
  '1_000',
);
const tomlKey = fc.constantFrom('a', 'a.b', '"q k"', "'x'", 'password', 'debug', 'Ü', '', 'a b');
const tomlLine = fc.oneof(
  fc.tuple(tomlKey, tomlValue).map((parts) => parts.join(' = ')),
  tomlKey.map((key) => `[${key}]`),
  tomlKey.map((key) => `[[${key}]]`),
  fc.constantFrom('# comment', '', '[', '= 1', 'a'),
);

const envLine = fc
  .tuple(
    fc.constantFrom('', 'export ', ' ', '\ufeff'),
    fc.constantFrom('A', 'DB_PASSWORD', '1A', 'A-B', 'Ü', ''),
    fc.constantFrom('=', ' = ', '', ':', '=='),
    fc.constantFrom('1', '"a b"', "'c'", '"open', "'", '${A:-b}', '$(x)', 'a # b', '"a\nb"', '\\', '"\\"'),
  )
  .map((parts) => parts.join(''));

const dockerLine = fc.oneof(
  fc.constantFrom(
    'FROM node:24',
    'FROM a AS b',
    'FROM --platform=$X ${Y} AS',
    'FROM',
    '# syntax=docker/dockerfile:1',
    '# escape=`',
    'USER root',
    'EXPOSE 80/x 1-0',
    'STOPSIGNAL SIGKILL',
    'ONBUILD ONBUILD RUN x',
    'WORKDIR',
    '',
  ),
  fc
    .tuple(
      fc.constantFrom('RUN', 'CMD', 'ENTRYPOINT', 'HEALTHCHECK --interval=1s CMD', 'SHELL', 'run'),
      fc.constantFrom(
        '["a", "b"]',
        '["a", ',
        '[]',
        "['a']",
        'a && b \\',
        'apt-get install -y a \\\n  # c\n  b',
        '<<EOF\nx\nEOF',
        '<<-"E" cat',
        'curl x | sh',
        '"',
        '$(a',
        'if x; then y; fi',
        '--mount=type=secret,id=a a',
      ),
    )
    .map((parts) => parts.join(' ')),
  fc
    .tuple(
      fc.constantFrom('COPY', 'ADD', 'ENV', 'ARG', 'LABEL'),
      fc.constantFrom(
        'a b',
        '--from=b /a /b',
        '--from=9 a b',
        'A=1 B="x',
        'A b',
        'https://x/y.tgz /',
        '["a b", "c"]',
        '<<E /x\ny\nE',
        '',
      ),
    )
    .map((parts) => parts.join(' ')),
);

const lines = (line: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(fc.array(line, { maxLength: 9 }), fc.constantFrom('\n', '\r\n'))
    .map(([all, end]) => all.join(end) + end);

const json = fc
  .tuple(
    fc.json({ maxDepth: 4 }),
    fc.constantFrom('', ' ', '\t\r\n', ',', '}', '// x\n', '\ufeff'),
    fc.double({ min: 0, max: 1, noNaN: true }),
  )
  .map(([whole, more, at]) => {
    const cut = Math.floor(at * whole.length);
    return more === ' ' ? whole : whole.slice(0, cut) + more + whole.slice(cut);
  });

const release = `name: a
components: { gateway: { run: [node, server.js], env: { A: b } } }
config:
  - file: config/*
    rules: [production-safe, { path: a.b, required: true, type: number }]
    env: [A, DB_PASSWORD]
`;

export interface Reader {
  /** A file of its kind. */
  readonly text: fc.Arbitrary<string>;
  /** Where it stands. */
  readonly path: string;
  /** What else is there, so that it is read. */
  readonly beside?: Readonly<Record<string, string>>;
  /** Ids of which at least one has to be found in a hundred files, so that it is known that rules looked into them. */
  readonly finds: RegExp;
}

/** Every reader of src/validate/read, and the two languages that are read inside of files. */
export const readers: Readonly<Record<string, Reader>> = {
  YAML: { path: 'config/a.yml', text: writtenYaml, beside: { 'cutover.yml': release }, finds: /^config-/ },
  JSON: {
    path: 'config/a.json',
    text: json,
    beside: { 'cutover.yml': release },
    finds: /^syntax-error|^config-/,
  },
  TOML: {
    path: 'config/a.toml',
    text: lines(tomlLine),
    beside: { 'cutover.yml': release },
    finds: /^syntax-error/,
  },
  env: {
    path: 'config/a.env',
    text: lines(envLine),
    beside: { 'cutover.yml': release },
    finds: /^syntax-error/,
  },
  Dockerfile: { path: 'Dockerfile', text: lines(dockerLine), finds: /^dockerfile-/ },
  Compose: {
    path: 'compose.yml',
    text: yaml(compose),
    beside: { 'gateway.env': 'A=1\n' },
    finds: /^compose-/,
  },
  kustomization: {
    path: 'overlay/kustomization.yaml',
    text: yaml(kustomization),
    beside: { 'k8s/gateway.yml': 'kind: x\n' },
    finds: /^kustomize-build/,
  },
  'Prometheus rules and PromQL': {
    path: 'monitoring/rules.yml',
    text: yaml(rules),
    finds: /^prometheus-promql/,
  },
  'Prometheus scrape configuration': { path: 'prometheus.yml', text: yaml(scrape), finds: /^prometheus-/ },
  'workflows and expressions': {
    path: '.github/workflows/a.yml',
    text: yaml(workflow),
    finds: /^workflow-expression-syntax/,
  },
  'the release file': {
    path: 'cutover.yml',
    text: fc.oneof(
      writtenYaml,
      yaml(
        mapping({
          name: odd,
          components: named(scalar),
          config: list(named(scalar)),
          validate: named(scalar),
          environments: named(scalar),
        }),
      ),
    ),
    finds: /^release-file/,
  },
};
