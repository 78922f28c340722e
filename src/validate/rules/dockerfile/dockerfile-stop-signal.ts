import { at } from '../../dockerfile/report.ts';
import { placedInstructions, plainWords } from '../../dockerfile/stages.ts';
import type { Rule } from '../../rule.ts';

export const dockerfileStopSignal: Rule = {
  id: 'dockerfile-stop-signal',
  severity: 'error',
  layer: 'policy',
  title: 'The stop signal lets the service finish its requests',
  why: 'SIGKILL cannot be caught: each stop, also that of the old colour after a cutover, cuts the requests that are under way.',
  fix: 'Remove STOPSIGNAL (then it is SIGTERM), or name the signal on which the service drains: `STOPSIGNAL SIGQUIT`.',
  source: 'https://docs.docker.com/reference/dockerfile/#stopsignal',
  check(workspace, report) {
    for (const dockerfile of workspace.dockerfiles) {
      for (const { instruction, index } of placedInstructions(dockerfile)) {
        if (instruction.name !== 'STOPSIGNAL') continue;
        const word = plainWords(instruction)[0];
        if (word && /^["']?(?:(?:SIG)?(?:KILL|STOP)|9|19)["']?$/i.test(word.text))
          report.find(
            at(dockerfile, index, word.index),
            `${word.text} cannot be caught, so no request is finished; allowed: a signal on which the service drains, such as SIGTERM`,
          );
      }
    }
  },
};
