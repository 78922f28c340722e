import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readWorkspace } from '../../../src/validate/read/index.ts';
import { workspaceOf } from '../../support/validate-workspace.ts';

const service = 'apiVersion: v1\nkind: Service\nmetadata: { name: a, namespace: b }\n';
const release =
  'version: 1\nname: trading\ncomponents:\n  gateway: { run: [node, a.js], port: 8000 }\nenvironments:\n  local: { target: local }\n';

describe('what a file is', () => {
  test.each([
    ['Dockerfile', 'FROM a', 'dockerfiles'],
    ['services/a/Dockerfile.prod', 'FROM a', 'dockerfiles'],
    ['a.Dockerfile', 'FROM a', 'dockerfiles'],
    ['Containerfile', 'FROM a', 'dockerfiles'],
    ['compose.yml', 'services: {}', 'composeFiles'],
    ['docker-compose.override.yaml', 'services: {}', 'composeFiles'],
    ['.github/workflows/ci.yml', 'on: push\njobs: {}', 'workflows'],
    ['actions/a/action.yml', 'name: a', 'actions'],
    ['prometheus/rules.yml', 'groups: [{ name: a, rules: [] }]', 'prometheus'],
    ['prometheus.yml', 'scrape_configs: []', 'prometheus'],
    ['k8s/a.yaml', service, 'manifests'],
    ['k8s/a.json', JSON.stringify({ apiVersion: 'v1', kind: 'Pod' }), 'manifests'],
  ] as const)('%s', async (path, text, list) => {
    const workspace = await workspaceOf({ [path]: text });
    expect(workspace[list]).toHaveLength(1);
    expect(workspace.unreadable).toEqual([]);
    const lists = ['dockerfiles', 'composeFiles', 'workflows', 'actions', 'prometheus', 'manifests'] as const;
    expect(lists.filter((name) => workspace[name].length > 0)).toEqual([list]);
  });

  test.each([
    ['Dockerfile.dockerignore', 'node_modules'],
    ['docs/.github/workflows/x.yml', 'on: push\njobs: {}'],
    ['values.yml', 'groups: [a, b]'],
    ['package.json', '{ "broken": '],
    ['kustomization.yaml', 'resources: []'],
    ['k8s/kind.yml', 'kind: Service'],
    ['notes.txt', service],
    ['list.yml', '- apiVersion: v1\n  kind: Pod'],
    ['number.yml', '42'],
  ])('%s is none of them', async (path, text) => {
    const { manifests, dockerfiles, workflows, prometheus, unreadable } = await workspaceOf({ [path]: text });
    expect([manifests, dockerfiles, workflows, prometheus, unreadable].flat()).toEqual([]);
  });

  test('objects of a List stand where they are written', async () => {
    const { manifests } = await workspaceOf({
      'a.yml':
        'apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: Pod\n    metadata:\n      name: x\n  - 1\n',
    });
    const [pod] = manifests;
    expect(manifests.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['Pod x']);
    expect(pod?.document.position(['metadata', 'name'])).toMatchObject({ line: 7, column: 13 });
    expect(pod?.document.base).toEqual(['items', 0]);
  });

  test('metadata of a manifest', async () => {
    const { manifests } = await workspaceOf({ 'a.yml': service, 'b.yml': 'apiVersion: v1\nkind: Pod\n' });
    const told = manifests.map(({ name, namespace, kind }) => [kind, name, namespace]);
    expect(told).toEqual([
      ['Service', 'a', 'b'],
      ['Pod', '', undefined],
    ]);
  });

  test('only mappings count as services and jobs', async () => {
    const { composeFiles, workflows } = await workspaceOf({
      'compose.yml': 'services:\n  a: { image: b }\n  c:\n  d: 1\n',
      '.github/workflows/ci.yml': 'jobs: [a]\n',
    });
    expect(composeFiles[0]?.services).toEqual({ a: { image: 'b' } });
    expect(workflows[0]?.jobs).toEqual({});
  });

  test('env files are kept by path', async () => {
    const { envFiles } = await workspaceOf({ '.env': 'A=1', 'config/app.env': 'B=2', '.env.local': 'C=3' });
    expect([...envFiles].map(([path, { value }]) => [path, value])).toEqual([
      ['.env', { A: '1' }],
      ['.env.local', { C: '3' }],
      ['config/app.env', { B: '2' }],
    ]);
  });
});

