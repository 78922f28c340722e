import type { PackageCall } from '../../dockerfile/packages.ts';
import { atCommand } from '../../dockerfile/report.ts';
import { isShipped, packageCallsOf } from '../../dockerfile/runs.ts';
import type { Rule } from '../../rule.ts';

export const dockerfilePackageVersions: Rule = {
  id: 'dockerfile-package-versions',
  severity: 'notice',
  layer: 'policy',
  title: 'Installed packages have a version',
  why: 'A package without a version is the newest of the day: two builds of one commit differ, and the cause of a regression is in no diff.',
  fix: 'Write the version (`flask==3.1.2`, `pm2@6.0.13`, `nginx=1.28.0-r3`), or install from a lock file (`npm ci`, `pip install --require-hashes -r requirements.txt`).',
  source: 'https://github.com/hadolint/hadolint/wiki/DL3008',
  check(workspace, report) {
    for (const { run, command, call } of packageCallsOf(workspace)) {
      if (call.action !== 'install' || !isShipped(run)) continue;
      const loose = call.packages.map(({ text }) => text).filter((text) => isLoose(call, text));
      if (loose.length === 0) continue;
      const names = [
        ...loose.slice(0, 3).map((name) => `"${name}"`),
        ...(loose.length > 3 ? ['others'] : []),
      ];
      report.find(
        atCommand(run.dockerfile, run, command),
        `${names.join(', ')} ${loose.length === 1 ? 'has' : 'have'} no version`,
      );
    }
  },
};

function isLoose({ tool }: PackageCall, text: string): boolean {
  if (/[$`*/]|\.(?:deb|rpm|whl|tgz)$/.test(text) && !text.startsWith('@')) return false;
  switch (tool) {
    case 'npm':
      return !/.@/.test(text);
    case 'pip':
      // The installer itself is not part of the application.
      return !/[=<>~@]/.test(text) && !/^(?:pip|setuptools|wheel)$/.test(text);
    case 'dnf':
      return !/-\d/.test(text);
    default:
      return !/[=<>~]/.test(text) && !/^(?:ca-certificates|tzdata)$/.test(text);
  }
}
