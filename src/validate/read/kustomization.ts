import { join } from 'node:path/posix';
import { type Document, listOf, mappingOf, type Path, textOf } from '../document.ts';

/** A file or folder that a kustomization names. */
export interface Reference {
  /** As it is written. */
  text: string;
  /** Relative to the workspace; undefined for what is fetched from elsewhere. */
  path: string | undefined;
  /** Where it stands in the kustomization. */
  at: Path;
  /**
   * resource: objects, or another kustomization; part: what changes objects (a patch, a transformer), never an object by
   * itself; data: the content of a ConfigMap or Secret.
   */
  use: 'resource' | 'part' | 'data';
}

export interface Kustomization {
  document: Document;
  /** Relative to the workspace; empty for its root. */
  folder: string;
  isComponent: boolean;
  /** Whether charts are rendered, which takes Helm and the network. */
  usesHelm: boolean;
  references: readonly Reference[];
}

const lists: Readonly<Record<string, Reference['use']>> = {
  resources: 'resource',
  bases: 'resource',
  components: 'resource',
  crds: 'part',
  configurations: 'part',
  generators: 'part',
  transformers: 'part',
  validators: 'part',
  patchesStrategicMerge: 'part',
};

/** Lists of mappings with a `path`. */
const pathLists = ['patches', 'patchesJson6902', 'replacements'];

/** What the document of a kustomization.yaml says; undefined when it is not a mapping. */
export function kustomizationOf(document: Document, folder: string): Kustomization | undefined {
  const value = mappingOf(document.value);
  if (!value) return undefined;
  const texts: Omit<Reference, 'path'>[] = [
    ...Object.entries(lists).flatMap(([key, use]) => strings(value[key], [key], use)),
    ...pathLists.flatMap((key) =>
      listOf(value[key]).flatMap((item, i) =>
        strings([mappingOf(item)?.['path']], [key, i, 'path'], 'part', 'single'),
      ),
    ),
    ...['configMapGenerator', 'secretGenerator'].flatMap((key) => generated(value[key], key)),
  ];
  return {
    document,
    folder,
    isComponent: value['kind'] === 'Component',
    usesHelm: value['helmCharts'] !== undefined || value['helmChartInflationGenerator'] !== undefined,
    references: texts
      .filter(({ text }) => !text.includes('\n'))
      .map((found) => ({ ...found, path: isRemote(found.text) ? undefined : within(folder, found.text) })),
  };
}

function strings(
  value: unknown,
  at: Path,
  use: Reference['use'],
  form: 'list' | 'single' = 'list',
): Omit<Reference, 'path'>[] {
  return listOf(value).flatMap((item, i) => {
    const text = textOf(item);
    return text === undefined ? [] : [{ text, at: form === 'list' ? [...at, i] : at, use }];
  });
}

/** `files: [key=path]` and `envs: [path]` of ConfigMaps and Secrets that kustomize makes. */
function generated(value: unknown, key: string): Omit<Reference, 'path'>[] {
  return listOf(value).flatMap((item, i) => {
    const mapping = mappingOf(item);
    const files = strings(mapping?.['files'], [key, i, 'files'], 'data').map(({ text, ...rest }) => ({
      ...rest,
      text: text.slice(text.indexOf('=') + 1),
    }));
    const envs = strings(mapping?.['envs'], [key, i, 'envs'], 'data');
    return [...files, ...envs, ...strings([mapping?.['env']], [key, i, 'env'], 'data', 'single')];
  });
}

/** `https://…`, `git@…`, `github.com/owner/name//folder?ref=v1` */
const isRemote = (text: string): boolean =>
  /^[a-z][a-z+]*:\/\/|^[\w.-]+@[\w.-]+:|[?&](?:ref|version)=/i.test(text) ||
  /^(?:www\.)?(?:github|gitlab|bitbucket)\.(?:com|org)[/:]/i.test(text);

const within = (folder: string, text: string): string =>
  join(folder === '' ? '.' : folder, text).replace(/\/$/, '');
