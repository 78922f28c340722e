import { describe, expect, test } from '@jest/globals';
import type { Document } from '../../../src/validate/document.ts';
import { workflowsOf } from '../../../src/validate/workflows/model.ts';
import { globMatches } from '../../../src/validate/workflows/reach/globs.ts';
import { canRunOn, neverRunning } from '../../../src/validate/workflows/reach/never-runs.ts';
import type { Workspace } from '../../../src/validate/workspace.ts';

const document: Document = {
  file: { path: '.github/workflows/x.yml', text: '' },
  index: 0,
  value: undefined,
  position: () => ({ line: 1, column: 1, offset: 0 }),
  extent: () => undefined,
};

type Jobs = Record<string, Record<string, unknown>>;

function workflow(on: unknown, jobs: Jobs) {
  const value = { on, jobs };
  const [found] = workflowsOf({
    workflows: [{ document: { ...document, value }, value, jobs }],
  } as unknown as Workspace);
  if (!found) throw new Error('no workflow');
  return found;
}

const reasons = (on: unknown, jobs: Jobs) =>
  Object.fromEntries([...neverRunning(workflow(on, jobs))].map(([job, reason]) => [job.id, reason.kind]));

const main = { push: { branches: ['main'] } };

describe('a single condition', () => {
  test.each([
    ["github.ref == 'refs/heads/main'", main, undefined],
    ["github.ref == 'REFS/HEADS/MAIN'", main, undefined],
    ["github.ref != 'refs/heads/main'", main, 'triggers'],
    ["github.ref_name == 'main'", main, undefined],
    ["github.ref_name != 'main'", main, 'triggers'],
    ["github.ref == 'refs/heads/dev'", main, 'triggers'],
    ["github.ref == 'refs/heads/dev'", { push: { branches: ['d*'] } }, undefined],
    ["github.ref == 'refs/heads/dev'", { push: { branches: ['[de]ev'] } }, undefined],
    ["github.ref == 'refs/heads/dev'", { push: { 'branches-ignore': ['dev'] } }, 'triggers'],
    ["github.ref == 'refs/heads/dev'", { push: { tags: ['v*'] } }, 'triggers'],
    ["github.ref == 'refs/heads/dev'", { ...main, workflow_dispatch: null }, undefined],
    ["github.ref == 'refs/heads/dev'", { ...main, workflow_call: null }, undefined],
    ["github.ref == 'refs/heads/main'", 'pull_request', 'triggers'],
    ["github.ref == 'refs/heads/main'", { pull_request: { types: ['closed'] } }, undefined],
    ["github.base_ref == 'main'", 'pull_request', undefined],
    ["github.base_ref == 'dev'", { pull_request: { branches: ['main'] } }, 'triggers'],
    ["github.event.action == 'closed'", 'pull_request', 'triggers'],
    ["startsWith(github.ref, 'refs/tags/v')", ['push'], undefined],
    ["startsWith(github.ref, 'refs/tags/v')", main, 'triggers'],
    ["!startsWith(github.ref, 'refs/heads/')", main, 'triggers'],
    ["github.event_name == 'schedule' || github.event_name == 'push'", main, undefined],
    ["github.event_name == 'schedule' && github.actor == 'x'", main, 'triggers'],
    ['github.event.pull_request.merged', 'push', 'triggers'],
    ['inputs.force', 'push', 'triggers'],
    ['inputs.force == true', { workflow_dispatch: { inputs: { force: { type: 'boolean' } } } }, undefined],
    ['vars.ON', 'push', undefined],
    ['vars.ON && !vars.ON', 'push', 'contradiction'],
    ["contains(github.actor, 'x') && !contains(github.actor, 'x')", 'push', 'contradiction'],
    ["vars.LEVEL == 'a' && vars.LEVEL == 'b'", 'push', 'contradiction'],
    ["vars.LEVEL != 'a' && vars.LEVEL != 'b'", 'push', undefined],
    ['failure()', 'push', 'failure-of-nothing'],
    ['always()', 'push', undefined],
    ['false', 'push', undefined],
    ['not an expression', 'push', undefined],
    ["text ${{ github.event_name == 'release' }}", 'push', undefined],
  ])('%s on %j: %s', (condition, on, expected) => {
    expect(reasons(on, { job: { if: condition } })).toEqual(expected === undefined ? {} : { job: expected });
  });
});

describe('a job with needs', () => {
  const push = { if: "github.event_name == 'push'" };
  test.each([
    ['another event', { needs: 'a', if: "github.event_name == 'pull_request'" }, 'needs'],
    [
      'another event, whatever became of it',
      { needs: 'a', if: "always() && github.event_name == 'pull_request'" },
      undefined,
    ],
    ['the same event', { needs: 'a', if: "github.event_name == 'push'" }, undefined],
    ['no condition', { needs: 'a' }, undefined],
    [
      'its failure, with success() implied',
      { needs: 'a', if: "needs.a.result == 'failure'" },
      'implied-success',
    ],
    ['its failure, asked for', { needs: 'a', if: "failure() && needs.a.result == 'failure'" }, undefined],
    ['its being skipped', { needs: 'a', if: "always() && needs.a.result == 'skipped'" }, undefined],
    [
      'two results at once',
      { needs: 'a', if: "always() && needs.a.result == 'skipped' && needs.a.result == 'failure'" },
      'contradiction',
    ],
    [
      'success and its event excluded',
      { needs: 'a', if: "!cancelled() && needs.a.result == 'success' && github.event_name != 'push'" },
      'needs',
    ],
    ['a job that is not there', { needs: 'gone', if: "needs.gone.result == 'success'" }, undefined],
  ])('%s', (_, job, expected) => {
    const found = reasons(['push', 'pull_request'], { a: push, job });
    expect(found).toEqual(expected === undefined ? {} : { job: expected });
  });

  test('what only follows from another job that never runs is not told', () => {
    const jobs = { a: { if: "github.event_name == 'release'" }, b: { needs: 'a' }, c: { needs: ['b'] } };
    expect(reasons('push', jobs)).toEqual({ a: 'triggers' });
  });

  test('jobs in a circle are left to the rule about needs', () => {
    expect(reasons('push', { a: { needs: 'b', if: 'vars.X' }, b: { needs: 'a' } })).toEqual({});
  });

  test('more conditions than can be told apart claim nothing', () => {
    const names = Array.from({ length: 40 }, (_, i) => `vars.V${i} == 'x'`);
    expect(reasons('push', { job: { if: names.join(' && ') } })).toEqual({});
  });
});

test.each([
  ['push', true],
  ['pull_request', false],
  ['schedule', false],
])('a job behind one that only pushes run: on %s %s', (event, expected) => {
  const found = workflow(['push', 'pull_request'], {
    a: { if: "github.event_name == 'push'" },
    b: { needs: 'a' },
  });
  const job = found.jobs.get('b');
  expect(job && canRunOn(found, job, event)).toBe(expected);
});

test.each([
  ['main', 'main', true],
  ['main', 'mainline', false],
  ['release/*', 'release/1', true],
  ['release/*', 'release/1/x', false],
  ['release/**', 'release/1/x', true],
  ['**', 'a/b', true],
  ['*', 'a/b', false],
  ['v*.*', 'v1.2', true],
  ['v[0-9]+', 'v1', undefined],
])('%s against %s: %s', (pattern, name, expected) => {
  expect(globMatches(pattern, name)).toBe(expected);
});

test('a pattern of many wildcards is matched in linear time', () => {
  expect(globMatches('*a'.repeat(200), `${'a'.repeat(2000)}b`)).toBe(false);
});
