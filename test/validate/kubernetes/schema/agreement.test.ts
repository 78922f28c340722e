import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { listOf, mappingOf, type Path, pathText, valueAt } from '../../../../src/validate/document.ts';
import { schemaReport } from '../../../../src/validate/kubernetes/schema/check.ts';
import { resolveKind } from '../../../../src/validate/kubernetes/schema/kinds.ts';
import { shapeOf, type Type } from '../../../../src/validate/kubernetes/schema/shapes.ts';
import { validManifests, workspaceOf } from './manifests.ts';

type Value = Readonly<Record<string, unknown>>;

const manifests = validManifests();

const found = (value: Value): readonly string[] =>
  schemaReport(workspaceOf([value])).problems.map(({ path, message }) => `${pathText(path)}: ${message}`);

const paths = (value: Value): ReadonlySet<string> =>
  new Set(schemaReport(workspaceOf([value])).problems.map(({ path }) => pathText(path)));

/** A place that a type describes: `fields` where it is an object whose keys are known. */
interface Place {
  manifest: Value;
  path: Path;
  type: Type;
}

function placesIn(value: unknown, type: Type, path: Path): { path: Path; type: Type }[] {
  if (value === null || value === undefined) return [];
  const here = { path, type };
  if (type.is === 'list') {
    return [here, ...listOf(value).flatMap((item, index) => placesIn(item, type.of, [...path, index]))];
  }
  const mapping = mappingOf(value);
  if (type.is === 'map') {
    return [
      here,
      ...Object.entries(mapping ?? {}).flatMap(([key, item]) => placesIn(item, type.of, [...path, key])),
    ];
  }
  if (type.is !== 'object') return [here];
  const { fields } = shapeOf(type.name);
  return [
    here,
    ...Object.entries(mapping ?? {}).flatMap(([key, item]) => {
      const field = fields.get(key);
      return field ? placesIn(item, field.type, [...path, key]) : [];
    }),
  ];
}

const places: readonly Place[] = manifests.flatMap((manifest) => {
  const resolved = resolveKind(String(manifest['apiVersion']), String(manifest['kind']), 36);
  if (resolved.is !== 'known') return [];
  return placesIn(manifest, { is: 'object', name: resolved.type }, []).map((place) => ({
    manifest,
    ...place,
  }));
});

/** A copy in which the value at a path is replaced. */
function replaced(value: unknown, path: Path, change: (value: unknown) => unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return change(value);
  if (Array.isArray(value))
    return value.map((item, at) => (at === key ? replaced(item, rest, change) : item));
  return Object.fromEntries(
    Object.entries(mappingOf(value) ?? {}).map(([name, item]) => [
      name,
      name === key ? replaced(item, rest, change) : item,
    ]),
  );
}

/** A value that is not of the type; undefined where anything goes. */
function foreign(type: Type): unknown {
  switch (type.is) {
    case 'anything':
      return undefined;
    case 'list':
    case 'object':
    case 'map':
      return 'a text';
    case 'int-or-string':
      return true;
    case 'string':
    case 'time':
    case 'base64':
      return 12;
    case 'boolean':
    case 'int32':
    case 'int64':
    case 'number':
      return 'a text';
  }
}

describe('valid manifests', () => {
  test.each(
    manifests.map(
      (value) => [String(value['kind']), String(mappingOf(value['metadata'])?.['name']), value] as const,
    ),
  )('%s %s has no finding', (_kind, _name, value) => {
    expect(found(value)).toEqual([]);
  });

  test('are of every kind that a release is made of', () => {
    const kinds = new Set(manifests.map((value) => value['kind']));
    expect(kinds.size).toBeGreaterThan(38);
    expect(places.length).toBeGreaterThan(1200);
  });
});

describe('one thing wrong in a valid manifest is found where it is', () => {
  const objects = places.filter(({ type, manifest, path }) => {
    const keys = Object.keys(mappingOf(valueAt(manifest, path)) ?? {});
    return (
      type.is === 'object' && keys.some((key) => !(path.length === 0 && /^(apiVersion|kind)$/.test(key)))
    );
  });

  test('a renamed field', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...objects),
        fc.nat(),
        fc.constantFrom('x', 's', '_'),
        ({ manifest, path }, at, tail) => {
          const keys = Object.keys(mappingOf(valueAt(manifest, path)) ?? {}).filter(
            (key) => path.length > 0 || !/^(apiVersion|kind)$/.test(key),
          );
          const key = keys[at % keys.length] ?? '';
          const renamed = `${key}Typo${tail}`;
          const broken = replaced(manifest, path, (value) =>
            Object.fromEntries(
              Object.entries(mappingOf(value) ?? {}).map(([name, item]) => [
                name === key ? renamed : name,
                item,
              ]),
            ),
          );
          expect(paths(broken as Value)).toContain(pathText([...path, renamed]));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('a value of another type', () => {
    const typed = places.filter(
      ({ type, path }) =>
        type.is !== 'anything' && path.length > 0 && !/^(apiVersion|kind)$/.test(pathText(path)),
    );
    fc.assert(
      fc.property(fc.constantFrom(...typed), ({ manifest, path, type }) => {
        // A quantity may be a number, though its type is a text.
        const before = valueAt(manifest, path);
        const broken = replaced(manifest, path, () =>
          typeof before === 'object' ? foreign(type) : [before],
        );
        expect(paths(broken as Value)).toContain(pathText(path));
      }),
      { numRuns: 500 },
    );
  });

  test('nothing that stands in a manifest makes it fail', () => {
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.jsonValue(), ({ manifest, path }, value) => {
        if (path.length === 0) return;
        const broken = replaced(manifest, path, () => value) as Value;
        expect(Array.isArray(schemaReport(workspaceOf([broken])).problems)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
