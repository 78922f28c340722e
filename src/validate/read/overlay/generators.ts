import { basename, join } from 'node:path/posix';
import { listOf, mappingOf, textOf } from '../../document.ts';
import type { Kustomization } from '../kustomization.ts';
import { kindOf, mappingAt, type Resource, resourceOf, Unbuildable } from './resource.ts';

/** Content of a file relative to the workspace; undefined where there is none. */
export type ReadBytes = (path: string) => Uint8Array | undefined;

type Mapping = Readonly<Record<string, unknown>>;

const kinds = { configMapGenerator: 'ConfigMap', secretGenerator: 'Secret' } as const;

/**
 * Adds the ConfigMaps and Secrets of a kustomization's generators, or merges into those that are there. The hash that
 * kustomize puts behind their names is left out: it comes and goes with every reference to them.
 */
export function generate(kustomization: Kustomization, resources: Resource[], read: ReadBytes): void {
  const value = mappingOf(kustomization.document.value) ?? {};
  for (const [key, kind] of Object.entries(kinds)) {
    for (const item of listOf(value[key])) {
      const generator = mappingOf(item);
      const name = textOf(generator?.['name']);
      if (!generator || name === undefined) continue;
      const data = dataOf(generator, kustomization.folder, read);
      const made = { value: objectOf(kind, generator, value['generatorOptions']), data };
      put(made, resources, kustomization.folder);
    }
  }
}

interface Made {
  value: Record<string, unknown>;
  data: ReadonlyMap<string, Uint8Array>;
}

function objectOf(
  kind: 'ConfigMap' | 'Secret',
  generator: Mapping,
  shared: unknown,
): Record<string, unknown> {
  const options = [mappingOf(shared), mappingOf(generator['options'])];
  const metadata: Record<string, unknown> = { name: generator['name'] };
  if (generator['namespace'] !== undefined) metadata['namespace'] = generator['namespace'];
  for (const key of ['labels', 'annotations']) {
    const pairs = options.map((each) => mappingOf(each?.[key])).filter((each) => each !== undefined);
    if (pairs.length > 0) metadata[key] = Object.assign({}, ...pairs);
  }
  const type = kind === 'Secret' ? { type: generator['type'] ?? 'Opaque' } : {};
  const behavior = textOf(generator['behavior']) ?? 'create';
  return { apiVersion: 'v1', kind, metadata, ...type, behavior };
}

function put({ value, data }: Made, resources: Resource[], folder: string): void {
  const { behavior, ...object } = value;
  const made = resourceOf(object, folder);
  const name = made.names[0] ?? '';
  const there = resources.find((each) => kindOf(each) === kindOf(made) && each.names.includes(name));
  if (behavior !== 'create' && !there) throw new Unbuildable(`there is no "${name}" to ${behavior}`);
  const target = behavior === 'create' || !there ? made : there;
  if (behavior === 'replace') for (const part of ['data', 'binaryData']) delete target.value[part];
  for (const [key, bytes] of data) fill(target, key, bytes);
  if (target === made) resources.push(made);
}

function fill(target: Resource, key: string, bytes: Uint8Array): void {
  const text = kindOf(target) === 'Secret' ? undefined : decoded(bytes);
  const part = text === undefined && kindOf(target) !== 'Secret' ? 'binaryData' : 'data';
  mappingAt(target.value, [part])[key] = text ?? Buffer.from(bytes).toString('base64');
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function dataOf(generator: Mapping, folder: string, read: ReadBytes): ReadonlyMap<string, Uint8Array> {
  const bytesOf = (path: string): Uint8Array => {
    const bytes = read(join(folder, path));
    if (!bytes) throw new Unbuildable(`"${path}" cannot be read`);
    return bytes;
  };
  const texts = (key: string) => listOf(generator[key]).flatMap((item) => textOf(item) ?? []);
  const envs = [...texts('envs'), ...[textOf(generator['env'])].filter((path) => path !== undefined)];
  return new Map([
    ...envs.flatMap((path) => linesOf(Buffer.from(bytesOf(path)).toString('utf8'))),
    ...texts('files').map((file) => fileOf(file, bytesOf)),
    ...listOf(generator['literals']).map((literal) => literalOf(String(literal))),
  ]);
}

type Entry = readonly [key: string, bytes: Uint8Array];

/** `key=path`, or a path whose last part is the key. */
function fileOf(file: string, bytesOf: (path: string) => Uint8Array): Entry {
  const at = file.indexOf('=');
  const path = file.slice(at + 1);
  return [at === -1 ? basename(path) : file.slice(0, at), bytesOf(path)];
}

function literalOf(literal: string): Entry {
  const [key, value] = pairOf(literal);
  return [key, Buffer.from(unquoted(value))];
}

/** Lines of `NAME=value`; a name alone takes the value of whoever builds, which is not known here. */
const linesOf = (text: string): readonly Entry[] =>
  text
    .split(/\r?\n/)
    .map((line) => line.trimStart())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => pairOf(line))
    .map(([key, value]) => [key, Buffer.from(value)] as const);

function pairOf(text: string): readonly [key: string, value: string] {
  const at = text.indexOf('=');
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

const unquoted = (text: string): string => /^(["'])(.*)\1$/s.exec(text)?.[2] ?? text;
