import type { WorkspaceFiles } from '../../../platform/workspace-files.ts';
import type { Document } from '../../document.ts';
import { readJson } from '../json.ts';
import { type Kustomization, kustomizationOf } from '../kustomization.ts';
import { mostBytes, readSource } from '../source.ts';
import { readYaml } from '../yaml.ts';
import type { OverlaySource } from './build.ts';

/** What was read already; the rest is read when an overlay needs it. */
export interface KnownParts {
  readonly files: WorkspaceFiles;
  readonly byFolder: ReadonlyMap<string, Kustomization>;
  readonly documents: ReadonlyMap<string, readonly Document[]>;
}

const names = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** The parts of overlays, from what was read and from the workspace's files. */
export function overlaySource({ files, byFolder, documents }: KnownParts): OverlaySource {
  const documentsOf = (path: string): readonly Document[] | undefined => {
    const known = documents.get(path);
    if (known) return known;
    const read = readSource(files, path);
    if (!read || 'problem' in read) return undefined;
    return (path.endsWith('.json') ? readJson : readYaml)(read.file).documents;
  };
  const unread = (folder: string): Kustomization | undefined => {
    const path = names
      .map((name) => (folder === '.' ? name : `${folder}/${name}`))
      .find((each) => files.exists(each));
    const document = path === undefined ? undefined : documentsOf(path)?.[0];
    return document && kustomizationOf(document, folder === '.' ? '' : folder);
  };
  return {
    kustomization: (folder) => byFolder.get(folder) ?? unread(folder),
    values: (path) => documentsOf(path)?.map(({ value }) => value),
    bytes: (path) => ((files.size(path) ?? 0) > mostBytes ? undefined : files.read(path)),
  };
}
