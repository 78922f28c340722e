import { at } from '../../dockerfile/report.ts';
import { placedInstructions } from '../../dockerfile/stages.ts';
import type { Rule } from '../../rule.ts';

export const dockerfileInstructionOrder: Rule = {
  id: 'dockerfile-instruction-order',
  severity: 'error',
  layer: 'schema',
  title: 'Only ARG stands before the first FROM, and nothing that is gone is used',
  why: 'Anything else before FROM stops the build; MAINTAINER is deprecated since 2017.',
  fix: 'Move the instruction behind FROM; write `LABEL org.opencontainers.image.authors="…"` in place of MAINTAINER.',
  source: 'https://github.com/hadolint/hadolint/wiki/DL3061',
  check(workspace, report) {
    for (const dockerfile of workspace.dockerfiles) {
      for (const { instruction, index, stage } of placedInstructions(dockerfile)) {
        const { name } = instruction;
        if (name === 'MAINTAINER') {
          report.find(
            at(dockerfile, index),
            'MAINTAINER is deprecated; write LABEL org.opencontainers.image.authors',
            { severity: 'notice' },
          );
        } else if (stage === -1 && name !== 'ARG' && dockerfile.stages.length > 0) {
          report.find(
            at(dockerfile, index),
            `${name} stands before the first FROM, where only ARG may stand`,
          );
        }
      }
    }
  },
};
