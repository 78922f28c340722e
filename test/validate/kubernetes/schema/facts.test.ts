import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { apiLives } from '../../../../src/validate/kubernetes/schema/api-versions.ts';
import { newestKubernetes, newestMinor } from '../../../../src/validate/kubernetes/schema/cluster.ts';
import { facts } from '../../../../src/validate/kubernetes/schema/facts/index.ts';
import { builtInKinds } from '../../../../src/validate/kubernetes/schema/kinds.ts';
import { fieldLines, shapeOf, type Type } from '../../../../src/validate/kubernetes/schema/shapes.ts';
import { datedFields } from '../../../../src/validate/kubernetes/schema/since.ts';

const models = new URL('../../../../node_modules/@kubernetes/client-node/dist/gen/models/', import.meta.url);

const has = (type: string, field: string): boolean =>
  fieldLines().has(type) && shapeOf(type).fields.has(field);

describe('tables kept by hand name what exists', () => {
  const handKept = Object.entries(facts).flatMap(([type, { fields, exactlyOne, atMostOne, atLeastOne }]) =>
    [...Object.keys(fields ?? {}), ...(exactlyOne ?? []), ...(atMostOne ?? []), ...(atLeastOne ?? [])].map(
      (field) => [type, field] as const,
    ),
  );

  test('facts', () => {
    expect(handKept.length).toBeGreaterThan(200);
    expect(handKept.filter(([type, field]) => !has(type, field))).toEqual([]);
    expect(Object.keys(facts).filter((type) => !fieldLines().has(type))).toEqual([]);
  });

  test('keys of lists', () => {
    const itemOf = (type: Type): Type => (type.is === 'list' ? type.of : type);
    const wrong = Object.entries(facts).flatMap(([type, { fields }]) =>
      Object.entries(fields ?? {}).flatMap(([field, { unique }]) => {
        const item = itemOf(shapeOf(type).fields.get(field)?.type ?? { is: 'anything' });
        return (unique ?? [])
          .flatMap((keys) => keys.fields)
          .filter((key) => item.is !== 'object' || !has(item.name, key));
      }),
    );
    expect(wrong).toEqual([]);
  });

  test('fields with the version that brought them', () => {
    expect(datedFields().filter(([type, field]) => !has(type, field))).toEqual([]);
  });
});

describe('the generated types', () => {
  test('are whole: each type that a field names is there', () => {
    const names = (type: Type): string[] =>
      type.is === 'object' ? [type.name] : 'of' in type ? names(type.of) : [];
    const missing = [...fieldLines().keys()].flatMap((type) =>
      [...shapeOf(type).fields.values()]
        .flatMap((field) => names(field.type))
        .filter((name) => !fieldLines().has(name)),
    );
    expect(missing).toEqual([]);
    expect(builtInKinds().types.size).toBeGreaterThan(80);
  });

  test('are those of the installed client', () => {
    const files = new Set(readdirSync(models));
    for (const type of [
      'V1Container',
      'V1ServiceSpec',
      'V2HorizontalPodAutoscalerSpec',
      'V1JSONSchemaProps',
    ]) {
      expect(files).toContain(`${type}.js`);
      const source = readFileSync(new URL(`${type}.js`, models), 'utf8');
      const fields = [...source.matchAll(/"baseName": "([^"]+)"/g)].map(([, name]) => name);
      expect([...shapeOf(type).fields.keys()].sort()).toEqual(fields.sort());
      expect(source).toContain(`release-${newestKubernetes}`);
    }
  });

  test('are what the generator writes', () => {
    const script = fileURLToPath(new URL('../../../../scripts/kubernetes-schema.js', import.meta.url));
    const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  test('know what is required', () => {
    expect(shapeOf('V1Container').required).toEqual(['image', 'name']);
    expect(shapeOf('V1DeploymentSpec').required).toEqual(['selector', 'template']);
  });

  test('stay small', () => {
    const source = new URL('../../../../src/validate/kubernetes/schema/types.generated.ts', import.meta.url);
    expect(readFileSync(source).length).toBeLessThan(100_000);
  });
});

describe('the table of API versions', () => {
  const lives = [...apiLives()];

  test('is in order: came, deprecated, gone', () => {
    const wrong = lives.filter(
      ([, { since = 0, deprecated = since, removed = Number.POSITIVE_INFINITY }]) =>
        since > deprecated || deprecated > removed,
    );
    expect(wrong).toEqual([]);
  });

  test('agrees with the client: what is served has fields, what is gone has none', () => {
    const { types } = builtInKinds();
    const gone = lives.filter(([, { removed }]) => removed !== undefined && removed <= newestMinor);
    expect(gone.filter(([key]) => types.has(key))).toEqual([]);
    const served = lives.filter(([, { removed }]) => removed === undefined || removed > newestMinor);
    expect(
      served.map(([key]) => key).filter((key) => !types.has(key) && key !== 'v1 ComponentStatus'),
    ).toEqual([]);
  });

  test('covers every alpha and beta that the client has', () => {
    const unstable = [...builtInKinds().types.keys()].filter((key) => /\/v\d+(alpha|beta)\d+ /.test(key));
    const known = new Set(lives.map(([key]) => key));
    expect(unstable.filter((key) => !known.has(key))).toEqual([
      'internal.apiserver.k8s.io/v1alpha1 StorageVersion',
    ]);
  });

  test('names replacements that are served', () => {
    const { types } = builtInKinds();
    const wrong = lives.filter(([key, { replacement }]) => {
      if (replacement === undefined) return false;
      const kind = key.split(' ')[1];
      return kind !== 'Endpoints' && !types.has(`${replacement} ${kind}`);
    });
    expect(wrong.map(([key]) => key)).toEqual([]);
  });
});
