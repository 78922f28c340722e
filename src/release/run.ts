import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { ReleaseFile } from '../config/model.ts';
import { runCutover } from '../cutover/run.ts';
import { messageOf, UserError } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { type Verdict, worst } from '../platform/verdict.ts';
import type { CutoverEvidence, ReleaseRecord } from '../report/record.ts';
import type { Artifact, Release, ReleaseRef } from '../targets/target.ts';
import type { ReleaseOutcome, ReleaseRequest } from './contract.ts';
import { type OpenEnvironment, openEnvironment } from './environment.ts';
import { isAncestor } from './lineage.ts';
import { type ProofLog, proofsFor } from './proofs.ts';
import { recordFor, recordId, reported, unreadable } from './record.ts';
import { readReleaseFile } from './release-file.ts';
import { Stages } from './stages.ts';
import { validateStage } from './validate.ts';

/** One run: what was asked, what was read, where it goes. */
interface Context extends OpenEnvironment {
  /** Of the record, and what tells two runs of one origin apart. */
  id: string;
  startedAt: number;
  request: ReleaseRequest;
  platform: Platform;
  signal: AbortSignal;
  stages: Stages;
  file: ReleaseFile;
}

/**
 * The whole chain over one environment: read the release file, pack, cut over, write the record and its reports.
 * @throws UserError when it cannot even start (no such environment, a supervisor that does not come up)
 */
export async function runRelease(
  request: ReleaseRequest,
  platform: Platform,
  signal: AbortSignal,
): Promise<ReleaseOutcome> {
  const startedAt = platform.clock.now();
  const stages = new Stages(platform);
  const { verdict: valid, file, problems } = await validateStage(request, platform, stages);
  if (!file) return unreadable(problems);
  const opened = await openEnvironment(file, request, platform);
  const id = recordId(platform, startedAt);
  const context: Context = { id, startedAt, request, platform, signal, stages, file, ...opened };
  try {
    if (valid === 'failed') return await report(context, recordOf(context));
    const release = await pack(context);
    const end = await cutOver(context, release);
    await forgetOldPacks(context, end.evidence);
    return await report(context, recordOf(context, { release, ...end }));
  } finally {
    await context.target.close();
  }
}

/** The stage `build`: content-addressed copies. `plan` only computes what they would be called. */
async function pack(context: Context): Promise<Release | undefined> {
  const { request, platform, stages, file, stateFolder } = context;
  if (request.mode === 'rollback' || request.mode === 'recover') return undefined;
  return stages.run('build', async () => {
    const { buildEngine } = await import('../build/index.ts');
    const engine = await buildEngine('pack');
    const artifacts: Record<string, Artifact> = {};
    for (const component of Object.values(file.components)) {
      const source = { folder: resolve(file.folder, component.context), stateFolder, platform };
      artifacts[component.name] = await (request.mode === 'plan'
        ? engine.describe(source)
        : engine.build(source));
    }
    const release = releaseOf(request, artifacts);
    const summary = `${release.id}: ${Object.keys(artifacts).join(', ')}`;
    return { verdict: 'passed', summary, value: release };
  });
}

/** The id says what the release is made of; without a version it is called by its commit or its content. */
function releaseOf({ version, sha }: ReleaseRequest, artifacts: Record<string, Artifact>): Release {
  const content = Object.entries(artifacts).map(([name, { digest }]) => `${name} ${digest}`);
  const digest = createHash('sha256').update(content.sort().join('\n')).digest('hex').slice(0, 12);
  const named = version ?? sha?.slice(0, 12) ?? digest;
  return { id: named === digest ? digest : `${named}-${digest}`, version: named, sha, artifacts };
}

interface CutoverEnd {
  verdict: Verdict;
  evidence: CutoverEvidence;
  log: ProofLog;
}

