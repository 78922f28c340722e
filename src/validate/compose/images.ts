import { join } from 'node:path/posix';
import { baseImage } from '../dockerfile/base-images.ts';
import { type Contents, contentsOf, contentsOfImage } from '../dockerfile/contents.ts';
import { type Build, buildOf } from '../dockerfile/stages.ts';
import { mappingOf, textOf } from '../document.ts';
import { imageReference } from '../kubernetes/images.ts';
import type { Workspace } from '../workspace.ts';
import { filledIn } from './interpolation.ts';
import { type Mapping, type Project, pathFrom } from './project.ts';

/** The Dockerfile stage that a service's image is built from. */
export interface BuiltFrom {
  readonly build: Build;
  readonly stage: number;
}

/** The stage that a service is built from; undefined: none, or its Dockerfile is not in the workspace. */
export function builtFrom(workspace: Workspace, project: Project, service: Mapping): BuiltFrom | undefined {
  const written = service['build'];
  const options = mappingOf(written);
  const context = textOf(written) ?? (options ? (textOf(options['context']) ?? '.') : undefined);
  const folder = context === undefined ? undefined : pathFrom(project, filledIn(context) ?? '$');
  if (folder === undefined || options?.['dockerfile_inline'] !== undefined) return undefined;
  const path = join(folder, textOf(options?.['dockerfile']) ?? 'Dockerfile');
  const dockerfile = workspace.dockerfiles.find(({ document }) => document.file.path === path);
  if (!dockerfile) return undefined;
  const build = buildOf(dockerfile);
  const target = textOf(options?.['target'])?.toLowerCase();
  const stage =
    target === undefined
      ? build.final
      : dockerfile.stages.findIndex(({ name }) => name?.toLowerCase() === target);
  return stage < 0 ? undefined : { build, stage };
}

/** What is known of the programs that a service's container has. */
export function serviceContents(
  workspace: Workspace,
  project: Project,
  service: Mapping,
): Contents | undefined {
  if (service['build'] !== undefined) {
    const built = builtFrom(workspace, project, service);
    return built && contentsOf(built.build, built.stage);
  }
  const image = filledIn(textOf(service['image']) ?? '$');
  if (image === undefined || image === '') return undefined;
  return contentsOfImage(baseImage(imageReference(image)), image.split('@')[0] ?? image);
}
