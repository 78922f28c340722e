import { relative, resolve, sep } from 'node:path';
import type { ValidatePlan } from '../config/model.ts';
import type { StageSections } from '../config/schema/file.ts';
import { didYouMean } from '../config/suggest.ts';
import { UserError } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import type { Verdict } from '../platform/verdict.ts';
import type { WorkspaceFiles } from '../platform/workspace-files.ts';
import {
  countsOf,
  type FindingsReport,
  type IgnoredFinding,
  type ReportedFinding,
} from '../report/findings-model.ts';
import { plural } from '../report/format.ts';
import { applyBaseline, type Baseline, parseBaseline, staleFinding } from './baseline/baseline.ts';
import { fingerprintOf } from './baseline/fingerprint.ts';
import { catalogue } from './catalogue.ts';
import { type ChangedLines, isChanged } from './changed-lines.ts';
import { isNewerKubernetes } from './cluster-version.ts';
import { byPlace, validate } from './engine.ts';
import type { Edit, Finding, Skip } from './finding.ts';
import { configIgnores, placesIn, unknownSeverities, withSeverities } from './ignore/config.ts';
import { applyIgnores, type Ignore, judge, own } from './ignore/ignore.ts';
import { inlineIgnores } from './ignore/inline.ts';
import { newestKubernetes, readWorkspace } from './read/index.ts';
import { rules } from './rules/index.ts';
import type { Workspace } from './workspace.ts';

/** The severity from which on a finding fails the release. */
export type FailOn = 'error' | 'warning';

export interface ValidateRequest {
  /** Folder of the workspace. Nothing outside of it is read. */
  root: string;
  /** Globs, files or folders, relative to `root`. Default: everything. */
  paths?: readonly string[] | undefined;
  /** The release file, relative to `root`. Default `cutover.yml`, where there is one. */
  release?: string | undefined;
  /** Environment that is released to; without it, rules for production apply to all. */
  environment?: string | undefined;
  /** `1.36`; default the release file's, else the newest known. */
  kubernetesVersion?: string | undefined;
  failOn: FailOn;
  /** Baseline file, relative to `root`; default the release file's; null: none at all. */
  baseline?: string | null | undefined;
  /** Lines of the pull request, which are told first. */
  changed?: ChangedLines | undefined;
  /** Default: the real files under `root`. */
  files?: WorkspaceFiles | undefined;
  /** What other stages bring for their keys of the release file; without it, those keys are not checked. */
  stages?: (() => Promise<StageSections>) | undefined;
}

/** A finding with what mends it. */
export type StageFinding = ReportedFinding & { edit?: Edit };

export interface ValidateOutcome extends FindingsReport {
  findings: readonly StageFinding[];
  /** What was read; for the lines beside findings and for fixes. */
  workspace: Workspace;
}

type Ports = Pick<Platform, 'clock' | 'files' | 'processes' | 'env' | 'emit'>;

/**
 * The stage `validate`: reads what the release is made of, runs every rule, takes out what was decided to be ignored. Opens
 * no socket and writes nothing.
 * @throws UserError where it cannot begin: no such folder, environment or baseline
 */
export async function runValidate(request: ValidateRequest, platform: Ports): Promise<ValidateOutcome> {
  const workspace = await step('read the workspace', platform, () => read(request, platform));
  const plan = workspace.release?.validate;
  const baseline = await baselineOf(request, plan, platform);
  return step('check', platform, async () =>
    check({ request, workspace, plan, baseline, now: platform.clock.now() }),
  );
}

async function step<T>(name: string, { clock, emit }: Ports, act: () => Promise<T>): Promise<T> {
  const began = clock.monotonic();
  emit({ type: 'step', step: name, state: 'started' });
  try {
    const value = await act();
    emit({ type: 'step', step: name, state: 'finished', ms: clock.monotonic() - began });
    return value;
  } catch (error) {
    emit({ type: 'step', step: name, state: 'failed', ms: clock.monotonic() - began });
    throw error;
  }
}

