import { nearest } from '../../config/suggest.ts';
import type { Workspace } from '../workspace.ts';
import { builtImages } from './built-images.ts';
import { matchesName, wholeName } from './image-names.ts';

/** What cutover.yml says about images, so that nothing about them has to be guessed. */
export interface DeclaredImages {
  /** Whether the release builds the repository, or it is named as one from elsewhere. */
  isKnown(repository: string): boolean;
  /** What is said of a repository that is not known: what is allowed, and what may be meant. */
  complaint(repository: string): string;
}

/** So many names are written out in a message. */
const mostNames = 4;

/** Undefined where cutover.yml has neither `image` of a component nor `external-images`. */
export function declaredImages(workspace: Workspace): DeclaredImages | undefined {
  const { release } = workspace;
  const external = release?.validate.externalImages ?? [];
  const isSaid = Object.values(release?.components ?? {}).some(({ image }) => image !== undefined);
  if (!isSaid && external.length === 0) return undefined;
  const built = [...builtImages(workspace).repositories];
  const names = new Set(built.map(wholeName));
  return {
    isKnown: (repository) => {
      const name = wholeName(repository);
      return names.has(name) || external.some((pattern) => matchesName(pattern, name));
    },
    complaint: (repository) =>
      `"${repository}" is neither an image of the release (${shown(built)}) nor an external one (${shown(external)})${meant(repository, [...built, ...external])}`,
  };
}

function shown(names: readonly string[]): string {
  if (names.length === 0) return 'none is known';
  const rest = names.length - mostNames;
  return [...names.slice(0, mostNames), ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
}

/** Compares the last part of the names: owners and hosts are alike in most of them. */
function meant(repository: string, candidates: readonly string[]): string {
  const plain = candidates.filter((name) => !name.includes('*'));
  const near = nearest(lastPart(repository), plain.map(lastPart));
  const found = near === undefined ? undefined : plain.find((name) => lastPart(name) === near);
  return found === undefined ? '' : `, did you mean "${found}"?`;
}

const lastPart = (name: string): string => name.slice(name.lastIndexOf('/') + 1);
