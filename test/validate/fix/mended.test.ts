import { describe, expect, test } from '@jest/globals';
import type { WorkspaceFiles } from '../../../src/platform/workspace-files.ts';
import { validate } from '../../../src/validate/engine.ts';
import type { Finding } from '../../../src/validate/finding.ts';
import { type Judged, patchOf, planFixes } from '../../../src/validate/fix/fix.ts';
import { readWorkspace } from '../../../src/validate/read/index.ts';
import { rules } from '../../../src/validate/rules/index.ts';
import { memoryFiles } from '../../support/validate-workspace.ts';
import type { Case } from './cases/case.ts';
import { composeCases } from './cases/compose.ts';
import { dockerfileCases } from './cases/dockerfile.ts';
import { kubernetesCases } from './cases/kubernetes.ts';
import { workflowCases } from './cases/workflows.ts';

/** What all rules say; of the edits only those of one rule, or all. */
async function judge(files: WorkspaceFiles, rule?: string): Promise<Judged> {
  const workspace = await readWorkspace({ root: '/workspace', files });
  const findings = validate(workspace, rules).findings.map((finding): Finding => {
    const { edit: _, ...rest } = finding;
    return rule === undefined || finding.rule === rule ? finding : rest;
  });
  return { findings, texts: workspace.files };
}

async function mended({ file, before, around }: Case, rule?: string) {
  const files = memoryFiles({ ...around, [file]: before });
  const found = await judge(files, rule);
  const fixes = await planFixes({ root: '/w', before: found, validate: (from) => judge(from, rule), files });
  const text = fixes.files.find((one) => one.file === file)?.after ?? before;
  const left = await judge(memoryFiles({ ...around, [file]: text }), rule);
  return { found, fixes, text, left };
}

const keyOf = ({ rule, message }: Finding): string => `${rule}: ${message}`;

describe.each<[string, readonly Case[]]>([
  ['kubernetes', kubernetesCases],
  ['dockerfile', dockerfileCases],
  ['compose', composeCases],
  ['workflows', workflowCases],
])('%s', (_, cases) => {
  test.each(cases.map((one) => [`${one.rule}: ${one.name}`, one] as const))('%s', async (_name, one) => {
    const { found, fixes, text, left } = await mended(one, one.rule);
    expect(found.findings.filter(({ rule }) => rule === one.rule)).not.toEqual([]);
    expect(text).toBe(one.after ?? one.before);
    expect(patchOf(fixes) === '').toBe(one.after === undefined);
    const known = new Set(found.findings.map(keyOf));
    expect(left.findings.map(keyOf).filter((key) => !known.has(key))).toEqual([]);
    if (one.after === undefined) return;
    expect(left.findings.filter(({ rule }) => rule === one.rule)).toEqual([]);
  });
});

test('all rules mend one file together, and nothing mechanical is left', async () => {
  const before = `apiVersion: apps/v1
kind: Deployment
metadata: { name: gateway, namespace: trading }
spec:
  selector: { matchLabels: { app: gateway } }
  template:
    metadata: { labels: { app: gateway } }
    spec:
      securityContext: { runAsUser: 1000 }
      containers:
        - name: gateway # the only one
          image: ghcr.io/acme/gateway:1.0.0
          ports: [{ containerPort: 8000 }]
`;
  const { text, left, fixes } = await mended({ name: '', rule: '', file: 'k8s/a.yml', before });
  expect(text).toBe(`apiVersion: apps/v1
kind: Deployment
metadata: { name: gateway, namespace: trading }
spec:
  selector: { matchLabels: { app: gateway } }
  template:
    metadata: { labels: { app: gateway } }
    spec:
      securityContext: { runAsUser: 1000, seccompProfile: { type: RuntimeDefault } }
      containers:
        - name: gateway # the only one
          image: ghcr.io/acme/gateway:1.0.0
          securityContext:
            capabilities:
              drop: [ALL]
            allowPrivilegeEscalation: false
          ports: [{ containerPort: 8000 }]
      automountServiceAccountToken: false
`);
  expect(fixes.unfixed).toEqual([]);
  expect(left.findings.filter(({ edit }) => edit !== undefined)).toEqual([]);
});
