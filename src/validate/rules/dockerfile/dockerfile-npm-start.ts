import { at } from '../../dockerfile/report.ts';
import { commandsOf, leadingFlags, programName } from '../../dockerfile/shell.ts';
import { placedInstructions } from '../../dockerfile/stages.ts';
import type { Rule } from '../../rule.ts';

export const dockerfileNpmStart: Rule = {
  id: 'dockerfile-npm-start',
  severity: 'warning',
  layer: 'policy',
  title: 'The service is started itself, not by a package manager',
  why: 'npm, yarn and pnpm put themselves and a shell between the container and the service: SIGTERM may not reach it, it does not drain, and the start takes longer.',
  fix: 'Start the program: `CMD ["node", "server.js"]`.',
  source: 'https://github.com/nodejs/docker-node/blob/main/docs/BestPractices.md#cmd',
  check(workspace, report) {
    for (const dockerfile of workspace.dockerfiles) {
      for (const { instruction, index } of placedInstructions(dockerfile)) {
        if (instruction.name !== 'CMD' && instruction.name !== 'ENTRYPOINT') continue;
        for (const { words } of commandsOf(instruction, leadingFlags(instruction))) {
          const program = words.findIndex(
            ({ text }) => !['exec', 'tini', 'dumb-init', '--', '-g'].includes(programName(text)),
          );
          const [tool, verb] = [words[program], words[program + 1]];
          const runs = verb === undefined ? false : /^(?:start|run|run-script|serve|dev)$/.test(verb.text);
          if (tool && /^(?:npm|yarn|pnpm)$/.test(programName(tool.text)) && runs) {
            report.find(
              at(dockerfile, index, tool.index),
              `${programName(tool.text)} stands between the container and the service, and may keep SIGTERM from it; start the program itself`,
            );
          }
        }
      }
    }
  },
};
