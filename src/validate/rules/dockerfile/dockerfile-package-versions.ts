import { type PackageCall, packageCall } from '../../dockerfile/packages.ts';
import { atCommand } from '../../dockerfile/report.ts';
import { runsOf } from '../../dockerfile/runs.ts';
import { buildOf } from '../../dockerfile/stages.ts';
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
    for (const run of runsOf(workspace)) {
      const build = buildOf(run.dockerfile);
      if (!build.lineage(build.final).includes(run.stage)) continue;
      for (const command of run.commands) {
        const call = packageCall(command);
        if (call?.action !== 'install') continue;
        const loose = call.packages.map(({ text }) => text).filter((text) => isLoose(call, text));
        const names = [
          ...loose.slice(0, 3).map((name) => `"${name}"`),
          ...(loose.length > 3 ? ['others'] : []),
        ];
        if (loose.length > 0)
          report.find(
            atCommand(run.dockerfile, run, command),
            `${names.join(', ')} ${loose.length === 1 ? 'has' : 'have'} no version`,
          );
      }
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
