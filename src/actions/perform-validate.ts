import { resolve } from 'node:path';
import { docsLink } from '../hosts/failure.ts';
import type { ActionEnd, ActionHost } from '../hosts/github.ts';
import type { Inputs } from '../hosts/inputs.ts';
import type { Platform } from '../platform/platform.ts';
import type { ValidateOutcome, ValidateRequest } from '../validate/stage.ts';
import type { validateInputs } from './inputs.ts';

type Given = Inputs<typeof validateInputs>;

/** Checks the workspace of a job and reports. */
export async function performValidate(host: ActionHost, given: Given): Promise<void> {
  const { runValidate } = await import('../validate/stage.ts');
  const { platform } = host;
  platform.emit({ type: 'stage', stage: 'validate', state: 'started' });
  const request = await validateRequest(given, platform);
  const outcome = await runValidate(request, platform);
  await logFindings(host, outcome);
  const state = outcome.verdict === 'passed' ? 'finished' : 'failed';
  const { verdict, summary } = outcome;
  platform.emit({ type: 'stage', stage: 'validate', state, verdict, text: summary });
  await host.report(await validateEnd(outcome, { given, request, platform }));
}

/** What the action asks of the stage: the job's folder, and the lines of its pull request. */
async function validateRequest(given: Given, platform: Platform): Promise<ValidateRequest> {
  const root = resolve('.');
  const base = await baseOfPullRequest(platform);
  const { changedSince } = await import('../validate/changed-lines.ts');
  return {
    root,
    paths: given.paths,
    release: given.file,
    environment: given.environment,
    kubernetesVersion: given['kubernetes-version'],
    failOn: given['fail-on'],
    baseline: given.baseline,
    stages: async () => (await import('../release/stage-sections.ts')).stageSections,
    changed:
      base === undefined ? undefined : await changedSince(base, { root, processes: platform.processes }),
  };
}

/** The commit that a pull request is compared with, from the event's payload; undefined for other events. */
export async function baseOfPullRequest({
  env,
  files,
}: Pick<Platform, 'env' | 'files'>): Promise<string | undefined> {
  const path = env('GITHUB_EVENT_PATH');
  const text = path === undefined ? undefined : await files.readText(path);
  try {
    const sha: unknown = JSON.parse(text ?? '{}')?.pull_request?.base?.sha;
    return typeof sha === 'string' && /^[0-9a-f]{40,64}$/.test(sha) ? sha : undefined;
  } catch {
    // Without the payload nobody can tell, and the order of the findings is all that depends on it.
    return undefined;
  }
}

async function logFindings(host: ActionHost, outcome: ValidateOutcome): Promise<void> {
  const { renderFindings, renderSkips } = await import('../report/findings-text.ts');
  const { sourceLineOf } = await import('../validate/source-line.ts');
  const sourceOf = (finding: Parameters<typeof sourceLineOf>[0]) =>
    sourceLineOf(finding, outcome.workspace.files);
  host.say(`${renderFindings(outcome, { sourceOf, withSource: 10 })}${renderSkips(outcome)}`);
}

interface End {
  given: Given;
  request: ValidateRequest;
  platform: Platform;
}

/** Writes the reports and says what the action tells about an outcome. */
async function validateEnd(outcome: ValidateOutcome, { given, request, platform }: End): Promise<ActionEnd> {
  const { writeFindings } = await import('../validate/written.ts');
  const { findingAnnotations } = await import('../report/findings-annotations.ts');
  const { countsOf } = await import('../report/findings-model.ts');
  const sarif = given['sarif-file'];
  const summary = given.summary === 'yes' ? resolve(request.root, '.cutover/validate/summary.md') : undefined;
  await writeFindings(outcome, {
    root: request.root,
    files: platform.files,
    failOn: request.failOn,
    paths: { sarif, junit: given['junit-file'], summary },
    rulesPage: docsLink('docs/rules.md'),
  });
  const { errors, warnings } = countsOf(outcome.findings);
  return {
    verdict: outcome.verdict,
    text: `validate: ${outcome.summary}`,
    outputs: { verdict: outcome.verdict, errors: `${errors}`, warnings: `${warnings}`, sarif },
    summary,
    annotations: findingAnnotations(outcome),
  };
}