async function read(request: ValidateRequest, platform: Ports): Promise<Workspace> {
  const { root, environment, kubernetesVersion, files } = request;
  if (!files && !(await platform.files.exists(root))) throw new UserError(`there is no folder ${root}`);
  const workspace = await readWorkspace({
    root,
    files,
    paths: request.paths?.map((path) => inside(path, root)),
    release: request.release === undefined ? undefined : inside(request.release, root),
    environment,
    kubernetesVersion,
    env: platform.env,
    processes: platform.processes,
    stages: request.stages,
  });
  refuseUnknownEnvironment(workspace);
  const version = kubernetesVersion ?? workspace.release?.validate.kubernetesVersion;
  if (version !== undefined) warnOfUnknown(version, platform);
  return version === undefined ? workspace : { ...workspace, kubernetesVersion: version };
}

function warnOfUnknown(version: string, { emit }: Ports): void {
  if (!isNewerKubernetes(version, newestKubernetes)) return;
  const text = `Kubernetes ${version} is newer than what is known here: manifests are checked as for ${newestKubernetes}`;
  emit({ type: 'message', level: 'warning', text });
}

/** A path of the command line as one of the workspace. */
function inside(path: string, root: string): string {
  const bang = path.startsWith('!') ? '!' : '';
  const found = relative(resolve(root), resolve(root, path.slice(bang.length)));
  if (found === '..' || found.startsWith(`..${sep}`)) {
    throw new UserError(`${path} is outside of the workspace ${root}, where nothing is read`, {
      docs: 'docs/validate.md#what-is-read',
    });
  }
  return bang + (found === '' ? '.' : found.split(sep).join('/'));
}

function refuseUnknownEnvironment({ release, environment }: Workspace): void {
  if (release === undefined || environment === undefined) return;
  const names = Object.keys(release.environments);
  if (names.includes(environment)) return;
  throw new UserError(
    `there is no environment "${environment}"${didYouMean(environment, names)}; there are ${names.join(', ')}`,
    { next: `cutover validate --environment ${names[0] ?? ''}` },
  );
}

async function baselineOf(
  { root, baseline: asked }: ValidateRequest,
  plan: ValidatePlan | undefined,
  { files }: Ports,
): Promise<Baseline | undefined> {
  const path = asked === undefined ? plan?.baseline : asked;
  if (path === undefined || path === null) return undefined;
  const file = inside(path, root);
  const text = await files.readText(resolve(root, file));
  if (text !== undefined) return parseBaseline(text, file);
  throw new UserError(`there is no baseline ${file}`, {
    next: `cutover validate --write-baseline --baseline ${file}`,
    docs: 'docs/validate.md#baseline',
  });
}

interface Checking {
  request: ValidateRequest;
  workspace: Workspace;
  plan: ValidatePlan | undefined;
  baseline: Baseline | undefined;
  now: number;
}

function check({ request, workspace, plan, baseline, now }: Checking): ValidateOutcome {
  const { findings: raw, skips } = validate(workspace, rules);
  const judged = ignoresOf({ request, workspace, plan, now });
  const weighed = plan ? withSeverities(raw, plan) : raw;
  const { kept, ignored, unused } = applyIgnores(weighed, judged.ignores);
  const told = [...kept, ...judged.findings, ...unusedFindings(unused, skips)];
  const report = (finding: Finding): StageFinding => ({
    ...finding,
    fingerprint: fingerprintOf(finding, workspace.files),
    isChanged: isChanged(request.changed, finding),
  });
  const after = baseline
    ? applyBaseline(told.map(report), baseline)
    : { kept: told.map(report), known: [], stale: [] };
  const stale = baseline ? staleFindings(after.stale, baseline, { request, workspace }).map(report) : [];
  const findings = [...after.kept, ...stale].sort(byPlace);
  const verdict = verdictOf(findings, request, workspace);
  return {
    verdict,
    findings,
    ignored: [
      ...ignored.map(({ finding, by, reason }): IgnoredFinding => ({ ...report(finding), by, reason })),
      ...after.known.map(
        (known): IgnoredFinding => ({ ...known, by: 'baseline', reason: 'in the baseline' }),
      ),
    ].sort(byPlace),
    skips,
    files: [...workspace.files.keys()].sort(),
    summary: summaryOf(verdict, findings, workspace),
    workspace,
  };
}

