import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { formatProblem } from '../../src/config/problems.ts';
import { readReleaseFile } from '../../src/config/read.ts';

const fixtures = new URL('../fixtures/config/', import.meta.url);
const root = new URL('../../', import.meta.url);
const schema: object = JSON.parse(readFileSync(new URL('schema/cutover.schema.json', root), 'utf8'));
const editor = new Ajv({
  strict: true,
  strictTypes: false,
  strictRequired: false,
  allowUnionTypes: true,
}).compile(schema);

const env: Record<string, string> = {
  NAME: 'trading',
  PORT: '8080',
  DRAIN: '5s',
  TARGET: 'local',
  TOKEN: 'hunter2',
};

function texts(folder: 'good' | 'bad'): [name: string, text: string][] {
  const names = readdirSync(new URL(folder, fixtures)).sort();
  return names.map((name) => [name, readFileSync(new URL(`${folder}/${name}`, fixtures), 'utf8')]);
}

function read(text: string) {
  return readReleaseFile(text, { file: 'f', folder: '/app', env: (name) => env[name] });
}

function problemsOf(text: string): string[] {
  const result = read(text);
  return result.ok ? [] : result.problems.map((problem) => formatProblem(problem).replace(/^f:/, ''));
}

describe.each(texts('good'))('good/%s', (_, text) => {
  test('is read without a problem', () => expect(problemsOf(text)).toEqual([]));

  test.each([
    ['CRLF', text.replaceAll('\n', '\r\n')],
    ['a byte order mark', `\ufeff${text}`],
    ['document marks', `---\n${text}...\n`],
  ])('with %s it means the same', (_kind, variant) => expect(read(variant)).toEqual(read(text)));

  test('editors accept it', () => {
    editor(parse(text));
    expect(editor.errors).toBeNull();
  });
});

describe.each(texts('bad'))('bad/%s', (_, text) => {
  const expected = text.split('\n').flatMap((line) => /^ *#! (.*)$/.exec(line)?.slice(1) ?? []);

  test('has exactly the problems that stand in its comments', () => {
    expect(expected.length).toBeGreaterThan(0);
    expect(problemsOf(text)).toEqual(expected);
  });

  test('editors refuse it, where they can', () => {
    expect(editor(parse(text))).toBe(text.startsWith('#? Only the loader'));
  });
});

describe('schema/cutover.schema.json', () => {
  test('is what the source gives', () => {
    const script = fileURLToPath(new URL('scripts/schema.js', root));
    const ran = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
    expect(ran.stderr).toBe('');
    expect(ran.status).toBe(0);
  });

  test('describes every key', () => {
    expect(keysOf(schema).length).toBeGreaterThan(35);
    expect(keysOf(schema).filter(({ description }) => description === undefined)).toEqual([]);
  });
});

interface SchemaNode {
  description?: string;
  properties?: Record<string, SchemaNode>;
  additionalProperties?: SchemaNode | boolean;
}

function keysOf(node: SchemaNode, at = ''): { key: string; description: string | undefined }[] {
  const own = Object.entries(node.properties ?? {});
  const rest =
    typeof node.additionalProperties === 'object' ? [['*', node.additionalProperties] as const] : [];
  return [...own, ...rest].flatMap(([key, child]) => [
    { key: `${at}/${key}`, description: child.description },
    ...keysOf(child, `${at}/${key}`),
  ]);
}
