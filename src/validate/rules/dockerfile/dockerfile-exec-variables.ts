import { at } from '../../dockerfile/report.ts';
import { isShell, programName } from '../../dockerfile/shell.ts';
import { placedInstructions } from '../../dockerfile/stages.ts';
import type { Rule } from '../../rule.ts';

export const dockerfileExecVariables: Rule = {
  id: 'dockerfile-exec-variables',
  severity: 'error',
  layer: 'policy',
  title: 'Exec form holds no variables that only a shell would fill in',
  why: 'In exec form no shell is involved: the program gets the text `$PORT` itself, and the service does not start, or starts with a wrong setting.',
  fix: 'Let the program read its environment, or write `["sh", "-c", "exec server --port $PORT"]`.',
  source: 'https://docs.docker.com/reference/dockerfile/#shell-and-exec-form',
  check(workspace, report) {
    for (const dockerfile of workspace.dockerfiles) {
      for (const { instruction, index } of placedInstructions(dockerfile)) {
        const { name, exec, words } = instruction;
        if (!exec || !['CMD', 'ENTRYPOINT', 'HEALTHCHECK'].includes(name)) continue;
        // Programs that take a script, or fill in variables themselves.
        if (
          exec.some((word) => isShell(word) || /^(?:-[a-z]*[ce]|--eval)$/.test(word)) ||
          /^(?:powershell|pwsh|cmd|envsubst)/.test(programName(exec[0] ?? ''))
        )
          continue;
        const found = exec.findIndex((word) =>
          /\$(?:\{[A-Z_][A-Z0-9_]*(?::?[-+?][^}]*)?\}|[A-Z_][A-Z0-9_]*$)/.test(word),
        );
        if (found === -1) continue;
        const [, variable = ''] = /\$\{?(\w+)/.exec(exec[found] ?? '') ?? [];
        report.find(
          at(dockerfile, index, words.length - exec.length + found),
          `$${variable} is not filled in here: exec form starts no shell`,
        );
      }
    }
  },
};
