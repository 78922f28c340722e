import type { Rule } from '../../rule.ts';

export const composeVersion: Rule = {
  id: 'compose-version',
  severity: 'notice',
  layer: 'schema',
  title: 'Compose files have no version key',
  why: 'Compose ignores it and warns at every call; it suggests a format that is no longer told apart.',
  fix: 'Remove the line `version: …`.',
  source: 'https://docs.docker.com/reference/compose-file/version-and-name/',
  check(workspace, report) {
    for (const { document, value } of workspace.composeFiles) {
      if (value['version'] !== undefined)
        report.find(
          { document, path: ['version'], part: 'key' },
          'version is obsolete and ignored; remove it',
        );
    }
  },
};
