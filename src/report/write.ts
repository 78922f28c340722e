import { join } from 'node:path';
import type { Files } from '../platform/files.ts';
import { renderHtml } from './html.ts';
import { serializeRecord } from './json.ts';
import { renderJunit } from './junit.ts';
import type { ReleaseRecord } from './record.ts';
import { renderSummary } from './summary.ts';

/** Where each report was written. */
export interface WrittenReports {
  record: string;
  report: string;
  junit: string;
  summary: string;
}

/**
 * Writes record.json and all that is rendered from it durably under `<folder>/<record.id>/`. The record comes first: should
 * a later write fail, `cutover report` can make the others from it.
 * @throws Error when the record's id is no plain file name
 */
export async function writeReports(request: {
  files: Pick<Files, 'writeDurably'>;
  folder: string;
  record: ReleaseRecord;
}): Promise<WrittenReports> {
  const { files, folder, record } = request;
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(record.id)) {
    throw new Error(`"${record.id}" cannot name a folder of reports`);
  }
  const at = (name: string): string => join(folder, record.id, name);
  const paths = {
    record: at('record.json'),
    report: at('report.html'),
    junit: at('junit.xml'),
    summary: at('summary.md'),
  };
  await files.writeDurably(paths.record, serializeRecord(record));
  await files.writeDurably(paths.report, renderHtml(record));
  await files.writeDurably(paths.junit, renderJunit(record));
  await files.writeDurably(paths.summary, renderSummary(record));
  return paths;
}
