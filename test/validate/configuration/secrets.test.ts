// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${…} is the syntax of variables in configuration files
import { describe, expect, test } from '@jest/globals';
import { findingAnnotations } from '../../../src/report/findings-annotations.ts';
import { renderFindingsJson } from '../../../src/report/findings-json.ts';
import { renderFindingsJunit } from '../../../src/report/findings-junit.ts';
import { renderFindingsSummary } from '../../../src/report/findings-summary.ts';
import { renderFindings } from '../../../src/report/findings-text.ts';
import { renderSarif } from '../../../src/report/sarif.ts';
import { catalogue } from '../../../src/validate/catalogue.ts';
import { sourceLineOf } from '../../../src/validate/source-line.ts';
import { runValidate } from '../../../src/validate/stage.ts';
import { fakePlatform } from '../../support/fake-platform.ts';
import { memoryFiles } from './memory-files.ts';

/** Values that must never be seen, each with a mark of its own; short, long, placeholder-like and as numbers. */
const secrets = {
  yamlPassword: 'qz-yaml-pw-7731',
  yamlKey: 'changeme-qz-yaml-key-9914',
  yamlUrl: 'http://qzuser:qz-url-pw-5527@db.example.com:5432/trading',
  yamlPin: '88442211991',
  yamlEquals: 'qzequalsvalue1234',
  envFile: 'qz-env-file-secret-3381',
  envDefault: 'qz-default-secret-6690',
  secretData: 'qz-secret-data-1123',
  secretText: 'qz-secret-text-4456',
  secretLevel: 'qz-secret-level-debug-7',
  configMap: 'qz-config-map-8890',
  podEnv: 'qz-pod-env-7781',
  composeEnv: 'qz-compose-env-2215',
  composeList: 'qz-compose-list-9907',
  componentEnv: 'qz-component-env-1212',
  toml: 'qz-toml-secret-3434',
  json: 'qz-json-secret-5656',
} as const;

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const files = {
  'cutover.yml': `name: trading
components:
  gateway: { run: [node, server.js], env: { COMPONENT_SECRET: ${secrets.componentEnv} } }
config:
  - file: config/*
    rules:
      - production-safe
      - { path: jwt.secret, min-length: 200, pattern: "^[0-9]+$", in: [a, b], type: number }
      - { path: database.url, equals: x }
      - { path: database.pin, max: 3 }
      - { path: database.mode, forbidden: [y], in: [z], equals: live, max: 4, type: integer }
      - { path: session.key, min-length: 300 }
      - { path: level.from.secret, in: [a], pattern: "^a$", type: boolean }
    env: [JWT_SECRET, MISSING, FROM_DATA]
`,
  'config/production.yml': `environment: \${SECRET_LEVEL}
debug: \${FROM_TEXT}
log_level: \${SECRET_LEVEL}
jwt:
  secret: ${secrets.yamlKey}
database:
  password: ${secrets.yamlPassword}
  url: ${secrets.yamlUrl}
  pin: ${secrets.yamlPin}
  mode: ${secrets.yamlEquals}
session:
  key: \${FROM_DATA}
  secret: \${FROM_TEXT:-${secrets.envDefault}}
  other_secret: \${NOT_THERE:-${secrets.envDefault}}
level: { from: { secret: "\${SECRET_LEVEL}" } }
cors: { origins: "\${FROM_MAP}" }
callback: \${CALLBACK}
missing: "\${NOT_SUPPLIED} ${secrets.yamlPassword}"
risk: { max_daily_loss: "\${FROM_MAP}", max_position: "\${NOTHING:-0}" }
`,
  'config/app.env': `API_SECRET=${secrets.envFile}\nJWT_SECRET=\${GONE:-${secrets.envDefault}}\n`,
  'config/app.toml': `[api]\ntoken = "${secrets.toml}"\n`,
  'config/app.json': `{ "client_secret": "${secrets.json}", "debug": "${secrets.json}" }\n`,
  'ticks.env': `FILE_SECRET=${secrets.envFile}\nBROKEN LINE ${secrets.envFile}\n`,
  'k8s/gateway.yml': `apiVersion: apps/v1
kind: Deployment
metadata: { name: gateway }
spec:
  selector: { matchLabels: { app: gateway } }
  template:
    metadata: { labels: { app: gateway } }
    spec:
      containers:
        - name: gateway
          image: ghcr.io/acme/gateway:1.2.3
          envFrom:
            - secretRef: { name: trading }
            - configMapRef: { name: settings }
          env:
            - { name: POD_PASSWORD, value: ${secrets.podEnv} }
            - { name: CALLBACK, value: "http://qzuser:${secrets.podEnv}@callback.example.com" }
            - name: FROM_DATA
              valueFrom: { secretKeyRef: { name: trading, key: data } }
---
apiVersion: v1
kind: Secret
metadata: { name: trading }
data:
  data: ${base64(secrets.secretData)}
stringData:
  FROM_TEXT: ${secrets.secretText}
  SECRET_LEVEL: ${secrets.secretLevel}
---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data:
  FROM_MAP: ${secrets.configMap}
  DB_PASSWORD: ${secrets.configMap}
`,
  'compose.yml': `services:
  gateway:
    image: gateway:latest
    env_file: [ticks.env, gone.env]
    environment:
      COMPOSE_PASSWORD: ${secrets.composeEnv}
  ticks:
    image: ticks
    environment:
      - LIST_SECRET=${secrets.composeList}
`,
};

/** All that is made of findings and skips for people and machines. */
async function outputsOf(environment: string | undefined): Promise<Readonly<Record<string, string>>> {
  const outcome = await runValidate(
    { root: '/app', files: memoryFiles(files), environment, failOn: 'error', baseline: null },
    fakePlatform(),
  );
  const { workspace, ...report } = outcome;
  expect(workspace.configs.length).toBeGreaterThan(3);
  return {
    findings: JSON.stringify(report),
    json: renderFindingsJson(report),
    sarif: renderSarif(report, { rules: catalogue, rulesPage: 'https://example.com/rules' }),
    summary: renderFindingsSummary(report),
    junit: renderFindingsJunit(report),
    annotations: JSON.stringify(findingAnnotations(report)),
    text: renderFindings(report, {
      withSource: 1_000,
      sourceOf: (finding) => sourceLineOf(finding, workspace.files),
    }),
  };
}

describe('no value of a secret is in any output', () => {
  test.each([undefined, 'local'])('released to %s', async (environment) => {
    const outputs = await outputsOf(environment);
    // The scan means something only where the rules have looked at the secrets and found fault with them.
    for (const rule of [
      'config-secrets',
      'config-variables',
      'config-rule',
      'config-required-env',
      'config-tls',
    ])
      expect(outputs['findings']).toContain(`"rule":"${rule}"`);
    expect(outputs['findings']).not.toContain('internal-error');
    const forms = Object.values(secrets).flatMap((secret) => [
      secret,
      base64(secret),
      encodeURIComponent(secret),
    ]);
    const shown = Object.entries(outputs).flatMap(([name, output]) =>
      [...forms, ...(/qz[\w.-]{0,40}/gi.exec(output) ?? [])]
        .filter((form) => output.includes(form))
        .map(
          (form) =>
            `${name}: ${output.slice(Math.max(0, output.indexOf(form) - 120), output.indexOf(form) + 40)}`,
        ),
    );
    expect(shown).toEqual([]);
  });
});
