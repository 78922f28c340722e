import { at } from '../../dockerfile/report.ts';
import { runsOf } from '../../dockerfile/runs.ts';
import { argumentsOf, programName, programOf } from '../../dockerfile/shell.ts';
import { placedInstructions } from '../../dockerfile/stages.ts';
import type { Rule } from '../../rule.ts';

export const dockerfileWorldWritable: Rule = {
  id: 'dockerfile-world-writable',
  severity: 'warning',
  layer: 'policy',
  title: 'Nothing in the image is writable by everybody',
  why: 'Whoever gets to run code as any user in the container can replace what the service runs next.',
  fix: "Give the files to the service's user, `COPY --chown=10001:10001 …`, with mode 755 or 644; a temporary folder has mode 1777.",
  source: 'https://docs.docker.com/reference/dockerfile/#copy---chown---chmod',
  check(workspace, report) {
    for (const run of runsOf(workspace)) {
      for (const command of run.commands) {
        if (programName(programOf(command) ?? '') !== 'chmod') continue;
        const mode = argumentsOf(command).find(
          ({ text }) => !/^-[a-zA-Z-]+$/.test(text) || /^-[rwxXst]+$/.test(text),
        );
        if (mode && isOpen(mode.text))
          report.find(at(run.dockerfile, run.index, mode.index), `mode ${mode.text} lets everybody write`);
      }
    }
    for (const dockerfile of workspace.dockerfiles) {
      for (const { instruction, index } of placedInstructions(dockerfile)) {
        const mode = instruction.name === 'RUN' ? undefined : instruction.flags['chmod'];
        if (mode === undefined || !isOpen(mode)) continue;
        report.find(
          at(
            dockerfile,
            index,
            instruction.words.findIndex((word) => word.startsWith('--chmod=')),
          ),
          `mode ${mode} lets everybody write`,
        );
      }
    }
  },
};

/** The write bit of others, without the sticky bit of a temporary folder. */
function isOpen(mode: string): boolean {
  if (/^[0-7]{3,4}$/.test(mode)) return /[2367]$/.test(mode) && !(mode.length === 4 && /^[1357]/.test(mode));
  return mode.split(',').some((part) => /^[ugoa]*[oa][ugoa]*[+=][rxXst]*w/.test(part));
}
