import { didYouMean } from '../../../config/suggest.ts';
import { type BuiltImages, builtImages } from '../../cross-file/built-images.ts';
import { type DeclaredImages, declaredImages } from '../../cross-file/declared-images.ts';
import { namedImages } from '../../cross-file/named-images.ts';
import { textOf } from '../../document.ts';
import { imageReference, isTemplated } from '../../kubernetes/images.ts';
import { applicationPods, spotOf } from '../../kubernetes/workloads.ts';
import type { Reporter, Rule } from '../../rule.ts';
import type { Workspace } from '../../workspace.ts';

export const imageKnown: Rule = {
  id: 'image-known',
  severity: 'error',
  layer: 'cross-file',
  title: 'Images are those that the release builds, or named as external',
  why: 'An image that nothing builds is a misspelling or a leftover: the pods cannot pull it, or they run code of long ago, or of somebody else.',
  fix: 'Write the repository as it is built: `image` of a component in cutover.yml, a Compose service with `build`, or a workflow that pushes it; name those from elsewhere under `validate: external-images`. With either of the two keys of cutover.yml, every image that manifests and Compose files run and that workflows scan or pull has to be one of them. Without, only images under the registry and owner of the own ones are looked at.',
  check(workspace, report) {
    const declared = declaredImages(workspace);
    if (declared) checkDeclared(workspace, declared, report);
    else checkByOwner(workspace, report);
  },
};

function checkDeclared(workspace: Workspace, declared: DeclaredImages, report: Reporter): void {
  for (const { spot, repository, isOpen } of namedImages(workspace)) {
    if (repository === undefined)
      report.skip(spot.document, 'the name of an image is only known when it is filled in');
    else if (declared.isKnown(repository)) continue;
    else if (isOpen)
      report.skip(spot.document, `"${repository}" may be built here under a name that is not written out`);
    else report.find(spot, declared.complaint(repository));
  }
}

/** Nobody said which images come from elsewhere: those of the own owner should not. */
function checkByOwner(workspace: Workspace, report: Reporter): void {
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
}

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
