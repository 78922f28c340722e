import { entriesOf, meaning } from '../../configuration/entries.ts';
import { entryPath, releaseDocument } from '../../configuration/release-document.ts';
import type { Rule } from '../../rule.ts';

export const configFiles: Rule = {
  id: 'config-files',
  severity: 'error',
  layer: 'configuration',
  title: 'The files under config: are there',
  why: 'A file that was renamed is checked no longer, and nobody is told.',
  fix: 'Write the path of the file relative to cutover.yml; folders such as node_modules, dist and build are not looked into for globs.',
  check(workspace, report) {
    const document = releaseDocument(workspace);
    if (!document) return;
    for (const entry of entriesOf(workspace)) {
      const isMeant = meaning(workspace, entry);
      const isThere =
        workspace.configs.some((config) => isMeant(config.document.file.path)) ||
        // One that cannot be read is told by the readers.
        [...workspace.files.keys()].some(isMeant);
      if (isThere) continue;
      const path = [...entryPath(workspace, entry), 'file'];
      report.find({ document, path }, `the file "${entry.file}" does not exist in the workspace`);
    }
  },
};
