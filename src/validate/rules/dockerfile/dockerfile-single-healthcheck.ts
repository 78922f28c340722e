import { at } from '../../dockerfile/report.ts';
import { placedInstructions } from '../../dockerfile/stages.ts';
import type { Rule } from '../../rule.ts';

export const dockerfileSingleHealthcheck: Rule = {
  id: 'dockerfile-single-healthcheck',
  severity: 'error',
  layer: 'policy',
  title: 'A stage has one HEALTHCHECK at most',
  why: 'Only the last one counts: a check that seems to guard a part of the service is never made.',
  fix: 'Keep one HEALTHCHECK that covers all that must work; remove the others.',
  source: 'https://github.com/hadolint/hadolint/wiki/DL3012',
  check(workspace, report) {
    for (const dockerfile of workspace.dockerfiles) {
      const checks = placedInstructions(dockerfile).filter(
        ({ instruction }) => instruction.name === 'HEALTHCHECK',
      );
      const last = new Map(checks.map(({ stage, index }) => [stage, index]));
      for (const { stage, index } of checks) {
        const winner = last.get(stage) ?? index;
        if (winner === index) continue;
        const { line } = dockerfile.document.position([winner], 'key');
        report.find(
          at(dockerfile, index),
          `this HEALTHCHECK has no effect: the one on line ${line} of the same stage replaces it`,
        );
      }
    }
  },
};
