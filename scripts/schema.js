// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${…} is the syntax of variables in cutover.yml

import { readFile, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { toJsonSchema } from '@valibot/to-json-schema';
import { fileSchemaWith } from '../src/config/schema/file.ts';
import { variableDefinition } from '../src/config/schema/leaf.ts';
import { stageSections } from '../src/release/stage-sections.ts';

/** Writes schema/cutover.schema.json, or with --check says whether it is what the source gives. */
const target = new URL('../schema/cutover.schema.json', import.meta.url);

/** A value that is filled in when the file is read, which an editor cannot judge. */
const variable = {
  description:
    'A value with a variable: ${env.NAME}, ${release.version} or ${release.sha}; $${ stands for ${.',
  type: 'string',
  pattern: '\\$\\{',
};

/** The text of schema/cutover.schema.json; the same source gives the same text. */
export function releaseFileSchema() {
  const { $schema, ...schema } = toJsonSchema(fileSchemaWith(stageSections), {
    target: 'draft-07',
    typeMode: 'input',
    ignoreActions: ['raw_check', 'raw_transform', 'transform'],
  });
  const whole = {
    $schema,
    $comment: 'Generated from src/config by `npm run docs`; do not edit.',
    title: 'cutover.yml',
    ...withoutEmptyRequired(schema),
    $defs: { [variableDefinition]: variable },
  };
  return `${JSON.stringify(whole, undefined, 2)}\n`;
}

function withoutEmptyRequired(node) {
  if (Array.isArray(node)) return node.map(withoutEmptyRequired);
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).filter(([key, value]) => key !== 'required' || value.length !== 0);
  return Object.fromEntries(entries.map(([key, value]) => [key, withoutEmptyRequired(value)]));
}

export async function writeSchema() {
  await writeFile(target, releaseFileSchema());
}

async function check() {
  const current = await readFile(target, 'utf8').catch(() => undefined);
  if (current === releaseFileSchema()) return;
  console.error('schema/cutover.schema.json is not what src/config gives; run npm run docs');
  process.exitCode = 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await (process.argv.includes('--check') ? check() : writeSchema());
}
