import { dirname, join, resolve } from 'node:path';
import { UserError } from '../platform/errors.ts';
import type { Files } from '../platform/files.ts';
import type { Platform } from '../platform/platform.ts';
import type { Options } from './arguments.ts';
import { type Output, styleOf } from './output.ts';

/** `report`: renders the reports of a record again. @returns the exit code */
export async function report(
  { options, operand }: { options: Options; operand: string | undefined },
  platform: Platform,
  output: Output,
): Promise<number> {
  const path = operand === undefined ? await newestRecord(options, platform.files) : resolve(operand);
  const text = await platform.files.readText(path);
  if (text === undefined) throw new UserError(`there is no record at ${path}`, { next: 'cutover report' });
  const { parseRecord } = await import('../report/parse.ts');
  const { writeReports } = await import('../report/write.ts');
  const { renderText } = await import('../report/text.ts');
  const record = parseRecord(text, path);
  // Without a folder of its own a record's reports stand beside it: <folder>/<id>/record.json.
  const folder = options.reportFolder === undefined ? dirname(dirname(path)) : resolve(options.reportFolder);
  const paths = await writeReports({ files: platform.files, folder, record });
  output.terminal.close();
  if (output.format === 'json') output.json({ verdict: record.verdict, ...paths });
  else output.terminal.print(`${renderText(record, styleOf(output.terminal))}\nreport: ${paths.report}\n`);
  return 0;
}

/** The record that was written last; their folders begin with the time. @throws UserError when there is none */
export async function newestRecord(
  { file, stateFolder, environment, reportFolder }: Options,
  files: Pick<Files, 'list' | 'exists'>,
): Promise<string> {
  const base = resolve(stateFolder ?? join(dirname(file), '.cutover'));
  const environments = environment === undefined ? await files.list(base) : [environment];
  const folders =
    reportFolder === undefined
      ? environments.map((name) => join(base, name, 'reports'))
      : [resolve(reportFolder)];
  const found = await Promise.all(folders.map(async (folder) => recordsIn(folder, files)));
  const newest = found.flat().sort(byName).at(-1);
  if (newest) return newest.path;
  throw new UserError(`there is no record in ${folders.join(', ') || base}`, {
    next: 'cutover report <record.json>',
  });
}

interface Named {
  id: string;
  path: string;
}

const byName = (a: Named, b: Named) => (a.id < b.id ? -1 : 1);

async function recordsIn(folder: string, files: Pick<Files, 'list' | 'exists'>): Promise<Named[]> {
  const all = (await files.list(folder)).map((id) => ({ id, path: join(folder, id, 'record.json') }));
  const present = await Promise.all(all.map(({ path }) => files.exists(path)));
  return all.filter((_, index) => present[index]);
}
