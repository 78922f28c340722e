import { at } from '../../dockerfile/report.ts';
import { placedInstructions, plainWords } from '../../dockerfile/stages.ts';
import type { Edit } from '../../finding.ts';
import type { Rule } from '../../rule.ts';
import type { Dockerfile } from '../../workspace.ts';

const archive = /\.(?:tar|tar\.(?:gz|xz|bz2|zst|lz)|tgz|txz|tbz2?)$/i;

export const dockerfileCopyOverAdd: Rule = {
  id: 'dockerfile-copy-over-add',
  severity: 'warning',
  layer: 'policy',
  title: 'Plain files are copied with COPY, remote ones checked',
  why: 'ADD unpacks archives and loads URLs without being asked: what comes from the network changes from build to build, and an archive overwrites what its author likes.',
  fix: 'Write COPY for files of the context; for a URL write `ADD --checksum=sha256:… https://…`.',
  source: 'https://github.com/hadolint/hadolint/wiki/DL3020',
  check(workspace, report) {
    for (const dockerfile of workspace.dockerfiles) {
      for (const { instruction, index } of placedInstructions(dockerfile)) {
        if (instruction.name !== 'ADD') continue;
        const sources = plainWords(instruction).slice(0, -1);
        const remote = sources.find(({ text }) => /^["']?(?:https?|ftp):\/\//i.test(text));
        if (remote) {
          const isChecked = instruction.flags['checksum'] !== undefined || /\.git(?:#|$)/.test(remote.text);
          if (!isChecked)
            report.find(
              at(dockerfile, index, remote.index),
              'a file from the network is added without a checksum; add --checksum=sha256:…',
            );
          continue;
        }
        const isPlain = sources.every(
          ({ text }) => !archive.test(text) && !/[$*]|^git@|\.git(?:#|$)/.test(text),
        );
        if (!isPlain || sources.length === 0) continue;
        const edit = copyEdit(dockerfile, index);
        report.find(at(dockerfile, index), 'ADD is used for plain files; write COPY', edit ? { edit } : {});
      }
    }
  },
};

/** Puts COPY where ADD stands. COPY has no --checksum and no --keep-git-dir. */
function copyEdit({ document, instructions }: Dockerfile, index: number): Edit | undefined {
  const start = document.extent([index])?.start;
  const flags = Object.keys(instructions[index]?.flags ?? {});
  if (start === undefined || flags.some((flag) => flag === 'checksum' || flag === 'keep-git-dir'))
    return undefined;
  return { start, end: start + 'ADD'.length, text: 'COPY' };
}
