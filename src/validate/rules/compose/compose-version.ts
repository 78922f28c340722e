import type { Document } from '../../document.ts';
import type { Edit } from '../../finding.ts';
import { lineWith } from '../../fix/lines.ts';
import { editOf } from '../../fix/mapping-edits.ts';
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
          editOf(removal(document)),
        );
    }
  },
};

/** Takes the line away, and the empty lines behind it where it is the first one. A comment on it stays. */
function removal(document: Document): Edit | undefined {
  const extent = document.extent(['version']);
  const { offset } = document.position(['version'], 'key');
  const line = lineWith(document.file.text, offset);
  const rest = extent && document.file.text.slice(extent.end, line.end);
  // Anything else on the line is none of a mapping with a line for each key.
  if (!extent || offset !== line.start || extent.end > line.end || rest === undefined) return undefined;
  const comment = /^[ \t]*(#.*)?$/.exec(rest.replace(/\r$/, ''));
  if (!comment) return undefined;
  if (comment[1] !== undefined) return { start: line.start, end: extent.end + rest.indexOf('#'), text: '' };
  const isFirst = document.file.text.slice(0, line.start).trim() === '';
  const empty = isFirst
    ? (/^(?:[ \t]*\r?\n)*/.exec(document.file.text.slice(line.next))?.[0].length ?? 0)
    : 0;
  return { start: line.start, end: line.next + empty, text: '' };
}
