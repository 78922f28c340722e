import { at } from '../../dockerfile/report.ts';
import { placedInstructions } from '../../dockerfile/stages.ts';
import type { Rule } from '../../rule.ts';

export const dockerfileSingleCommand: Rule = {
  id: 'dockerfile-single-command',
  severity: 'error',
  layer: 'policy',
  title: 'A stage has one CMD and one ENTRYPOINT',
  why: 'Only the last one counts; an earlier one looks as if it started something that never starts.',
  fix: 'Remove all but the last CMD and the last ENTRYPOINT of the stage; start several programs with a process supervisor or in containers of their own.',
  source: 'https://github.com/hadolint/hadolint/wiki/DL4003',
  check(workspace, report) {
    for (const dockerfile of workspace.dockerfiles) {
      const last = new Map<string, number>();
      const placed = placedInstructions(dockerfile).filter(
        ({ instruction: { name } }) => name === 'CMD' || name === 'ENTRYPOINT',
      );
      for (const { instruction, stage, index } of placed) last.set(`${instruction.name} ${stage}`, index);
      for (const { instruction, stage, index } of placed) {
        const winner = last.get(`${instruction.name} ${stage}`);
        if (winner === index || winner === undefined) continue;
        const { line } = dockerfile.document.position([winner], 'key');
        report.find(
          at(dockerfile, index),
          `this ${instruction.name} has no effect: the one on line ${line} of the same stage replaces it`,
        );
      }
    }
  },
};
