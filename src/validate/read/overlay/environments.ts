import { isFolderOf } from '../../environments.ts';

/**
 * The environment of each overlay, by its folder, where that can be told: a part of its path is called like an
 * environment, and an overlay beside it is called like another one (`overlays/staging`, `overlays/production`).
 */
export function overlayEnvironments(
  folders: readonly string[],
  environments: readonly string[],
): ReadonlyMap<string, string> {
  const places = folders.flatMap((folder) => placesIn(folder, environments));
  const siblings = new Map<string, Set<string>>();
  for (const { beside, environment } of places)
    siblings.set(beside, (siblings.get(beside) ?? new Set()).add(environment));
  const found = new Map<string, string>();
  for (const { folder, beside, environment } of places) {
    if ((siblings.get(beside)?.size ?? 0) > 1 && !found.has(folder)) found.set(folder, environment);
  }
  return found;
}

interface Place {
  folder: string;
  /** The path with the environment's part left open, which overlays beside it share. */
  beside: string;
  environment: string;
}

function placesIn(folder: string, environments: readonly string[]): readonly Place[] {
  const parts = folder.split('/');
  return parts.flatMap((part, index) => {
    const environment = environments.find((name) => isFolderOf(part, name));
    const beside = parts.with(index, '*').join('/');
    return environment === undefined ? [] : [{ folder, beside, environment }];
  });
}
