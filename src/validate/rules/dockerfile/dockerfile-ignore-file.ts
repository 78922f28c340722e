import { dirname, join } from 'node:path/posix';
import { at } from '../../dockerfile/report.ts';
import { buildOf, placedInstructions, plainWords } from '../../dockerfile/stages.ts';
import type { Rule } from '../../rule.ts';
import type { Workspace } from '../../workspace.ts';

export const dockerfileIgnoreFile: Rule = {
  id: 'dockerfile-ignore-file',
  severity: 'warning',
  layer: 'policy',
  title: 'A whole folder is copied only where a .dockerignore says what stays out',
  why: '`COPY . .` without a .dockerignore puts .git, .env files and local builds into a layer, and every change of any file discards the build cache.',
  fix: 'Write a .dockerignore beside the Dockerfile (at the root of the build context) that names at least .git, .env* and node_modules; or copy only what is needed.',
  source: 'https://docs.docker.com/build/concepts/context/#dockerignore-files',
  check(workspace, report) {
    for (const dockerfile of workspace.dockerfiles) {
      const { lineage, final } = buildOf(dockerfile);
      for (const { instruction, index, stage } of placedInstructions(dockerfile)) {
        if (!['COPY', 'ADD'].includes(instruction.name) || instruction.flags['from'] !== undefined) continue;
        const whole = plainWords(instruction)
          .slice(0, -1)
          .find(({ text }) => /^["']?(?:\.|\.\/|\/|\*)["']?$/.test(text));
        if (!whole || instruction.flags['exclude'] !== undefined) continue;
        // Asked for last: it looks at the disk.
        if (hasIgnoreFile(workspace, dockerfile.document.file.path)) break;
        const severity = lineage(final).includes(stage) ? 'warning' : 'notice';
        report.find(
          at(dockerfile, index, whole.index),
          'the whole build context is copied and there is no .dockerignore; .git and .env files get in',
          { severity },
        );
      }
    }
  },
};

/** Beside the Dockerfile, under its own name, or in a folder above that may be the context. */
function hasIgnoreFile(workspace: Workspace, path: string): boolean {
  if (workspace.exists(`${path}.dockerignore`)) return true;
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (workspace.exists(join(folder, '.dockerignore'))) return true;
    if (folder === '.' || folder === '/') return false;
  }
}
