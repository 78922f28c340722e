import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { matchesName, wholeName } from '../../../src/validate/cross-file/image-names.ts';
import { validate } from '../../../src/validate/engine.ts';
import { readWorkspace } from '../../../src/validate/read/index.ts';
import { imageKnown } from '../../../src/validate/rules/cross-file/image-known.ts';
import { imagePinned } from '../../../src/validate/rules/kubernetes/image-pinned.ts';
import { compared, lineOf } from '../../support/validate-fixtures.ts';
import { workspaceOf } from '../../support/validate-workspace.ts';

const folder = new URL('../../fixtures/images-declared/', import.meta.url);

const run = async (side: 'good' | 'bad') =>
  validate(await readWorkspace({ root: fileURLToPath(new URL(side, folder)) }), [imageKnown]);

describe('where cutover.yml says which images there are', () => {
  test('every other one is an error, in manifests, kustomizations, Compose files and workflows', async () => {
    const expected = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8'));
    const { findings } = await run('bad');
    expect(compared(findings, expected)).toEqual({ missing: [], unexpected: [] });
  });

  test('those that are built or named are not', async () => {
    const { findings, skips } = await run('good');
    expect(findings.map(lineOf)).toEqual([]);
    expect(skips.filter(({ rule }) => rule === 'image-known')).toEqual([
      expect.objectContaining({ file: 'k8s/workloads.yml', reason: expect.stringContaining('filled in') }),
    ]);
  });

  const pod = (image: string) =>
    `apiVersion: v1\nkind: Pod\nmetadata: { name: a, namespace: b }\nspec: { containers: [{ name: a, image: "${image}" }] }\n`;
  const release = (more: string, component = '') =>
    `name: a\ncomponents:\n  web:\n    run: [node]\n${component}${more}`;
  const external = 'validate: { external-images: [postgres] }\n';
  const found = async (files: Record<string, string>) =>
    validate(await workspaceOf(files), [imageKnown, imagePinned]).findings.map(
      ({ rule, severity }) => `${rule} ${severity}`,
    );

  test.each<[string, string, string[]]>([
    ['nothing', release(''), []],
    ['images from elsewhere only', release(external), ['image-known error']],
    ['images of components only', release('', '    image: ghcr.io/acme/web\n'), ['image-known error']],
  ])('declared: %s', async (_, text, rules) => {
    const image = 'mysql@sha256:4444444444444444444444444444444444444444444444444444444444444444';
    expect(await found({ 'cutover.yml': text, 'pod.yml': pod(image) })).toEqual(rules);
  });

  test('an image of the release has to be pinned all the same: nothing fills its digest in', async () => {
    const text = release('', '    image: ghcr.io/acme/web\n');
    expect(await found({ 'cutover.yml': text, 'pod.yml': pod('ghcr.io/acme/web:latest') })).toEqual([
      'image-pinned error',
    ]);
  });

  test('what is built under names that are not written out is left out, with its reason', async () => {
    const files = {
      'cutover.yml': release(external),
      '.github/workflows/a.yml':
        'on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: make image\n      - run: trivy image ghcr.io/acme/web:1\n',
    };
    const { findings, skips } = validate(await workspaceOf(files), [imageKnown]);
    expect(findings).toEqual([]);
    expect(skips).toEqual([
      expect.objectContaining({ reason: expect.stringContaining('"ghcr.io/acme/web" may be built here') }),
    ]);
  });
});

describe('names of repositories', () => {
  test.each([
    ['redis', 'docker.io/library/redis'],
    ['docker.io/redis', 'docker.io/library/redis'],
    ['index.docker.io/library/redis', 'docker.io/library/redis'],
    ['acme/redis', 'docker.io/acme/redis'],
    ['localhost/redis', 'localhost/redis'],
    ['registry:5000/redis', 'registry:5000/redis'],
    ['quay.io/a/b/c', 'quay.io/a/b/c'],
  ])('%s is %s', (given, name) => {
    expect(wholeName(given)).toBe(name);
  });

  test.each([
    ['*', 'redis', true],
    ['*', 'acme/redis', false],
    ['quay.io/prometheus/*', 'quay.io/prometheus/prometheus', true],
    ['quay.io/prometheus/*', 'quay.io/prometheus/tools/x', false],
    ['quay.io/prometheus/*', 'quayxio/prometheus/x', false],
    ['acme/tools-*', 'docker.io/acme/tools-lint', true],
    ['acme/tools-*', 'acme/tool', false],
    ['redis', 'redis', true],
    ['redis', 'redis-stack', false],
  ])('%s stands for %s: %s', (pattern, repository, matches) => {
    expect(matchesName(pattern, wholeName(repository))).toBe(matches);
  });
});