describe('which files are read', () => {
  const contents = {
    'k8s/production/a.yml': service,
    'k8s/staging/a.yml': service,
    'node_modules/x/a.yml': service,
    'dist/a.yml': service,
    'deep/.git/a.yml': service,
    'a.yml': service,
  };

  test.each([
    [undefined, ['a.yml', 'k8s/production/a.yml', 'k8s/staging/a.yml']],
    [['k8s'], ['k8s/production/a.yml', 'k8s/staging/a.yml']],
    [['./k8s/production/'], ['k8s/production/a.yml']],
    [
      ['**/*.yml', '!k8s/staging'],
      ['a.yml', 'k8s/production/a.yml'],
    ],
    [['*.yml'], ['a.yml']],
    [['.'], ['a.yml', 'k8s/production/a.yml', 'k8s/staging/a.yml']],
    [['none'], []],
  ])('%j', async (paths, expected) => {
    const { manifests } = await workspaceOf(contents, { paths });
    expect(manifests.map(({ document }) => document.file.path)).toEqual(expected);
  });

  test('a file that is not read still exists', async () => {
    const { exists } = await workspaceOf(contents, { paths: ['a.yml'] });
    const asked = ['dist/a.yml', 'node_modules/x', 'k8s', 'a.yml', 'b.yml', 'k8s/a.yml', '../a.yml'];
    expect(asked.map(exists)).toEqual([true, true, true, true, false, false, false]);
  });
});

describe('the release file', () => {
  test('is read where there is one', async () => {
    const { release: found, unreadable } = await workspaceOf({ 'cutover.yml': release });
    expect([found?.name, unreadable]).toEqual(['trading', []]);
  });

  test('may have another name', async () => {
    const { release: found } = await workspaceOf(
      { 'ci/release.yml': release },
      { release: 'ci/release.yml' },
    );
    expect(found?.folder).toBe('/workspace/ci');
  });

  test('that is not valid is told where it is wrong, and nothing is taken from it', async () => {
    const text = release.replace('8000', '80x');
    const { release: found, unreadable } = await workspaceOf({ 'cutover.yml': text });
    expect(found).toBeUndefined();
    const told = unreadable.map(({ problem, document }) => [
      problem,
      document.position([]).line,
      document.base,
    ]);
    expect(told).toEqual([['release-file', 4, ['components', 'gateway', 'port']]]);
  });
});

describe('templates are skipped, never called broken', () => {
  test.each([
    ['a.yml', 'name: {{ .Values.name }}\n', 1],
    ['a.yml', '{{- if .Values.on }}\na: 1\n{{- end }}\n', 1],
    ['a.yml', 'name: "{{ .Values.name }}"\n', 0],
    ['.github/workflows/a.yml', 'on: push\njobs:\n  a:\n    runs-on: ${{ matrix.os }}\n', 0],
    ['chart/templates/a.yml', 'apiVersion: v1\nkind: Pod\n', 1],
    ['chart/templates/_helpers.tpl', '{{ x }}', 0],
    ['other/templates/a.yml', 'a: 1\n', 0],
  ])('%s %j', async (path, text, skips) => {
    const workspace = await workspaceOf({ [path]: text, 'chart/Chart.yaml': 'name: x\n' });
    expect(workspace.unreadable).toEqual([]);
    expect(workspace.skips.map(({ rule }) => rule)).toEqual(Array(skips).fill('template'));
    if (path.startsWith('chart/')) expect(workspace.manifests).toEqual([]);
  });
});

describe('on a real disk', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cutover-read-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (path: string, text: string | Uint8Array) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const link = (target: string, path: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    symlinkSync(target, join(folder, path));
  };

  test('no link leads outside, none leads round in a circle', async () => {
    write('outside/secret.yml', service);
    write('ws/k8s/a.yml', service);
    link('../../outside/secret.yml', 'ws/k8s/file.yml');
    link('../outside', 'ws/folder');
    link('..', 'ws/k8s/up');
    link('loop.yml', 'ws/loop.yml');
    link('k8s/a.yml', 'ws/inside.yml');
    link('nowhere', 'ws/dangling.yml');
    const { manifests, skips, exists } = await readWorkspace({ root: join(folder, 'ws') });
    expect(manifests.map(({ document }) => document.file.path)).toEqual(['inside.yml', 'k8s/a.yml']);
    expect(skips.map(({ file }) => file).sort()).toEqual(['dangling.yml', 'k8s/file.yml', 'loop.yml']);
    const asked = ['folder/secret.yml', 'k8s/file.yml', '../outside/secret.yml', 'k8s/up', 'inside.yml'];
    expect(asked.map(exists)).toEqual([false, false, false, true, true]);
  });

  test('a workspace that is itself behind a link, and one that is not there', async () => {
    write('real/a.yml', service);
    link('real', 'ws');
    expect((await readWorkspace({ root: join(folder, 'ws') })).manifests).toHaveLength(1);
    expect((await readWorkspace({ root: join(folder, 'none') })).manifests).toEqual([]);
  });

  test('what is no text or too large is told', async () => {
    write('a.yml', Buffer.from('a: Gr\u00fc\u00dfe\n', 'latin1'));
    write('b.yml', 'a: \0\n');
    write('c.yml', `a: ${'x'.repeat(2000)}\n`);
    const { unreadable } = await readWorkspace({ root: folder, mostBytes: 1000 });
    const told = unreadable.map(({ problem, file, document }) => {
      const { line, column } = document.position([]);
      return `${file.path}:${line}:${column} ${problem}`;
    });
    expect(told).toEqual(['a.yml:1:6 not-text', 'b.yml:1:4 not-text', 'c.yml:1:1 too-large']);
  });
});
