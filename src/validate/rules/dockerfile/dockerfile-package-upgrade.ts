import { atCommand } from '../../dockerfile/report.ts';
import { packageCallsOf } from '../../dockerfile/runs.ts';
import type { Rule } from '../../rule.ts';

export const dockerfilePackageUpgrade: Rule = {
  id: 'dockerfile-package-upgrade',
  severity: 'warning',
  layer: 'policy',
  title: 'The packages of the base image are not upgraded in the build',
  why: 'An upgrade makes the image depend on the day it was built, so that the same commit and the same pinned base give different programs; the layer doubles what it replaces.',
  fix: 'Raise the version and digest of the base image instead; upgrade a single package by name where a fix cannot wait.',
  source: 'https://github.com/hadolint/hadolint/wiki/DL3005',
  check(workspace, report) {
    for (const { run, command, call } of packageCallsOf(workspace)) {
      if (call.action !== 'upgrade' || call.packages.length > 0) continue;
      if (!['apt', 'apk', 'dnf'].includes(call.tool)) continue;
      report.find(
        atCommand(run.dockerfile, run, command),
        `"${call.program.text} upgrade" makes the image depend on the day of its build; raise the base image instead`,
      );
    }
  },
};
