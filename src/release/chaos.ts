import { join, resolve } from 'node:path';
import type { ChaosOutcome } from '../chaos/request.ts';
import { type Experiment, experimentsOf } from '../chaos/schema.ts';
import { revertStale } from '../chaos/stale.ts';
import type { ReleaseFile } from '../config/model.ts';
import { formatProblem } from '../config/problems.ts';
import { didYouMean } from '../config/suggest.ts';
import { UsageError, UserError } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import type { ChaosEvidence } from '../report/proof.ts';
import type { ReleaseRef } from '../targets/target.ts';
import type { ChaosStageRequest, ReleaseOutcome } from './contract.ts';
import { type OpenEnvironment, openEnvironment } from './environment.ts';
import { type ExperimentsRun, runExperiments } from './experiments.ts';
import { recordFor, recordId, reported, unreadable } from './record.ts';
import { readReleaseFile } from './release-file.ts';
import { releaseAt } from './running.ts';
import { type StageEnd, Stages } from './stages.ts';
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
  if (!read.ok) return unreadable(read.problems);
  const opened = await openEnvironment(read.file, request, platform);
  const id = recordId(platform, startedAt);
  const run: Run = { request, platform, signal, id, startedAt, file: read.file, ...opened };
  try {
    return request.mode === 'revert' ? await revert(run) : await experiment(run);
  } finally {
    await opened.target.close();
  }
}

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
  const { request, platform, environment, target, id, startedAt } = run;
  const release = await releaseOf(run);
  const file = await fileFor(run, release);
  const toolkit = await toolkitOf(request, { file, target, platform });
  if (toolkit && !toolkit.ok) return unreadable(toolkit.problems);
  const folder = resolve(request.reportFolder ?? join(run.stateFolder, 'reports'));
  const journal = new JournalFile(join(folder, id, 'journal.json'));
  const stages = new Stages(platform);
  const asked = toolkit?.experiment;
  const act = () =>
    asked
      ? journal.kept(runToolkitFile(asked, about(run, file, []), request.aim))
      : runExperiments(about(run, file, chosen(run, file)));
  const evidence = await stages.run<ChaosEvidence>('chaos', async () => endOf(await act()));
  if (request.mode === 'plan') return planned(evidence);
  const named = { id: release?.id ?? '', version: release?.version ?? '', artifacts: {} };
  const known = { id, startedAt, file, environment, target, release: named, stages, origin: request.origin };
  const record = { ...recordFor({ ...known, clock: platform.clock }), chaos: evidence };
  const outcome = await reported(record, { files: platform.files, folder });
  return { ...outcome, outputs: { ...outcome.outputs, ...(await journal.written(platform.files)) } };
}

const endOf = ({ verdict, evidence, findings }: ChaosOutcome): StageEnd<ChaosEvidence> => ({
  verdict,
  summary: evidence.reason,
  findings,
  value: evidence,
});

/** What is common to experiments of the release file and of Chaos Toolkit. */
function about(run: Run, file: ReleaseFile, experiments: readonly Experiment[]): ExperimentsRun {
  const { request, platform, signal, target, environment, id } = run;
  return {
    mode: request.mode === 'plan' ? 'plan' : 'run',
    file,
    fileAt: async (aim) => fileFor(run, await releaseAt(target, aim)),
    environment: environment.name,
    experiments,
    target,
    platform,
    seed: request.seed,
    holder: `${request.origin}, run ${id}`,
    token: undefined,
    signal,
  };
}

/** Nothing happened that a record could be made of; a passed experiment is not what a plan shows. */
function planned({ verdict, reason, seed, experiments }: ChaosEvidence): ReleaseOutcome {
  const faults = JSON.stringify(experiments.flatMap((one) => one.faults));
  const outputs = { verdict, reason, faults, seed };
  return { verdict, record: undefined, paths: undefined, outputs, planned: experiments, problems: [] };
}

/** The release that most of the run is about, for the record and for `${release.…}`: where all experiments aim, or else the live one. */
async function releaseOf(run: Run): Promise<ReleaseRef | undefined> {
  const { toolkit, aim: asked = 'standby' } = run.request;
  const aims = toolkit === undefined ? chosen(run, run.file).map(({ aim }) => aim) : [asked];
  const first = aims.length > 0 && aims.every((aim) => aim === 'standby') ? 'standby' : 'live';
  const other = first === 'live' ? 'standby' : 'live';
  return (await releaseAt(run.target, first)) ?? (await releaseAt(run.target, other));
}

/** @throws UserError when the file is none of this release */
async function fileFor(
  { request, platform, file }: Run,
  release: ReleaseRef | undefined,
): Promise<ReleaseFile> {
  if (release === undefined) return file;
  const read = await readReleaseFile(request, platform, release);
  if (read.ok) return read.file;
  throw new UserError(read.problems.map(formatProblem).join('\n'), { next: 'cutover plan' });
}

/** @throws UsageError for a name that no experiment has */
function chosen({ request }: Run, file: ReleaseFile): readonly Experiment[] {
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
