import { listOf, mappingOf, textOf, valueAt } from '../document.ts';
import type { Workspace } from '../workspace.ts';
import { kustomizations } from './kustomizations.ts';

/** An image reference in its parts: `registry:5000/team/app:1.2@sha256:…`. */
export interface ImageReference {
  /** With the registry, without tag and digest. */
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/** By the grammar of https://pkg.go.dev/github.com/distribution/reference; a colon before a slash belongs to a port. */
export function imageReference(text: string): ImageReference {
  const at = text.indexOf('@');
  const digest = at === -1 ? undefined : text.slice(at + 1);
  const rest = at === -1 ? text : text.slice(0, at);
  const colon = rest.lastIndexOf(':');
  if (colon <= rest.lastIndexOf('/')) return { repository: rest, tag: undefined, digest };
  return { repository: rest.slice(0, colon), tag: rest.slice(colon + 1), digest };
}

/** Whether a tool fills the reference in: `${IMAGE}`, `{{ .image }}`, `$(IMAGE)`, `<image>`. */
export const isTemplated = (text: string): boolean => /\$[({]|\{\{|^\$|^</.test(text);

const cache = new WeakMap<Workspace, ReadonlySet<string>>();

/**
 * Repositories whose tag or digest comes from elsewhere: images that a Kustomization replaces, and artifacts that Skaffold
 * builds.
 */
export function suppliedImages(workspace: Workspace): ReadonlySet<string> {
  const known = cache.get(workspace);
  if (known) return known;
  const replaced = kustomizations(workspace)
    .flatMap((kustomization) => listOf(kustomization['images']))
    .flatMap((item) => {
      const image = mappingOf(item);
      const isSet = image?.['newTag'] !== undefined || image?.['digest'] !== undefined;
      return isSet ? (textOf(image?.['name']) ?? []) : [];
    });
  const built = workspace.manifests
    .filter(({ apiVersion }) => apiVersion.startsWith('skaffold/'))
    .flatMap(({ value }) => listOf(valueAt(value, ['build', 'artifacts'])))
    .flatMap((item) => textOf(valueAt(item, ['image'])) ?? []);
  const found = new Set([...built, ...replaced]);
  cache.set(workspace, found);
  return found;
}

/** Production, or an environment that was not named. */
export const isProduction = (workspace: Workspace): boolean =>
  workspace.environment === undefined || /^(?:prod|live)/i.test(workspace.environment);
