/** Tables of keys for the docs, from the schema that reads them. */
import { toJsonSchema } from '@valibot/to-json-schema';
import { section } from '../src/config/schema/leaf.ts';

const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');
export const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

const jsonOf = (schema) =>
  toJsonSchema(schema, { typeMode: 'input', ignoreActions: ['raw_check', 'raw_transform', 'transform'] });

/** Rows of all keys, those of nested mappings with a dot between. */
function rowsOf({ properties = {}, required = [] }, prefix = '') {
  return Object.entries(properties).flatMap(([key, schema]) => {
    const given =
      schema.default === undefined || typeof schema.default === 'object' ? '' : `\`${schema.default}\``;
    // Of two forms of one value, the second is the plain one.
    const description = schema.description ?? schema.anyOf?.at(-1)?.description;
    const own = [`\`${prefix}${key}\``, required.includes(key) ? 'required' : given, description];
    return schema.properties ? [own, ...rowsOf(schema, `${prefix}${key}.`)] : [own];
  });
}

/** The keys of a section. */
export const keysOf = (schema) => table(['key', 'default', 'meaning'], rowsOf(jsonOf(schema)));
/** The keys of a section that is not built yet. */
export const keys = (entries) => keysOf(section('', entries));