function ignoresOf({ request, workspace, plan, now }: Omit<Checking, 'baseline'>) {
  const ruleIds = catalogue.map(({ id }) => id);
  const file = workspace.files.get(inside(request.release ?? 'cutover.yml', request.root));
  const placeOf = file && placesIn(file);
  const written = [...inlineIgnores(workspace), ...(plan && placeOf ? configIgnores(plan, placeOf) : [])];
  const { ignores, findings } = judge(written, { ruleIds, now });
  return {
    ignores,
    findings: [...findings, ...(plan && placeOf ? unknownSeverities(plan, ruleIds, placeOf) : [])],
  };
}

/** A rule that had to skip something in a file may have more to say another time; its ignores there are left alone. */
function unusedFindings(unused: readonly Ignore[], skips: readonly Skip[]): Finding[] {
  const skipped = new Set(skips.map(({ rule, file }) => `${rule}\n${file}`));
  return unused
    .filter(({ by, rule, place }) => by === 'config' || !skipped.has(`${rule}\n${place.file}`))
    .map(({ rule, place }) =>
      own('ignore-unused', place, `nothing of ${rule} is found there, so nothing is ignored`),
    );
}

/** Only files that were looked at can show that an entry has gone. */
function staleFindings(
  stale: Baseline['entries'],
  baseline: Baseline,
  { request, workspace }: { request: ValidateRequest; workspace: Workspace },
): Finding[] {
  return stale
    .filter(({ file }) => workspace.files.has(file) || (request.paths ?? []).length === 0)
    .map((entry) => staleFinding(baseline, entry));
}

function verdictOf(findings: readonly Finding[], request: ValidateRequest, workspace: Workspace): Verdict {
  const { errors, warnings } = countsOf(findings);
  if (errors > 0 || (request.failOn === 'warning' && warnings > 0)) return 'failed';
  return checkedDocuments(workspace, request) === 0 ? 'inconclusive' : 'passed';
}

/** A valid release file is something that was checked, unless other paths were asked for. */
function checkedDocuments(workspace: Workspace, { paths = [] }: ValidateRequest): number {
  const { manifests, dockerfiles, composeFiles, workflows, prometheus, configs, envFiles, actions } =
    workspace;
  const lists = [manifests, dockerfiles, composeFiles, workflows, prometheus, configs, actions];
  const documents = lists.reduce((sum, list) => sum + list.length, envFiles.size);
  return documents + (workspace.release && paths.length === 0 ? 1 : 0);
}

/** `2 errors and 1 warning in 3 files`, `no problems in 14 files`. */
function summaryOf(verdict: Verdict, findings: readonly Finding[], { files }: Workspace): string {
  if (verdict === 'inconclusive') return 'nothing was found that could be checked';
  const { errors, warnings, notices } = countsOf(findings);
  const parts = [
    ...(errors > 0 ? [plural(errors, 'error')] : []),
    ...(warnings > 0 ? [plural(warnings, 'warning')] : []),
    ...(notices > 0 ? [plural(notices, 'notice')] : []),
  ];
  const read = plural(files.size, 'file');
  if (parts.length === 0) return `no problems in ${read}`;
  const concerned = new Set(findings.map(({ file }) => file)).size;
  return `${parts.join(', ')} in ${concerned} of ${read}`;
}
