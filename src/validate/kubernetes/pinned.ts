import type { Severity } from '../finding.ts';
import type { ImageReference } from './images.ts';

/** Tags that are moved from one image to the next by convention. */
const moving = new Set([
  'latest',
  'stable',
  'edge',
  'nightly',
  'dev',
  'develop',
  'main',
  'master',
  'canary',
  'rolling',
  'snapshot',
]);

/** How firmly an image has to be pinned: by the tag of a version, or by a digest too. */
export type Pin = 'version' | 'digest';

export interface Unpinned {
  readonly message: string;
  readonly severity: Severity;
}

/** What is wrong with how an image is pinned, in the same words wherever it stands; undefined: nothing. */
export function unpinned(text: string, { tag, digest }: ImageReference, wanted: Pin): Unpinned | undefined {
  if (digest !== undefined) return undefined;
  if (tag === undefined) {
    return { message: `"${text}" has no tag, which means latest; write a version`, severity: 'error' };
  }
  if (moving.has(tag.toLowerCase())) {
    return { message: `"${text}" has a tag that moves; write a version`, severity: 'error' };
  }
  return wanted === 'digest'
    ? { message: `"${text}" has no digest, so its tag can be moved; append @sha256:…`, severity: 'warning' }
    : undefined;
}
