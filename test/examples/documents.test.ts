import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { formatProblem } from '../../src/config/load.ts';
import { readReleaseFile } from '../../src/config/read.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const text = (file: string) => readFileSync(join(root, file), 'utf8');
const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** A heading's anchor, the way GitHub makes it. */
function anchors(file: string): string[] {
  return [...text(file).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** What is wrong with a link: empty when it leads somewhere. */
function brokenLink(from: string, link: string): string[] {
  const [path = '', anchor] = link.split('#');
  const file = path === '' ? from : join(dirname(from), path);
  if (statSync(join(root, file), { throwIfNoEntry: false }) === undefined) return [`${link}: no such file`];
  if (anchor === undefined || anchors(file).includes(anchor)) return [];
  return [`${link}: no such heading`];
}

describe('links', () => {
  test.each(pages)('%s leads to files and headings that exist', (page) => {
    const links = [...text(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
    const own = links.filter((link) => !/^[a-z]+:/.test(link));
    expect(own.flatMap((link) => brokenLink(page, link))).toEqual([]);
  });

  test('messages in the sources point to pages and headings that exist', () => {
    const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => text(`src/${name}`));
    const links = new Set(
      sources.flatMap((source) =>
        [...source.matchAll(/'(docs\/[\w-]+\.md(?:#[\w-]+)?)'/g)].map(([, link = '']) => link),
      ),
    );
    expect(links.size).toBeGreaterThan(0);
    expect([...links].flatMap((link) => brokenLink('.', link))).toEqual([]);
  });
});

interface Schema {
  $ref?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  default?: unknown;
}

/** Every key of cutover.yml with its default, as the generated schema has them. */
function keysOf(schema: Schema): { key: string; fallback: unknown }[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, value]) => [
    { key, fallback: value.default },
    ...keysOf(value),
  ]);
  const { additionalProperties: inner } = schema;
  return typeof inner === 'object' ? [...own, ...keysOf(inner)] : own;
}

describe('docs/configuration.md', () => {
  const rows = text('docs/configuration.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim()));

  test('has every key of the schema, and its default', () => {
    const keys = keysOf(JSON.parse(text('schema/cutover.schema.json')) as Schema);
    expect(keys.length).toBeGreaterThan(35);
    const missing = keys.filter(({ key, fallback }) => {
      const written = typeof fallback === 'object' || fallback === undefined ? undefined : `\`${fallback}\``;
      return !rows.some(
        ([, name = '', allowed]) =>
          name.split(/[`.]/).includes(key) && (written === undefined || allowed === written),
      );
    });
    expect(missing).toEqual([]);
  });
});

describe('examples of cutover.yml', () => {
  // The rules' page is generated and shows what is wrong.
  const inPages = pages
    .filter((page) => page !== 'docs/rules.md')
    .flatMap((page) =>
      [...text(page).matchAll(/```yaml\n([\s\S]*?)```/g)]
        .map(([, yaml = '']) => yaml)
        .filter((yaml) => /^components:/m.test(yaml))
        .map((yaml) => [page, yaml] as const),
    );
  const examples = [
    ...inPages,
    ['examples/trading/cutover.yml', text('examples/trading/cutover.yml')] as const,
  ];

  test('there are some', () => {
    expect(inPages.length).toBeGreaterThanOrEqual(2);
  });

  test.each(examples)('the one in %s has no problem', (file, yaml) => {
    const read = readReleaseFile(yaml, { file, folder: '/app', env: () => undefined });
    expect(read.ok ? [] : read.problems.map(formatProblem)).toEqual([]);
  });
});
