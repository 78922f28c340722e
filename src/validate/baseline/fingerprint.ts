import { hash } from 'node:crypto';
import type { SourceFile } from '../document.ts';
import type { Finding } from '../finding.ts';
import { isConfidential, lineOf } from '../source-line.ts';

/**
 * Names a defect: the same as long as rule, file, path and the text of its line are, whatever else is added or moved. Of
 * paths the indexes of lists are left out, so an item before does not change it; of lines the indentation. Lines that
 * could hold a secret take no part. 16 hexadecimal digits of SHA-256.
 */
export function fingerprintOf(finding: Finding, files: ReadonlyMap<string, SourceFile>): string {
  const source = files.get(finding.file);
  const content =
    source && !isConfidential(finding, source)
      ? lineOf(source, finding.line).trim().replace(/^-\s+/, '').replaceAll(/\s+/g, ' ')
      : '';
  const path = finding.path.replaceAll(/(^|\/)\d+(?=\/|$)/g, '$1#');
  const parts = [finding.rule, finding.file, path, content];
  return hash('sha256', JSON.stringify(parts), 'hex').slice(0, 16);
}
