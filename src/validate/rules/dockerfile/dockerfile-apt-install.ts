import { lastCommand, wordsBehind } from '../../dockerfile/edits.ts';
import { type PackageCall, packageCall } from '../../dockerfile/packages.ts';
import { atCommand } from '../../dockerfile/report.ts';
import { isMounted, isShipped, type Run, runsOf } from '../../dockerfile/runs.ts';
import { editOf } from '../../fix/mapping-edits.ts';
import type { Reporter, Rule } from '../../rule.ts';

export const dockerfileAptInstall: Rule = {
  id: 'dockerfile-apt-install',
  severity: 'warning',
  layer: 'policy',
  title: 'apt-get install asks nothing and leaves nothing behind',
  why: 'Without -y the build stops at a question; recommended packages and package lists make the image larger, slower to pull in a rollback, and add programs that need patches.',
  fix: 'Write `apt-get install -y --no-install-recommends … && rm -rf /var/lib/apt/lists/*` in one RUN.',
  source: 'https://github.com/hadolint/hadolint/wiki/DL3015',
  check(workspace, report) {
    const runs = runsOf(workspace);
    for (const run of runs) checkRun(run, runs, report);
  },
};

function checkRun(run: Run, runs: readonly Run[], report: Reporter): void {
  const shipped = isShipped(run);
  let last: Parameters<typeof atCommand>[2] | undefined;
  for (const command of run.commands) {
    const call = packageCall(command);
    if (call?.tool !== 'apt' || call.action !== 'install') continue;
    last = command;
    const spot = atCommand(run.dockerfile, run, command);
    if (!answersYes(call, run))
      report.find(
        spot,
        `${call.program.text} install asks for confirmation, which nobody gives in a build; add -y`,
        { severity: 'error', ...editOf(wordsBehind(run, command, { word: 'install', add: '-y' })) },
      );
    if (shipped && !leavesOut(call, run))
      report.find(spot, 'recommended packages are installed too; add --no-install-recommends', {
        severity: 'notice',
        ...editOf(wordsBehind(run, command, { word: 'install', add: '--no-install-recommends' })),
      });
  }
  if (last && shipped && !cleansLists(run)) {
    report.find(
      atCommand(run.dockerfile, run, last),
      'the package lists stay in the image; end the RUN with rm -rf /var/lib/apt/lists/*',
      {
        severity: 'notice',
        ...editOf(needsLists(run, runs) ? undefined : lastCommand(run, 'rm -rf /var/lib/apt/lists/*')),
      },
    );
  }
}

/** Whether another RUN installs with lists that it did not load itself. */
const needsLists = (run: Run, runs: readonly Run[]): boolean =>
  runs.some(
    (other) =>
      other.dockerfile === run.dockerfile &&
      other.index !== run.index &&
      actionsOf(other).includes('install') &&
      !actionsOf(other).includes('update'),
  );

const actionsOf = ({ commands }: Run): readonly PackageCall['action'][] =>
  commands.flatMap((command) => {
    const call = packageCall(command);
    return call?.tool === 'apt' ? [call.action] : [];
  });

const answersYes = ({ flags }: PackageCall, run: Run): boolean =>
  flags.some((flag) => /^(?:-[a-z]*y[a-z]*|--yes|--assume-yes|-qq|-q=2|--quiet=2)$/.test(flag)) ||
  flags.some((flag) => /^(?:APT::Get::Assume-Yes|-oAPT::Get::Assume-Yes)/i.test(flag)) ||
  run.commands.some(({ words, after }) => after === '|' && words.some(({ text }) => text.startsWith('apt')));

const leavesOut = ({ flags }: PackageCall, run: Run): boolean =>
  flags.some((flag) =>
    /^(?:--no-install-recommends$|-oAPT::Install-Recommends|APT::Install-Recommends)/i.test(flag),
  ) || run.commands.some(({ words }) => words.some(({ text }) => text.includes('Install-Recommends')));

const cleansLists = (run: Run): boolean =>
  isMounted(run, '/var/lib/apt') ||
  isMounted(run, '/var/lib/apt/lists') ||
  run.commands.some(({ words }) => words.some(({ text }) => text.includes('/var/lib/apt')));
