import { join, resolve } from 'node:path';
import type { ReleaseFile } from '../config/model.ts';
import { didYouMean } from '../config/suggest.ts';
import { UsageError } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import type { SmokeEvidence } from '../report/proof.ts';
import type { ReleaseRecord } from '../report/record.ts';
import { checksForUrl, targetAim, urlAim } from '../smoke/aim.ts';
import { checksOf, type SmokeCheck } from '../smoke/schema.ts';
import { type ChecksRun, checksAgainst } from './checks.ts';
import type { ReleaseOutcome, SmokeStageRequest } from './contract.ts';
import { openEnvironment } from './environment.ts';
import { recordFor, recordId, reported } from './record.ts';
import { readReleaseFile } from './release-file.ts';
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

async function checkAddress(run: Run, url: string): Promise<ReleaseOutcome> {
  const { request, platform, signal } = run;
  const checks = checksForUrl({ url, expectStatus: request.expectStatus });
  const aim = urlAim(url);
  const file = { name: new URL(url).host, slo: noSlo, folder: resolve('.'), secrets: [] };
  return recorded(run, {
    checks: { file, checks, aim, platform, signal },
    about: { file, environment: { name: aim.label }, target: { kind: 'url' }, release: noRelease },
    reports: resolve(request.reportFolder ?? '.cutover/smoke'),
  });
}

async function checkRelease(run: Run): Promise<ReleaseOutcome> {
  const { request, platform, signal } = run;
  const read = await readReleaseFile(request, platform);
  if (!read.ok) {
    const { problems } = read;
    return {
      verdict: 'failed',
      record: undefined,
      paths: undefined,
      outputs: { verdict: 'failed' },
      problems,
    };
  }
  const { environment, target, stateFolder } = await openEnvironment(read.file, request, platform);
  try {
    const { aim: what, version } = request;
    const inventory = await target.inspect();
    const colors = Object.values(inventory.components).flatMap(({ route, colors: all }) =>
      what === 'live' && route.live ? (all[route.live].release ?? []) : [],
    );
    const known = version ?? colors[0]?.version;
    // What a check writes as ${release.version} is what runs there.
    const again =
      known === undefined
        ? read
        : await readReleaseFile(request, platform, { id: known, version: known, sha: colors[0]?.sha });
    const file = again.ok ? again.file : read.file;
    const aim = await targetAim({ target, components: file.components, what, version });
    return await recorded(run, {
      checks: { file, checks: chosen(file, request.only), aim, platform, signal },
      about: { file, environment, target, release: { id: known ?? '', version: known ?? '', artifacts: {} } },
      reports: resolve(request.reportFolder ?? join(stateFolder, 'reports')),
    });
  } finally {
    await target.close();
  }
}

/** @throws UsageError for a name that no check has */
function chosen(file: ReleaseFile, only: readonly string[]): readonly SmokeCheck[] {
  const all = checksOf(file);
  const names = all.map(({ name }) => name);
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(`there is no check "${unknown}"${didYouMean(unknown, names)}: ${names.join(', ')}`);
  }
  return only.length === 0 ? all : all.filter(({ name }) => only.includes(name));
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
