import { contentsOf } from '../../dockerfile/contents.ts';
import { execFormEdit } from '../../dockerfile/edits.ts';
import { at } from '../../dockerfile/report.ts';
import { isShell, leadingFlags, scriptOf } from '../../dockerfile/shell.ts';
import { buildOf, type Placed, placedInstructions } from '../../dockerfile/stages.ts';
import { editOf } from '../../fix/mapping-edits.ts';
import type { Reporter, Rule } from '../../rule.ts';
import type { Dockerfile } from '../../workspace.ts';

export const dockerfileExecForm: Rule = {
  id: 'dockerfile-exec-form',
  severity: 'warning',
  layer: 'policy',
  title: 'CMD and ENTRYPOINT are in exec form',
  why: 'In shell form a shell is process 1 and may keep SIGTERM to itself: the service never drains, and every cutover and every scale-down ends with a kill after the grace period.',
  fix: 'Write a JSON array, `CMD ["node", "server.js"]`; where a shell is needed, end its script with `exec`: `CMD ["sh", "-c", "exec server --port $PORT"]`.',
  source: 'https://github.com/hadolint/hadolint/wiki/DL3025',
  check(workspace, report) {
    for (const dockerfile of workspace.dockerfiles) {
      for (const placed of placedInstructions(dockerfile)) {
        if (placed.instruction.name === 'CMD' || placed.instruction.name === 'ENTRYPOINT')
          checkCommand(dockerfile, placed, report);
      }
    }
  },
};

function checkCommand(dockerfile: Dockerfile, placed: Placed, report: Reporter): void {
  const { instruction, index, stage } = placed;
  const { name, exec, words, text } = instruction;
  const first = leadingFlags(instruction);
  if (exec) {
    const from = words.length - exec.length;
    const script = scriptOf(exec.map((word, i) => ({ text: word, index: from + i })));
    if (script && startsChild(script.text)) {
      report.find(
        at(dockerfile, index, script.index),
        `the shell of ${name} stays process 1 and may not pass SIGTERM on; begin the last command with exec`,
      );
    }
    return;
  }
  if (/^\[/.test(text)) {
    report.find(
      at(dockerfile, index, first),
      `${name} looks like exec form but is not a JSON array of strings in double quotes, so a shell runs it as it is`,
      { severity: 'error' },
    );
  } else if (words.length > 0 && startsChild(text) && !isWindows(dockerfile, stage)) {
    report.find(
      at(dockerfile, index, first),
      `${name} is in shell form, so a shell is process 1 and may not pass SIGTERM on; write a JSON array`,
      editOf(execFormEdit(dockerfile, placed)),
    );
  }
}

/** Whether a script leaves the program a child of the shell. */
const startsChild = (script: string): boolean =>
  !/(?:^|[;&|\n]\s*|\s)exec\s/.test(script) && !isShell(script.trim());

function isWindows(dockerfile: Dockerfile, stage: number): boolean {
  return /^(?:powershell|pwsh|cmd)/i.test(contentsOf(buildOf(dockerfile), stage).shell);
}
