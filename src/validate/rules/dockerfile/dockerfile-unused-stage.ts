import { at } from '../../dockerfile/report.ts';
import { buildOf } from '../../dockerfile/stages.ts';
import { mappingOf, textOf, valueAt } from '../../document.ts';
import type { Rule } from '../../rule.ts';
import type { Workspace } from '../../workspace.ts';

export const dockerfileUnusedStage: Rule = {
  id: 'dockerfile-unused-stage',
  severity: 'notice',
  layer: 'policy',
  title: 'Every stage is used',
  why: 'BuildKit leaves out a stage that nothing needs: tests or checks that it runs are not run, however green the build is.',
  fix: 'Remove the stage, copy something from it (`COPY --from=test /app/report /report`), or build it by name with `--target`.',
  source: 'https://docs.docker.com/build/building/multi-stage/',
  check(workspace, report) {
    const targets = targetsOf(workspace);
    for (const dockerfile of workspace.dockerfiles) {
      const { needed, final, lineage } = buildOf(dockerfile);
      // Whatever a stage that is built by name needs is used, too.
      const wanted = new Set(
        dockerfile.stages.flatMap(({ name }, i) =>
          name !== undefined && targets.has(name.toLowerCase()) ? lineage(i) : [],
        ),
      );
      dockerfile.stages.forEach(({ name, instructions }, stage) => {
        if (needed.has(stage) || wanted.has(stage) || stage === final) return;
        const from = instructions[0];
        if (from === undefined) return;
        const what = name === undefined ? `stage ${stage}` : `the stage "${name}"`;
        report.find(at(dockerfile, from), `nothing needs ${what}, so a build leaves it out`);
      });
    }
  },
};

/** Stages that Compose files and workflows build by name. */
function targetsOf(workspace: Workspace): ReadonlySet<string> {
  const inCompose = workspace.composeFiles.flatMap(({ services }) =>
    Object.values(services).flatMap((service) => textOf(valueAt(service, ['build', 'target'])) ?? []),
  );
  const inWorkflows = [...workspace.workflows.map(({ document }) => document), ...workspace.actions].flatMap(
    ({ file }) =>
      [...file.text.matchAll(/(?:--target[= ]|\btarget:[ \t]{1,20})["']?([\w.-]{1,100})/g)].map(
        ([, name = '']) => name,
      ),
  );
  const inRelease = Object.values(workspace.release?.components ?? {}).flatMap(
    (component) => textOf(mappingOf(valueAt(component, ['build']))?.['target']) ?? [],
  );
  return new Set([...inCompose, ...inWorkflows, ...inRelease].map((name) => name.toLowerCase()));
}
