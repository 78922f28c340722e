import { join, resolve } from 'node:path';
import type { ReleaseFile } from '../config/model.ts';
import { didYouMean } from '../config/suggest.ts';
import { UsageError } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import type { SmokeEvidence } from '../report/proof.ts';
import type { ReleaseRecord } from '../report/record.ts';
import { checksForUrl, secretsOfUrl, targetAim, urlAim } from '../smoke/aim.ts';
import { withNeeded } from '../smoke/order.ts';
import { checksOf, type SmokeCheck } from '../smoke/schema.ts';
import type { ReleaseRef, Target } from '../targets/target.ts';
import { type ChecksRun, checksAgainst } from './checks.ts';
import type { ReleaseOutcome, SmokeStageRequest } from './contract.ts';
import { type OpenEnvironment, openEnvironment } from './environment.ts';
import { recordFor, recordId, reported, unreadable } from './record.ts';
import { readReleaseFile } from './release-file.ts';
import { releaseAt } from './running.ts';
import { Stages } from './stages.ts';

/**
 * The stage smoke alone, with a record of its own.
 * @throws UserError when it cannot start (no such environment or check, nothing runs at the aim)
 */
export async function runSmokeStage(
  request: SmokeStageRequest,
  platform: Platform,
  signal: AbortSignal,
): Promise<ReleaseOutcome> {
  const run = { request, platform, signal, startedAt: platform.clock.now() };
  return request.url === undefined ? checkRelease(run) : checkAddress(run, request.url);
}

interface Run {
  request: SmokeStageRequest;
  platform: Platform;
  signal: AbortSignal;
  startedAt: number;
}

/** @throws UsageError for what is not an address, and for what only a release file has */
async function checkAddress(run: Run, url: string): Promise<ReleaseOutcome> {
  const { request, platform, signal } = run;
  if (request.only.length > 0) throw new UsageError('with url there are no checks to choose from');
  if (request.version !== undefined) throw new UsageError('with url there is no version to compare with');
  const checks = checksForUrl({ url, expectStatus: request.expectStatus });
  const aim = urlAim(url);
  const secrets = secretsOfUrl(url);
  const file = { name: new URL(url).host, slo: noSlo, folder: resolve('.'), secrets };
  return recorded(run, {
    checks: { file, checks, aim, platform, signal },
    about: { file, environment: { name: aim.label }, target: { kind: 'url' }, release: noRelease },
    reports: resolve(request.reportFolder ?? join(request.stateFolder ?? '.cutover', 'smoke')),
  });
}

async function checkRelease(run: Run): Promise<ReleaseOutcome> {
  const { request, platform } = run;
  if (request.expectStatus !== undefined) throw new UsageError('expect-status is of no use without url');
  const read = await readReleaseFile(request, platform);
  if (!read.ok) return unreadable(read.problems);
  const opened = await openEnvironment(read.file, request, platform);
  try {
    return await checkEnvironment(run, opened);
  } finally {
    await opened.target.close();
  }
}

async function checkEnvironment(
  run: Run,
  { environment, target, stateFolder }: OpenEnvironment,
): Promise<ReleaseOutcome> {
  const { request, platform, signal } = run;
  const { aim: what, version, only } = request;
  const release = await expectedRelease(request, target);
  // What a check writes as ${release.version} is what has to run there.
  const read = await readReleaseFile(request, platform, release);
  if (!read.ok) return unreadable(read.problems);
  const { file } = read;
  if (version !== undefined) refuseUnseen(file, version);
  const checks = chosen(file, only);
  const aim = await targetAim({ target, components: file.components, what, version });
  return await recorded(run, {
    checks: { file, checks, aim, platform, signal },
    about: { file, environment, target, release: { ...noRelease, ...named(release) } },
    reports: resolve(request.reportFolder ?? join(stateFolder, 'reports')),
  });
}

/** What runs at the aim, or what is said to. */
async function expectedRelease(
  { aim, version }: SmokeStageRequest,
  target: Target,
): Promise<ReleaseRef | undefined> {
  const there = await releaseAt(target, aim);
  if (version === undefined || there?.version === version) return there;
  return { id: version, version, sha: there?.sha };
}

/** @throws UsageError where nothing could tell one version from another: asked for, it would pass unseen */
function refuseUnseen({ components }: ReleaseFile, version: string): void {
  if (Object.values(components).some((component) => component.version)) return;
  throw new UsageError(`nothing says how to ask for the version, so "${version}" cannot be looked for`, {
    next: 'give a component `version: { http: /version }`',
    docs: 'docs/configuration.md',
  });
}

/**
 * Those of the names, with what they need.
 * @throws UsageError for a name that no check has
 */
function chosen(file: ReleaseFile, only: readonly string[]): readonly SmokeCheck[] {
  const all = checksOf(file);
  const names = all.map(({ name }) => name);
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const known = names.length === 0 ? 'the release file has none' : names.join(', ');
    throw new UsageError(`there is no check "${unknown}"${didYouMean(unknown, names)}: ${known}`);
  }
  return only.length === 0 ? all : withNeeded(all, only);
}

interface Recording {
  checks: ChecksRun;
  about: Pick<Parameters<typeof recordFor>[0], 'file' | 'environment' | 'target' | 'release'>;
  reports: string;
}

async function recorded(run: Run, { checks, about, reports }: Recording): Promise<ReleaseOutcome> {
  const { request, platform, startedAt } = run;
  const stages = new Stages(platform);
  const evidence = await stages.run<SmokeEvidence>('smoke', async () => {
    const { verdict, evidence: seen } = await checksAgainst(checks);
    return { verdict, summary: seen.reason, value: seen };
  });
  const id = recordId(platform, startedAt);
  const base = recordFor({ ...about, id, startedAt, stages, origin: request.origin, clock: platform.clock });
  const record: ReleaseRecord = { ...base, smoke: [evidence] };
  return reported(record, { files: platform.files, folder: reports });
}

const noSlo = { errorRate: undefined, p99: undefined, recovery: undefined };
const noRelease = { id: '', version: '', artifacts: {} };
const named = (release: ReleaseRef | undefined) => release && { id: release.id, version: release.version };
