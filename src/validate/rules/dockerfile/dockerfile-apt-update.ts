import { packageCall } from '../../dockerfile/packages.ts';
import { atCommand } from '../../dockerfile/report.ts';
import { isMounted, type Run, runsOf } from '../../dockerfile/runs.ts';
import type { Reporter, Rule } from '../../rule.ts';

export const dockerfileAptUpdate: Rule = {
  id: 'dockerfile-apt-update',
  severity: 'warning',
  layer: 'policy',
  title: 'apt-get update and install stand in one RUN',
  why: 'A RUN of its own for the update is cached: weeks later the install uses old lists, asks for packages that are gone and fails, or brings versions with known flaws.',
  fix: 'Write `RUN apt-get update && apt-get install -y --no-install-recommends … && rm -rf /var/lib/apt/lists/*`.',
  source: 'https://docs.docker.com/build/building/best-practices/#apt-get',
  check(workspace, report) {
    for (const run of runsOf(workspace)) checkRun(run, report);
  },
};

function checkRun(run: Run, report: Reporter): void {
  const calls = run.commands.flatMap((command) => {
    const call = packageCall(command);
    return call?.tool === 'apt' ? [{ command, call }] : [];
  });
  const install = calls.findIndex(
    ({ call }) =>
      call.action === 'install' && !call.packages.every(({ text }) => /^\.{0,2}\/|\.deb$/.test(text)),
  );
  const update = calls.findIndex(({ call }) => call.action === 'update');
  if (
    install !== -1 &&
    (update === -1 || update > install) &&
    !isMounted(run, '/var/lib/apt/lists') &&
    !runsScript(run)
  ) {
    const command = calls[install]?.command;
    if (command)
      report.find(
        atCommand(run.dockerfile, run, command),
        'packages are installed without apt-get update before it in the same RUN',
      );
  }
  const alone = calls[update];
  if (alone && calls.every(({ call }) => call.action === 'update')) {
    report.find(
      atCommand(run.dockerfile, run, alone.command),
      'apt-get update stands in a RUN without an install; its cached lists grow old',
    );
  }
}

/** A repository's setup script updates the lists itself. */
const runsScript = ({ commands }: Run): boolean =>
  commands.some(({ words }) => words.some(({ text }) => /setup_[\w.]+|\.sh$|^(?:bash|sh)$/.test(text)));
