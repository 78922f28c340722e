import { didYouMean } from '../../../config/suggest.ts';
import { type BuiltImages, builtImages } from '../../cross-file/built-images.ts';
import { textOf } from '../../document.ts';
import { imageReference, isTemplated } from '../../kubernetes/images.ts';
import { applicationPods, spotOf } from '../../kubernetes/workloads.ts';
import type { Rule } from '../../rule.ts';

export const imageKnown: Rule = {
  id: 'image-known',
  severity: 'error',
  layer: 'cross-file',
  title: 'Images in manifests are those that the release builds',
  why: 'An image under the own registry name that nothing builds is a misspelling or a leftover: the pods cannot pull it, or they run code of long ago.',
  fix: 'Write the repository as it is built in cutover.yml, in a Compose file with `build`, or in a workflow that pushes it. Images from elsewhere, such as databases, are left alone.',
  check(workspace, report) {
    const built = builtImages(workspace);
    const first = workspace.manifests[0];
    if (built.repositories.size === 0 || built.unknown !== undefined) {
      const reason =
        built.unknown === undefined
          ? 'nothing in the workspace says which images the release builds'
          : `the image ${built.unknown} is only known when it is built`;
      if (first) report.skip(first.document, reason);
      return;
    }
    const owners = new Set([...built.repositories].flatMap((repository) => ownerOf(repository) ?? []));
    for (const { manifest, containers } of applicationPods(workspace)) {
      for (const container of containers) {
        const image = textOf(container.value['image']);
        if (image === undefined || isTemplated(image) || !isUnknown(image, built, owners)) continue;
        const { repository } = imageReference(image);
        const meant = guess(repository, built);
        const message = `"${repository}" is not among the images that the release builds${meant}`;
        // Another repository of the same owner may build it; a near name is a slip.
        const severity = meant === '' ? 'warning' : 'error';
        report.find(spotOf(manifest, [...container.path, 'image']), message, { severity });
      }
    }
  },
};

/** Another image of the registry's folder that the own images are in. */
function isUnknown(image: string, built: BuiltImages, owners: ReadonlySet<string>): boolean {
  const { repository } = imageReference(image);
  if (built.repositories.has(repository) || built.placeholders.has(repository)) return false;
  const owner = ownerOf(repository);
  return owner !== undefined && owners.has(owner);
}

/** `ghcr.io/acme` of `ghcr.io/acme/gateway`; undefined for a name without a folder. */
function ownerOf(repository: string): string | undefined {
  const slash = repository.lastIndexOf('/');
  return slash === -1 ? undefined : repository.slice(0, slash);
}

/** Compares the last part of the names, as what comes before is the same in all. */
function guess(repository: string, { repositories }: BuiltImages): string {
  const owner = `${ownerOf(repository)}/`;
  const names = [...repositories]
    .filter((one) => one.startsWith(owner))
    .map((one) => one.slice(owner.length));
  return didYouMean(repository.slice(owner.length), names);
}