function cutOver(context: Context, release: Release | undefined): Promise<CutoverEnd> {
  const { request, platform, signal, stages, file, target } = context;
  const holder = `${request.origin}, run ${context.id}`;
  const { proofs, log } = proofsFor({
    ...context,
    fileFor: (wanted) => fileFor(context, wanted),
    environment: context.environment.name,
    mode: request.mode,
    skip: request.skip,
    seed: request.seed,
    holder,
  });
  return stages.run<CutoverEnd>('cutover', async () => {
    const bake = request.bakeMs === undefined ? {} : { bake: request.bakeMs };
    const { verdict, evidence, findings } = await runCutover({
      mode: request.mode,
      release,
      componentsFor: async (wanted) => (await fileFor(context, wanted)).components,
      settings: { ...file.cutover, ...bake },
      slo: file.slo,
      target,
      platform,
      startMeter: async (plan) => (await import('../traffic/meter.ts')).startMeter(plan),
      proofs,
      isAncestor: (older, newer) => isAncestor(platform, file.folder, { older, newer }),
      allowOlder: request.allowOlder,
      holder,
      resume: request.resume,
      signal,
    });
    return { verdict, summary: evidence.reason, findings, value: { verdict, evidence, log } };
  });
}

/** The release file with `${release.…}` standing for `wanted`. */
async function fileFor({ request, platform }: Context, wanted: ReleaseRef): Promise<ReleaseFile> {
  const read = await readReleaseFile(request, platform, wanted);
  if (read.ok) return read.file;
  throw new UserError(`${request.configPath} is no longer valid: ${read.problems[0]?.message ?? ''}`);
}

/** Packs that neither run nor are remembered are removed after a release that changed what runs. */
async function forgetOldPacks(
  { request, stateFolder, platform, target }: Context,
  evidence: CutoverEvidence,
) {
  if (request.mode === 'plan' || evidence.result === 'unchanged' || evidence.result === 'refused') return;
  const { readHistory } = await import('../cutover/history.ts');
  const { prunePacks } = await import('../build/engines/pack.ts');
  const history = await readHistory(target.journal);
  const keep = history.flatMap(({ artifacts }) => Object.values(artifacts).map(({ digest }) => digest));
  // What stays behind costs disk only; the release has gone live.
  await prunePacks({ stateFolder, keep, platform }).catch((error: unknown) =>
    platform.emit({ type: 'message', level: 'warning', text: `old packs were kept: ${messageOf(error)}` }),
  );
}

interface End extends CutoverEnd {
  release: Release | undefined;
}

/** Without an end no release was built: the stages before it say why. */
function recordOf(context: Context, end?: End): ReleaseRecord {
  const { request, platform } = context;
  const release = end ? releaseIn(end.release, end.evidence) : unbuilt(request);
  const record = recordFor({ ...context, release, origin: request.origin, clock: platform.clock });
  if (!end) return record;
  const { verdict, evidence: cutover, log } = end;
  return {
    ...record,
    verdict: worst([record.verdict, verdict]),
    cutover,
    ...(log.smoke.length > 0 ? { smoke: log.smoke } : {}),
    ...(log.chaos ? { chaos: log.chaos } : {}),
  };
}

const unbuilt = ({ version = '' }: ReleaseRequest): ReleaseRecord['release'] => ({
  id: version,
  version,
  artifacts: {},
});

/** After `rollback` and `recover` the release is the one that is live. */
function releaseIn(release: Release | undefined, evidence: CutoverEvidence): ReleaseRecord['release'] {
  if (!release) {
    const version = Object.values(evidence.live)[0]?.version ?? '';
    return { id: version, version, artifacts: {} };
  }
  const artifacts = Object.entries(release.artifacts).map(([name, { digest }]) => [name, { digest }]);
  const sha = release.sha === undefined ? {} : { sha: release.sha };
  return { id: release.id, version: release.version, ...sha, artifacts: Object.fromEntries(artifacts) };
}

function report({ request, platform, stateFolder }: Context, record: ReleaseRecord): Promise<ReleaseOutcome> {
  const folder = resolve(request.reportFolder ?? join(stateFolder, 'reports'));
  return reported(record, { files: platform.files, folder: request.mode === 'plan' ? undefined : folder });
}
