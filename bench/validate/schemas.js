/**
 * JSON schemas for kubeconform out of the same facts that our own schema layer has, so that both check the same and
 * nothing has to be downloaded.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kindLines, typeLines } from '../../src/validate/kubernetes/schema/types.generated.ts';

const scalars = {
  s: { type: 'string' },
  i: { type: 'integer' },
  l: { type: 'integer' },
  n: { type: 'number' },
  b: { type: 'boolean' },
  t: { type: 'string' },
  y: { type: 'string' },
  x: { type: ['string', 'integer'] },
  a: {},
};

function schemaOf(code) {
  if (code.startsWith('*')) return { type: 'array', items: schemaOf(code.slice(1)) };
  if (code.startsWith('%')) return { type: 'object', additionalProperties: schemaOf(code.slice(1)) };
  return scalars[code] ?? { $ref: `#/definitions/${code}` };
}

function typesByName() {
  const lines = typeLines.trim().split('\n');
  return new Map(
    lines.map((line) => {
      const [name, ...fields] = line.split(' ');
      const pairs = fields.filter(Boolean).map((field) => field.split('='));
      const properties = Object.fromEntries(
        pairs.map(([key, code]) => [key.replace('!', ''), schemaOf(code)]),
      );
      const required = pairs.filter(([key]) => key.endsWith('!')).map(([key]) => key.slice(0, -1));
      return [
        name,
        {
          type: 'object',
          properties,
          additionalProperties: false,
          ...(required.length > 0 ? { required } : {}),
        },
      ];
    }),
  );
}

/** A schema and all that it refers to. */
function standalone(root, types) {
  const definitions = {};
  const visit = (value) => {
    if (typeof value !== 'object' || value === null) return;
    const name = value.$ref?.slice('#/definitions/'.length);
    if (name !== undefined && definitions[name] === undefined) {
      definitions[name] = types.get(name) ?? {};
      visit(definitions[name]);
    }
    Object.values(value).forEach(visit);
  };
  visit(types.get(root));
  return { ...types.get(root), definitions };
}

/** Writes the schemas of some kinds; gives the pattern for `-schema-location`. */
export function writeSchemas(folder, kinds) {
  mkdirSync(folder, { recursive: true });
  const types = typesByName();
  for (const line of kindLines.trim().split('\n')) {
    const [apiVersion, kind, type] = line.split(' ');
    if (!kinds.has(`${apiVersion} ${kind}`)) continue;
    const [version, group] = apiVersion.split('/').reverse();
    const suffix = group === undefined ? version : `${group.split('.')[0]}-${version}`;
    const file = join(folder, `${kind.toLowerCase()}-${suffix}.json`);
    writeFileSync(file, JSON.stringify(standalone(type, types)));
  }
  return join(folder, '{{ .ResourceKind }}{{ .KindSuffix }}.json');
}
