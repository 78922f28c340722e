import { listOf, mappingOf, textOf, valueAt } from '../document.ts';
import { imageReference } from '../kubernetes/images.ts';
import { kustomizations } from '../kubernetes/kustomizations.ts';
import type { Workspace } from '../workspace.ts';

/** What is known about the images that the release builds. */
export interface BuiltImages {
  /** Repositories without tag and digest. */
  readonly repositories: ReadonlySet<string>;
  /** Names that a kustomization replaces by an image. */
  readonly placeholders: ReadonlySet<string>;
  /** A build whose image only shows when it runs; there may be more than those known. */
  readonly unknown: string | undefined;
}

/** Images of components in cutover.yml, of Compose services with `build`, and those that workflows push. */
export function builtImages(workspace: Workspace): BuiltImages {
  const written = [...ofComponents(workspace), ...ofCompose(workspace), ...ofWorkflows(workspace)];
  const unknown = written.find(isExpression);
  const repositories = written
    .filter((text) => !isExpression(text))
    .map((text) => imageReference(repositoryPart(text)).repository);
  const placeholders = kustomizations(workspace)
    .flatMap((kustomization) => listOf(kustomization['images']))
    .flatMap((image) => textOf(mappingOf(image)?.['name']) ?? []);
  return { repositories: new Set(repositories), placeholders: new Set(placeholders), unknown };
}

/** Whether the repository itself, and not only its tag, is filled in when it runs. */
const isExpression = (text: string): boolean => /\$[{(]/.test(repositoryPart(text));

/** `ghcr.io/acme/gateway` of `ghcr.io/acme/gateway:${{ github.sha }}`. */
function repositoryPart(text: string): string {
  const variable = text.search(/:\$[{(]/);
  return variable === -1 ? text : text.slice(0, variable);
}

const ofComponents = ({ release }: Workspace): readonly string[] =>
  Object.values(release?.components ?? {}).flatMap(({ image }) => image ?? []);

const ofCompose = ({ composeFiles }: Workspace): readonly string[] =>
  composeFiles
    .flatMap(({ services }) => Object.values(services))
    .flatMap(({ build, image }) => (build === undefined ? [] : (textOf(image) ?? [])));

function ofWorkflows({ workflows }: Workspace): readonly string[] {
  const steps = workflows.flatMap(({ jobs }) => Object.values(jobs)).flatMap((job) => listOf(job['steps']));
  return steps.flatMap((step) => {
    const uses = textOf(valueAt(step, ['uses'])) ?? '';
    if (uses.startsWith('docker/metadata-action@')) return lines(valueAt(step, ['with', 'images']));
    if (!uses.startsWith('docker/build-push-action@')) return [];
    // Tags of metadata-action are known from its own step.
    return lines(valueAt(step, ['with', 'tags'])).filter((tag) => !/^\$\{\{\s*steps\./.test(tag));
  });
}

const lines = (value: unknown): readonly string[] =>
  (textOf(value) ?? '')
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
