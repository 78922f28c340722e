/** Part of npm run docs: the tables of docs/smoke.md, from the registry of checks. */
import { toJsonSchema } from '@valibot/to-json-schema';
import { section } from '../src/config/schema/leaf.ts';
import { checkKinds } from '../src/smoke/checks/index.ts';
import { commonEntries } from '../src/smoke/schema.ts';

const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');
const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

const jsonOf = (entries) =>
  toJsonSchema(section('', entries), {
    typeMode: 'input',
    ignoreActions: ['raw_check', 'raw_transform', 'transform'],
  });

/** Rows of all keys, those of nested mappings with a dot between. */
function rowsOf({ properties = {}, required = [] }, prefix = '') {
  return Object.entries(properties).flatMap(([key, schema]) => {
    const isRequired = required.includes(key);
    const given =
      schema.default === undefined ? (isRequired ? 'required' : '') : `\`${shown(schema.default)}\``;
    // Of two forms of one value, the second is the plain one.
    const description = schema.description ?? schema.anyOf?.at(-1)?.description;
    const own = [`\`${prefix}${key}\``, given, description];
    return schema.properties ? [own, ...rowsOf(schema, `${prefix}${key}.`)] : [own];
  });
}

const shown = (value) => (typeof value === 'string' ? value : JSON.stringify(value));
const keys = (entries) => table(['key', 'default', 'meaning'], rowsOf(jsonOf(entries)));

const kinds = () =>
  table(
    ['check', 'what it does'],
    checkKinds.map(({ kind, description }) => [`[\`${kind}\`](#${kind})`, description]),
  );

const each = () =>
  checkKinds
    .map(({ kind, description, entries, example }) => {
      const yaml = `\`\`\`yaml\nsmoke:\n${indented(example)}\n\`\`\``;
      return `### ${kind}\n\n${description}\n\n${yaml}\n\n${keys(entries)}`;
    })
    .join('\n\n');

const indented = (text) =>
  text
    .trim()
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');

/** What stands between the markers of docs/smoke.md. */
export const smokeParts = () => ({
  'smoke-kinds': kinds(),
  'smoke-keys': keys(commonEntries),
  'smoke-each': each(),
});
