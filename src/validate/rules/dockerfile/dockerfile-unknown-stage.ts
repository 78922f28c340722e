import { didYouMean } from '../../../config/suggest.ts';
import { baseImage, officialName } from '../../dockerfile/base-images.ts';
import { at } from '../../dockerfile/report.ts';
import { placedInstructions, sourcesOf, stageNamed } from '../../dockerfile/stages.ts';
import { mappingOf, textOf, valueAt } from '../../document.ts';
import { imageReference } from '../../kubernetes/images.ts';
import type { Rule } from '../../rule.ts';
import type { Dockerfile, Workspace } from '../../workspace.ts';

export const dockerfileUnknownStage: Rule = {
  id: 'dockerfile-unknown-stage',
  severity: 'error',
  layer: 'policy',
  title: 'Files are copied from stages that exist',
  why: "A name that is no earlier stage is taken for an image: the build fails, or it copies files from a stranger's image of that name.",
  fix: 'Write the name of an earlier stage behind `--from=`, or an image with its tag: `COPY --from=nginx:1.28 …`.',
  source: 'https://github.com/hadolint/hadolint/wiki/DL3022',
  check(workspace, report) {
    const contexts = contextsOf(workspace);
    for (const dockerfile of workspace.dockerfiles) {
      for (const { instruction, index, stage } of placedInstructions(dockerfile)) {
        const flag = instruction.words.findIndex((word) => /^--(?:from=|mount=(?:.*,)?from=)/.test(word));
        for (const source of sourcesOf(instruction)) {
          const problem = contexts.has(source) ? undefined : problemOf(dockerfile, stage, source);
          if (problem !== undefined) report.find(at(dockerfile, index, Math.max(flag, 0)), problem);
        }
      }
      checkNames(dockerfile, (index, message) => report.find(at(dockerfile, index), message));
    }
  },
};

/** Contexts that Compose gives by name. */
function contextsOf(workspace: Workspace): ReadonlySet<string> {
  return new Set(
    workspace.composeFiles.flatMap(({ services }) =>
      Object.values(services).flatMap((service) => {
        const contexts = valueAt(service, ['build', 'additional_contexts']);
        if (Array.isArray(contexts)) return contexts.map((item) => textOf(item)?.split('=')[0] ?? '');
        return Object.keys(mappingOf(contexts) ?? {});
      }),
    ),
  );
}

function problemOf({ stages }: Dockerfile, current: number, source: string): string | undefined {
  if (source.includes('$')) return undefined;
  if (/^\d+$/.test(source)) {
    return Number(source) < current
      ? undefined
      : `stage ${source} is not an earlier stage; there ${current === 1 ? 'is 1' : `are ${current}`} before this one`;
  }
  if (stageNamed(stages.slice(0, current), source) !== -1) return undefined;
  const later = stageNamed(stages, source);
  if (later === current) return `"${source}" is this stage itself; a stage copies from earlier ones only`;
  if (later !== -1) return `the stage "${source}" comes later; a stage copies from earlier ones only`;
  if (/[/:@.]/.test(source) || baseImage(imageReference(officialName(source)))) return undefined;
  const names = stages.slice(0, current).flatMap(({ name }) => name ?? []);
  return `no earlier stage is called "${source}"${didYouMean(source, names) || ', so an image of that name would be pulled'}`;
}

function checkNames({ stages }: Dockerfile, find: (index: number, message: string) => void): void {
  const seen = new Set<string>();
  for (const { name, instructions } of stages) {
    const key = name?.toLowerCase();
    if (key !== undefined && seen.has(key) && instructions[0] !== undefined)
      find(instructions[0], `another stage is called "${name}" already`);
    if (key !== undefined) seen.add(key);
  }
}
