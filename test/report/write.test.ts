import { expect, test } from '@jest/globals';
import { renderHtml } from '../../src/report/html.ts';
import { serializeRecord } from '../../src/report/json.ts';
import { renderJunit } from '../../src/report/junit.ts';
import { renderSummary } from '../../src/report/summary.ts';
import { writeReports } from '../../src/report/write.ts';
import { rollbackRecord } from '../support/records.ts';

function fakeFiles(failing?: string) {
  const written = new Map<string, string>();
  return {
    written,
    writeDurably: async (path: string, content: string | Uint8Array): Promise<void> => {
      if (failing !== undefined && path.endsWith(failing)) throw new Error('disk full');
      written.set(path, String(content));
    },
  };
}

const record = rollbackRecord();
const folder = '/state/reports';

test('every report stands in a folder of the record', async () => {
  const files = fakeFiles();
  const paths = await writeReports({ files, folder, record });
  const at = `${folder}/${record.id}`;
  expect(paths).toEqual({
    record: `${at}/record.json`,
    report: `${at}/report.html`,
    junit: `${at}/junit.xml`,
    summary: `${at}/summary.md`,
  });
  expect(Object.fromEntries(files.written)).toEqual({
    [paths.record]: serializeRecord(record),
    [paths.report]: renderHtml(record),
    [paths.junit]: renderJunit(record),
    [paths.summary]: renderSummary(record),
  });
});

test('the record is there even when a report could not be written', async () => {
  const files = fakeFiles('report.html');
  await expect(writeReports({ files, folder, record })).rejects.toThrow('disk full');
  expect([...files.written.keys()]).toEqual([`${folder}/${record.id}/record.json`]);
});

test.each(['../x', '', '.', '..', 'a/b', 'a\\b', '.hidden', 'x'.repeat(200)])(
  'an id such as %j writes nothing',
  async (id) => {
    const files = fakeFiles();
    await expect(writeReports({ files, folder, record: { ...record, id } })).rejects.toThrow(
      /cannot name a folder/,
    );
    expect(files.written.size).toBe(0);
  },
);
