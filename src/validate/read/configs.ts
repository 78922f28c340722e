import { join, relative, sep } from 'node:path';
import picomatch from 'picomatch';
import type { ConfigEntry, ReleaseFile } from '../../config/model.ts';
import type { ConfigFile } from '../workspace.ts';
import { formatOf } from './config-files.ts';

/**
 * The files that `config:` of a release file names, relative to the workspace, with how each is written. `paths` are the
 * files of the workspace; a name without globs is taken whether or not it is among them.
 */
export function namedConfigs(
  release: ReleaseFile | undefined,
  root: string,
  paths: readonly string[],
): ReadonlyMap<string, ConfigFile['format']> {
  const found = new Map<string, ConfigFile['format']>();
  for (const entry of release?.config ?? []) {
    const pattern = patternOf(entry, release?.folder ?? root, root);
    if (pattern === undefined) continue;
    const named = isGlob(entry.file) ? paths.filter(matches(pattern)) : [pattern];
    for (const path of named) found.set(path, entry.format ?? found.get(path) ?? formatOf(path));
  }
  return found;
}

/** `file` of an entry relative to the workspace; undefined where the release file is outside of it. */
export function patternOf(entry: ConfigEntry, folder: string, root: string): string | undefined {
  const path = relative(root, join(folder, entry.file)).split(sep).join('/');
  return path.startsWith('../') || path === '..' ? undefined : path;
}

export const isGlob = (file: string): boolean => picomatch.scan(file).isGlob;

/** Whether a path is meant by `file`, which may be a glob. */
export function matches(pattern: string): (path: string) => boolean {
  if (!isGlob(pattern)) return (path) => path === pattern;
  // Its second argument is not for the index that a filter hands on.
  const isMatch = picomatch(pattern, { dot: true });
  return (path) => isMatch(path);
}
