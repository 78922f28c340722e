import { at } from '../../dockerfile/report.ts';
import { runsOf } from '../../dockerfile/runs.ts';
import { programName } from '../../dockerfile/shell.ts';
import type { Rule } from '../../rule.ts';

export const dockerfileSudo: Rule = {
  id: 'dockerfile-sudo',
  severity: 'warning',
  layer: 'policy',
  title: 'No sudo in the build',
  why: "RUN is root already unless USER says otherwise; sudo in the image is a way from the service's user back to root, and does not pass signals on.",
  fix: 'Remove sudo; do what needs root before USER.',
  source: 'https://github.com/hadolint/hadolint/wiki/DL3004',
  check(workspace, report) {
    for (const run of runsOf(workspace)) {
      for (const { words } of run.commands) {
        const first = words.find(
          ({ text }) => !/^[A-Za-z_]\w*=/.test(text) && !/^(?:if|then|else|do|!|exec|time)$/.test(text),
        );
        if (first && programName(first.text) === 'sudo')
          report.find(
            at(run.dockerfile, run.index, first.index),
            'sudo is used; do what needs root before USER',
          );
      }
    }
  },
};
