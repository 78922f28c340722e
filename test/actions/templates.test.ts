import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('../../', import.meta.url));
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');
const { slug } = JSON.parse(textOf('package.json')) as { slug: string };

interface Step {
  id?: string;
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}

interface Workflow {
  permissions: unknown;
  concurrency: { group: string; 'cancel-in-progress': boolean };
  jobs: Record<string, { 'timeout-minutes': number; permissions?: unknown; steps: readonly Step[] }>;
}

interface Manifest {
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

const names = readdirSync(join(root, 'workflows')).filter((name) => name.endsWith('.yml'));

/** Of one of our actions; undefined for those of others. */
function manifestOf(uses: string): Manifest | undefined {
  const [path = ''] = uses.split('@');
  if (path !== slug && !path.startsWith(`${slug}/`)) return undefined;
  return parse(textOf(join(path.slice(slug.length + 1), 'action.yml'))) as Manifest;
}

describe.each(names)('the starter template %s', (name) => {
  const text = textOf(`workflows/${name}`);
  const workflow = parse(text) as Workflow;
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);

  test('is offered with a name, a description and an icon', () => {
    const properties = JSON.parse(textOf(`workflows/${name.replace(/yml$/, 'properties.json')}`));
    expect(Object.keys(properties).sort()).toEqual([
      ...['categories', 'description', 'filePatterns', 'iconName', 'name'],
    ]);
    expect(properties.iconName).toMatch(/^octicon [a-z-]+$/);
    for (const pattern of properties.filePatterns) expect('cutover.yml').toMatch(new RegExp(pattern));
  });

  test('grants nothing on top, ends in time, and follows its like', () => {
    expect(workflow.permissions).toEqual({});
    expect(workflow.concurrency.group).toBeTruthy();
    for (const job of Object.values(workflow.jobs)) {
      expect(job['timeout-minutes']).toBeGreaterThan(0);
      expect([undefined, { contents: 'read' }]).toContainEqual(job.permissions);
    }
  });

  test('pins what is not ours by commit, with the version behind it, and keeps no credentials', () => {
    const lines = text.split('\n').filter((line) => /\buses:/.test(line));
    for (const line of lines.filter((one) => !one.includes(slug)))
      expect(line).toMatch(/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    for (const step of checkouts) expect(step.with).toMatchObject({ 'persist-credentials': false });
  });

  test('gives our actions inputs that they have, and reads outputs that they give', () => {
    const outputs = new Map<string, Manifest>();
    for (const { uses = '', id = '', with: given = {} } of steps) {
      const manifest = manifestOf(uses);
      if (!manifest) continue;
      outputs.set(id, manifest);
      expect(Object.keys(manifest.inputs ?? {})).toEqual(expect.arrayContaining(Object.keys(given)));
    }
    expect(outputs.size).toBeGreaterThan(0);
    for (const [, id = '', output = ''] of text.matchAll(/steps\.([\w-]+)\.outputs\.([\w-]+)/g))
      expect(Object.keys(outputs.get(id)?.outputs ?? {})).toContain(output);
  });

  test('puts no expression where a shell reads it', () => {
    for (const { run = '' } of steps) expect(run).not.toContain('${{');
  });
});

test('there are templates for a release, for smoke and for chaos', () => {
  expect(names).toEqual(expect.arrayContaining(['release-single.yml', 'smoke.yml', 'chaos.yml']));
});
