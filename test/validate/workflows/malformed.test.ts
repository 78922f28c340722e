import { describe, expect, test } from '@jest/globals';
import type { Document } from '../../../src/validate/document.ts';
import { mappingOf } from '../../../src/validate/document.ts';
import { validate } from '../../../src/validate/engine.ts';
import { workflowsRules } from '../../../src/validate/rules/workflows/index.ts';
import type { Workspace } from '../../../src/validate/workspace.ts';

/** A workspace of one workflow with any value in it. */
function workspaceOf(value: Record<string, unknown>): Workspace {
  const document: Document = {
    file: { path: '.github/workflows/x.yml', text: '' },
    index: 0,
    value,
    position: () => ({ line: 1, column: 1, offset: 0 }),
    extent: () => undefined,
  };
  const jobs = Object.entries(mappingOf(value['jobs']) ?? {}).filter(([, job]) => mappingOf(job));
  const workflows = [{ document, value, jobs: Object.fromEntries(jobs) }];
  return { workflows, skips: [], files: new Map(), exists: () => false } as unknown as Workspace;
}

const odd: readonly unknown[] = [
  null,
  0,
  true,
  '',
  'text',
  [],
  [null, 1, [], {}],
  {},
  { a: null },
  { a: [1] },
];
const odder = [...odd, '$', '\u0024{{', '\u0024{{ }}', '\u0024{{ a.b[c', Number.NaN];

const places: Record<string, (value: unknown) => Record<string, unknown>> = {
  on: (value) => ({ on: value, jobs: { a: { steps: [{ run: 'x' }] } } }),
  'on/push': (value) => ({ on: { push: value, schedule: value }, jobs: { a: { if: "github.ref == 'x'" } } }),
  'on/workflow_dispatch': (value) => ({
    on: { workflow_dispatch: { inputs: value } },
    jobs: { a: { if: 'inputs.a' } },
  }),
  jobs: (value) => ({ on: 'push', jobs: value }),
  'keys of a job': (value) => ({
    on: ['push', 'pull_request', 'pull_request_target'],
    jobs: {
      a: Object.fromEntries(
        'name needs if runs-on environment outputs env concurrency strategy container services with secrets permissions steps'
          .split(' ')
          .map((key) => [key, value]),
      ),
      b: { needs: 'a', uses: value, if: "needs.a.result == 'success'" },
    },
  }),
  'keys of a step': (value) => ({
    on: ['push', 'pull_request'],
    env: value,
    defaults: { run: value },
    jobs: {
      a: {
        steps: [
          { uses: 'actions/checkout@v4', with: value },
          { id: value, if: value, run: value, env: value, 'working-directory': value },
          { uses: value, with: { push: value, tags: value, context: value, script: value } },
          {
            uses: 'docker/build-push-action@v6',
            with: { push: value, tags: value, context: value, file: value },
          },
          value,
        ],
      },
    },
  }),
};

describe.each(Object.entries(places))('anything at %s', (_, place) => {
  test.each(odder.map((value) => [JSON.stringify(value), value]))('%s breaks no rule', (_text, value) => {
    const { findings } = validate(workspaceOf(place(value)), workflowsRules);
    expect(findings.filter(({ rule }) => rule === 'internal-error')).toEqual([]);
  });
});

test('very long and very deep conditions break no rule', () => {
  const conditions = [
    Array(4_000).fill('a').join('||'),
    '('.repeat(9_000),
    '!'.repeat(900),
    `${'a.'.repeat(9_000)}b`,
  ];
  const jobs = Object.fromEntries(conditions.map((text, index) => [`j${index}`, { if: text }]));
  const { findings, skips } = validate(workspaceOf({ on: 'push', jobs }), workflowsRules);
  expect(findings.filter(({ rule }) => rule === 'internal-error')).toEqual([]);
  expect(findings.some(({ message }) => message.includes('nested more than 50 deep'))).toBe(true);
  expect(skips.map(({ reason }) => reason)).toEqual([
    'an expression has more than 2000 parts and is not checked',
  ]);
});
