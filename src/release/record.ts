import type { Environment, Problem, ReleaseFile } from '../config/model.ts';
import type { Platform } from '../platform/platform.ts';
import { worst } from '../platform/verdict.ts';
import type { ReleaseRecord } from '../report/record.ts';
import type { ReleaseOutcome, ReportPaths } from './contract.ts';
import { outputsOf } from './outputs.ts';
import type { Stages } from './stages.ts';

/** `<UTC time>-<6 hex digits>`: tells two runs of one origin apart, and sorts by time. */
export function recordId({ random }: Pick<Platform, 'random'>, startedAt: number): string {
  return `${new Date(startedAt).toISOString().replace(/[-:.]/g, '')}-${random.hex(3)}`;
}

/** What every record says, whatever was run. */
export function recordFor(about: {
  id: string;
  startedAt: number;
  file: Pick<ReleaseFile, 'name' | 'slo'>;
  environment: Pick<Environment, 'name'>;
  target: { kind: string };
  release: ReleaseRecord['release'];
  origin: string;
  stages: Stages;
  clock: Platform['clock'];
}): ReleaseRecord {
  const { errorRate, p99 } = about.file.slo;
  return {
    schema: 'cutover/record/v1',
    id: about.id,
    application: about.file.name,
    environment: about.environment.name,
    target: about.target.kind,
    release: about.release,
    startedAt: new Date(about.startedAt).toISOString(),
    finishedAt: new Date(about.clock.now()).toISOString(),
    verdict: worst(about.stages.records.map((stage) => stage.verdict)),
    slo: { ...(errorRate === undefined ? {} : { errorRate }), ...(p99 === undefined ? {} : { p99Ms: p99 }) },
    stages: about.stages.records,
    origin: about.origin,
  };
}

/** The release file cannot be used; nothing else was done. */
export function unreadable(problems: readonly Problem[]): ReleaseOutcome {
  return { verdict: 'failed', record: undefined, paths: undefined, outputs: { verdict: 'failed' }, problems };
}

/** Writes the reports of a record, where there is a folder for them. */
export async function reported(
  record: ReleaseRecord,
  { files, folder }: { files: Platform['files']; folder: string | undefined },
): Promise<ReleaseOutcome> {
  let paths: ReportPaths | undefined;
  if (folder !== undefined) {
    const { writeReports } = await import('../report/write.ts');
    paths = await writeReports({ files, folder, record });
  }
  return { verdict: record.verdict, record, paths, outputs: outputsOf(record, paths), problems: [] };
}
