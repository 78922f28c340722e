import { filledIn } from '../compose/interpolation.ts';
import { inService, projectsOf, servicesOf } from '../compose/project.ts';
import { listOf, textOf, valueAt } from '../document.ts';
import { imageReference, isTemplated } from '../kubernetes/images.ts';
import { kustomizationDocuments } from '../kubernetes/kustomizations.ts';
import { applicationPods, spotOf } from '../kubernetes/workloads.ts';
import type { Spot } from '../rule.ts';
import { imagesOf, isUnresolved } from '../workflows/images.ts';
import { at, workflowsOf } from '../workflows/model.ts';
import type { Workspace } from '../workspace.ts';

/** An image that something of the release pulls, where it is written. */
export interface NamedImage {
  readonly spot: Spot;
  /** Without tag and digest; undefined: a tool fills it in. */
  readonly repository: string | undefined;
  /** Whether something beside it builds images whose names are not written out: it may be one of them. */
  readonly isOpen?: boolean;
}

/** Every image that manifests, kustomizations and Compose files run, and that workflows scan or pull. */
export const namedImages = (workspace: Workspace): readonly NamedImage[] => [
  ...inManifests(workspace),
  ...inKustomizations(workspace),
  ...inCompose(workspace),
  ...inWorkflows(workspace),
];

/** What a kustomization replaces, and by what, is told there. */
function inManifests(workspace: Workspace): readonly NamedImage[] {
  const replaced = new Set(
    renamings(workspace).flatMap(({ name, newName }) => [name, imageReference(newName).repository]),
  );
  return applicationPods(workspace).flatMap(({ manifest, containers }) =>
    containers.flatMap((container) => {
      const image = textOf(container.value['image']);
      const named = image === undefined ? undefined : repositoryOf(image);
      if (image === undefined || (named !== undefined && replaced.has(named))) return [];
      return [{ spot: spotOf(manifest, [...container.path, 'image']), repository: named }];
    }),
  );
}

const repositoryOf = (image: string): string | undefined =>
  isTemplated(image) ? undefined : imageReference(image).repository;

interface Renaming {
  readonly spot: Spot;
  readonly name: string;
  readonly newName: string;
}

function renamings(workspace: Workspace): readonly Renaming[] {
  return kustomizationDocuments(workspace).flatMap((document) =>
    listOf(valueAt(document.value, ['images'])).flatMap((item, index) => {
      const newName = textOf(valueAt(item, ['newName']));
      const name = textOf(valueAt(item, ['name'])) ?? '';
      const spot = { document, path: ['images', index, 'newName'] };
      return newName === undefined ? [] : [{ spot, name, newName }];
    }),
  );
}

const inKustomizations = (workspace: Workspace): readonly NamedImage[] =>
  renamings(workspace).map(({ spot, newName }) => ({ spot, repository: repositoryOf(newName) }));

/** The image of a service with `build` is a name for what is built. */
function inCompose(workspace: Workspace): readonly NamedImage[] {
  return projectsOf(workspace).flatMap((project) =>
    servicesOf(project).flatMap(([name, service]) => {
      const image = textOf(service['image']);
      const isBuilt = service['build'] !== undefined || project.service(name)?.['build'] !== undefined;
      if (image === undefined || isBuilt) return [];
      return [{ spot: inService(project, name, 'image'), repository: composeRepository(image) }];
    }),
  );
}

/** The tag may be a variable without a default, the repository may not. */
function composeRepository(image: string): string | undefined {
  const text = filledIn(image) ?? image.replace(/:\$(?:\{[^{}]*\}|\w+)$/, '');
  return text === '' ? undefined : repositoryOf(text);
}

/** What a workflow builds under a name of its own may be scanned under it. */
function inWorkflows(workspace: Workspace): readonly NamedImage[] {
  return workflowsOf(workspace).flatMap((workflow) => {
    const { built, scanned, pulled, isOpaque } = imagesOf(workflow);
    const own = built.map(({ image }) => workflowRepository(image));
    const isOpen = isOpaque || own.includes(undefined);
    return [...scanned, ...pulled].flatMap(({ image, path }) => {
      const repository = workflowRepository(image);
      if (repository !== undefined && own.includes(repository)) return [];
      return [{ spot: at(workflow, path), repository, isOpen }];
    });
  });
}

/** `ghcr.io/acme/gateway` of `ghcr.io/acme/gateway:${{ github.sha }}`; the tag may be filled in when it runs. */
function workflowRepository(image: string): string | undefined {
  const text = image.replace(/[:@](?:\$\{\{[^}]*\}\}|\$\w+|\$\{\w+\})$/, '');
  return isUnresolved(text) ? undefined : imageReference(text).repository;
}
