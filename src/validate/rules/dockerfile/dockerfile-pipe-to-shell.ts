import { atCommand } from '../../dockerfile/report.ts';
import { type Run, runsOf } from '../../dockerfile/runs.ts';
import { programName, programOf } from '../../dockerfile/shell.ts';
import { buildOf, inherited } from '../../dockerfile/stages.ts';
import type { Rule } from '../../rule.ts';

export const dockerfilePipeToShell: Rule = {
  id: 'dockerfile-pipe-to-shell',
  severity: 'warning',
  layer: 'policy',
  title: 'What is downloaded is checked before it is run',
  why: 'A script that is piped into a shell is whatever the server sends that day; without pipefail a broken download even counts as a success.',
  fix: 'Download to a file, compare its SHA-256 (`sha256sum -c`) and run it then; or take the program from a pinned image with COPY --from.',
  source: 'https://github.com/hadolint/hadolint/wiki/DL4006',
  check(workspace, report) {
    for (const run of runsOf(workspace)) {
      run.commands.forEach((command, i) => {
        if (!/^(?:curl|wget|aria2c)$/.test(programName(programOf(command) ?? ''))) return;
        // `curl … | tee x | sh`: as far as the pipe goes.
        for (let next = i + 1; run.commands[next]?.after === '|'; next += 1) {
          const target = run.commands[next];
          const program = programName((target && programOf(target)) ?? '');
          if (!/^(?:sh|bash|ash|dash|zsh|python[\d.]*|perl|ruby|node|php)$/.test(program)) continue;
          const more = hasPipefail(run) ? '' : ', and without pipefail a download that fails goes unnoticed';
          report.find(
            atCommand(run.dockerfile, run, command),
            `a download is piped into ${program} unchecked${more}`,
          );
          return;
        }
      });
    }
  },
};

function hasPipefail(run: Run): boolean {
  if (
    run.commands.some(
      ({ words }) => words[0]?.text === 'set' && words.some(({ text }) => text === 'pipefail'),
    )
  )
    return true;
  return inherited(buildOf(run.dockerfile), run.stage)
    .filter(({ index }) => index < run.index)
    .some(({ instruction }) => instruction.name === 'SHELL' && instruction.exec?.includes('pipefail'));
}
