import { at, atCommand } from '../../dockerfile/report.ts';
import { commandsOf, programOf } from '../../dockerfile/shell.ts';
import { buildOf, inherited, placedInstructions, plainWords, rootBase } from '../../dockerfile/stages.ts';
import type { Rule } from '../../rule.ts';

export const dockerfileWorkdir: Rule = {
  id: 'dockerfile-workdir',
  severity: 'warning',
  layer: 'policy',
  title: 'The working folder is set by an absolute WORKDIR',
  why: 'A relative WORKDIR depends on what the base image has set, which may change with it; a RUN that only changes the folder changes nothing for what follows.',
  fix: 'Write the whole path, `WORKDIR /app`, in place of a relative one and of `RUN cd`.',
  source: 'https://github.com/hadolint/hadolint/wiki/DL3000',
  check(workspace, report) {
    for (const dockerfile of workspace.dockerfiles) {
      const build = buildOf(dockerfile);
      const isSet = new Set<number>();
      for (const placed of placedInstructions(dockerfile)) {
        const { instruction, index, stage } = placed;
        if (instruction.name === 'FROM' && build.lineage(stage).length > 1) {
          if (
            inherited(build, stage).some(
              ({ instruction: { name, text } }) => name === 'WORKDIR' && isAbsolute(text),
            )
          )
            isSet.add(stage);
        }
        if (instruction.name === 'WORKDIR') {
          const isFixed = isSet.has(stage) || rootBase(build, stage)?.kind === 'scratch';
          if (isAbsolute(instruction.text)) isSet.add(stage);
          else if (!isFixed)
            report.find(
              at(dockerfile, index, plainWords(instruction)[0]?.index),
              `"${instruction.text}" is relative to whatever the base image has set; write the whole path`,
            );
        }
        if (instruction.name === 'RUN') {
          const commands = commandsOf(instruction);
          const [only] = commands;
          if (only && commands.length === 1 && programOf(only) === 'cd')
            report.find(
              atCommand(dockerfile, placed, only),
              'this RUN only changes the folder, which ends with it; write WORKDIR',
            );
        }
      }
    }
  },
};

const isAbsolute = (text: string): boolean => /^["']?(?:\/|\$|[A-Za-z]:)/.test(text);
