import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { programs } from '../../scripts/programs.js';
import { filesWithSlug } from '../../scripts/slug.js';
import { inputsByAction } from '../../src/actions/inputs.ts';
import type { InputKind } from '../../src/hosts/inputs.ts';
import { about } from '../../src/platform/about.ts';
import { outputsOf } from '../../src/release/outputs.ts';
import type { ReleaseRecord } from '../../src/report/record.ts';
import { chaosRecord, smokeRecord } from '../support/proof-records.ts';
import { cleanRecord } from '../support/records.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const textOf = (file: string) => readFileSync(join(root, file), 'utf8');
const manifest = JSON.parse(textOf('package.json')) as { slug: string; version: string };

interface Manifest {
  name: string;
  description: string;
  branding: { icon: string; color: string };
  inputs?: Record<string, { description: string; default: string }>;
  outputs: Record<string, { description: string }>;
  runs: { using: string; main: string; post?: string; 'post-if'?: string };
}

const folders = ['.', ...readdirSync(join(root, 'actions')).map((name) => `actions/${name}`)];
const actions = folders.map(
  (folder) => [folder, parse(textOf(join(folder, 'action.yml'))) as Manifest] as const,
);

describe.each(actions)('%s/action.yml', (folder, action) => {
  test('lists the inputs that the code reads, with the same defaults', () => {
    const kinds: Readonly<Record<string, InputKind<unknown>>> | undefined =
      inputsByAction[folder as keyof typeof inputsByAction];
    expect(Object.keys(action.inputs ?? {}).sort()).toEqual(Object.keys(kinds ?? {}).sort());
    for (const [name, input] of Object.entries(action.inputs ?? {})) {
      const given = input.default === '' ? kinds?.[name]?.fallback : kinds?.[name]?.read(input.default);
      expect([name, given]).toEqual([name, kinds?.[name]?.fallback]);
    }
  });

  test('describes everything and runs bundles that are built', () => {
    const described = [action, ...Object.values(action.inputs ?? {}), ...Object.values(action.outputs)];
    for (const { description } of described) expect(description.length).toBeGreaterThan(10);
    expect(action.branding.icon).toMatch(/^[a-z-]+$/);
    expect(action.runs.using).toBe('node24');
    for (const path of [action.runs.main, action.runs.post].filter((one) => one !== undefined)) {
      const [, name = ''] = /^(?:\.\.\/\.\.\/)?dist\/([a-z-]+)\/index\.js$/.exec(path) ?? [];
      expect(programs).toHaveProperty([name]);
      expect(path.startsWith('../../')).toBe(folder !== '.');
    }
    expect(action.runs['post-if']).toBe(action.runs.post === undefined ? undefined : 'always()');
  });

  test('has the outputs of a release', () => {
    if (folder === 'actions/setup') return expect(Object.keys(action.outputs)).toEqual(['version', 'path']);
    if (folder === 'actions/validate') {
      return expect(Object.keys(action.outputs)).toEqual(['verdict', 'errors', 'warnings', 'sarif']);
    }
    const records: Record<string, () => ReleaseRecord> = {
      'actions/smoke': smokeRecord,
      'actions/chaos': chaosRecord,
    };
    const record = (records[folder] ?? cleanRecord)();
    expect(Object.keys(action.outputs)).toEqual(Object.keys(outputsOf(record, undefined)));
  });

  test('has a README that shows how to use it', () => {
    const readme = textOf(join(folder, 'README.md'));
    const path = folder === '.' ? '' : `/${folder}`;
    expect(readme).toContain(`uses: ${manifest.slug}${path}@`);
  });
});

describe('the repository slug and the version', () => {
  test('stand in the code as in package.json', () => {
    expect(about).toEqual({ slug: manifest.slug, version: manifest.version });
  });

  test('are what every uses: line of ours names', () => {
    const files = filesWithSlug('uses:').filter((file: string) => !/^(test|scripts|src)\//.test(file));
    const ours = files.flatMap((file: string) =>
      [...textOf(file).matchAll(/uses:\s*([\w.-]+\/[\w.-]+)((?:\/[\w./-]+)?)@/g)]
        .filter(([, , path = '']) => path.startsWith('/actions/') || /cutover/i.test(path))
        .map(([, slug]) => `${file}: ${slug}`),
    );
    expect(ours.length).toBeGreaterThan(0);
    expect(ours.filter((one: string) => !one.endsWith(`: ${manifest.slug}`))).toEqual([]);
  });

  test('links to files of this repository lead somewhere', () => {
    const files: string[] = filesWithSlug('](').filter((file: string) =>
      /^(README|docs|actions|CONTRIBUTING)/.test(file),
    );
    const broken = files.flatMap((file) =>
      [...textOf(file).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
        .filter(([, to = '']) => !existsSync(join(root, dirname(file), to)))
        .map(([, to]) => `${file}: ${to}`),
    );
    expect(broken).toEqual([]);
  });
});
