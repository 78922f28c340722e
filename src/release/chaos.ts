import { join, resolve } from 'node:path';
import { type Experiment, experimentsOf } from '../chaos/schema.ts';
import { revertStale } from '../chaos/stale.ts';
import type { Problem, ReleaseFile } from '../config/model.ts';
import { didYouMean } from '../config/suggest.ts';
import { UsageError } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import type { ChaosEvidence } from '../report/proof.ts';
import type { ReleaseRef } from '../targets/target.ts';
import type { ChaosStageRequest, ReleaseOutcome } from './contract.ts';
import { type OpenEnvironment, openEnvironment } from './environment.ts';
import { runExperiments } from './experiments.ts';
import { recordFor, recordId, reported } from './record.ts';
import { readReleaseFile } from './release-file.ts';
import { Stages } from './stages.ts';
import { JournalFile, runToolkitFile, toolkitOf } from './toolkit.ts';

interface Run extends OpenEnvironment {
  request: ChaosStageRequest;
  platform: Platform;
  signal: AbortSignal;
  id: string;
  startedAt: number;
  file: ReleaseFile;
}

/**
 * The stage chaos alone, with a record of its own; `plan` and `revert` write none.
 * @throws UserError when it cannot start (no such environment or experiment, faults of another run are active)
 */
export async function runChaosStage(
  request: ChaosStageRequest,
  platform: Platform,
  signal: AbortSignal,
): Promise<ReleaseOutcome> {
  const startedAt = platform.clock.now();
  const read = await readReleaseFile(request, platform);
  if (!read.ok) return refused(read.problems);
  const opened = await openEnvironment(read.file, request, platform);
  const id = recordId(platform, startedAt);
  const run: Run = { request, platform, signal, id, startedAt, file: read.file, ...opened };
  try {
    return request.mode === 'revert' ? await revert(run) : await experiment(run);
  } finally {
    await opened.target.close();
  }
}

const refused = (problems: readonly Problem[]): ReleaseOutcome => ({
  verdict: 'failed',
  record: undefined,
  paths: undefined,
  outputs: { verdict: 'failed' },
  problems,
});

/** Ends every fault that is there. @throws UserError when one is left, or its run is alive */
async function revert({ request, id, target, platform, signal }: Run): Promise<ReleaseOutcome> {
  const holder = `${request.origin}, run ${id}`;
  const ended = await revertStale({ target, clock: platform.clock, token: undefined, holder, signal });
  const told = ended.map(({ what, outcome, detail }) => `${what}: ${outcome}, ${detail}`);
  const reason = told.length === 0 ? 'no fault was left' : told.join('; ');
  const outputs = { verdict: 'passed', reason };
  return { verdict: 'passed', record: undefined, paths: undefined, outputs, problems: [] };
}

async function experiment(run: Run): Promise<ReleaseOutcome> {
  const { request, platform, signal, target, environment, stateFolder } = run;
  const release = await liveRelease(run);
  const file = await fileOf(run, release);
  const toolkit = await toolkitOf(request, { file, target, platform });
  if (toolkit && !toolkit.ok) return refused(toolkit.problems);
  const experiments = toolkit ? [] : await chosen(run, file);
  const folder = resolve(request.reportFolder ?? join(stateFolder, 'reports'));
  const journal = new JournalFile(join(folder, run.id, 'journal.json'));
  const stages = new Stages(platform);
  const mode = request.mode === 'plan' ? 'plan' : 'run';
  const evidence = await stages.run<ChaosEvidence>('chaos', async () => {
    const { seed, origin } = request;
    const holder = `${origin}, run ${run.id}`;
    const about = { mode, file, environment: environment.name, experiments, target, platform } as const;
    const asked = { ...about, seed, holder, token: undefined, signal };
    const done = toolkit
      ? await journal.kept(runToolkitFile(toolkit.experiment, asked, request.aim))
      : await runExperiments(asked);
    const { verdict, evidence, findings } = done;
    return { verdict, summary: evidence.reason, findings, value: evidence };
  });
  const { id, startedAt } = run;
  const named = { id: release?.id ?? '', version: release?.version ?? '', artifacts: {} };
  const about = { id, startedAt, file, environment, target, release: named, stages, origin: request.origin };
  const record = { ...recordFor({ ...about, clock: platform.clock }), chaos: evidence };
  const outcome = await reported(record, {
    files: platform.files,
    folder: mode === 'plan' ? undefined : folder,
  });
  return { ...outcome, outputs: { ...outcome.outputs, ...(await journal.written(platform.files)) } };
}

/** The release that is live, or else the only one that runs; `${release.…}` in the file stands for it. */
async function liveRelease({ target }: Run): Promise<ReleaseRef | undefined> {
  const components = Object.values((await target.inspect()).components);
  const live = components.flatMap(({ route, colors }) => (route.live && colors[route.live].release) || []);
  const any = components.flatMap(({ colors }) => colors.blue.release ?? colors.green.release ?? []);
  return live[0] ?? any[0];
}

async function fileOf(
  { request, platform, file }: Run,
  release: ReleaseRef | undefined,
): Promise<ReleaseFile> {
  const read = release && (await readReleaseFile(request, platform, release));
  return read?.ok ? read.file : file;
}

/** @throws UsageError for a name that no experiment has */
async function chosen({ request }: Run, file: ReleaseFile): Promise<readonly Experiment[]> {
  const all = experimentsOf(file);
  const names = all.map(({ name }) => name);
  const unknown = request.only.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const known = names.length === 0 ? 'the release file has none' : names.join(', ');
    throw new UsageError(`there is no experiment "${unknown}"${didYouMean(unknown, names)}: ${known}`);
  }
  const wanted = request.only.length === 0 ? all : all.filter(({ name }) => request.only.includes(name));
  const { aim } = request;
  return aim === undefined ? wanted : wanted.map((one) => ({ ...one, aim }));
}
