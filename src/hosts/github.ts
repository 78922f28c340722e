/**
 * The GitHub Actions host: inputs, log, annotations, summary, outputs and state. The only file that imports @actions/*.
 *
 * Environment that is read, all of it set by the runner: INPUT_* (inputs), GITHUB_REPOSITORY, GITHUB_SERVER_URL,
 * GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT, GITHUB_SHA, GITHUB_REF, GITHUB_EVENT_PATH (context), GITHUB_ACTION_REPOSITORY,
 * GITHUB_ACTION_REF (links to the documentation), GITHUB_OUTPUT, GITHUB_STEP_SUMMARY, GITHUB_STATE, GITHUB_PATH (files
 * of the runner), RUNNER_TEMP, RUNNER_TOOL_CACHE (setup).
 *
 * State that main leaves for post: `phase`, which is `started` from the moment the inputs are read and `finished` once
 * the run came to its own end.
 */
import {
  addPath,
  debug,
  endGroup,
  error,
  getInput,
  getState,
  info,
  notice,
  saveState,
  setFailed,
  setOutput,
  setSecret,
  startGroup,
  summary,
  warning,
} from '@actions/core';
// The package exports its context only together with octokit, which is heavy; the module itself does not need it.
import { Context } from '../../node_modules/@actions/github/lib/context.js';
import { Cancelled, UserError } from '../platform/errors.ts';
import type { Place } from '../platform/events.ts';
import { type Platform, systemPlatform } from '../platform/platform.ts';
import type { Verdict } from '../platform/verdict.ts';
import { actionProcesses } from './action-processes.ts';
import { type Annotation, type AnnotationLevel, chooseAnnotations } from './annotations.ts';
import { exitCodes } from './exit-codes.ts';
import { docsLink, explain } from './failure.ts';
import { type GitHubLog, githubLog } from './github-log.ts';
import { type InputKind, type Inputs, readInputs } from './inputs.ts';
import { interruptible } from './interrupt.ts';
import { isSecretName, partsToMask } from './secrets.ts';
import { fitSummary } from './summary.ts';

/** Where a workflow runs. */
export interface WorkflowContext {
  /** `owner/name`, empty outside a workflow. */
  repository: string;
  sha: string;
  ref: string;
  /** Address of the workflow run. */
  runUrl: string;
}

/** How far main came; `unstarted` also when its inputs could not be used. */
export type Phase = 'unstarted' | 'started' | 'finished';

/** What an action tells at its end. */
export interface ActionEnd {
  verdict: Verdict;
  /** One sentence; the error message of the step unless the verdict is `passed`. */
  text: string;
  outputs: Readonly<Record<string, string>>;
  /** Path of a Markdown file for the job summary. */
  summary: string | undefined;
  annotations: readonly Annotation[];
}

/** What an action may use of the runner. */
export interface ActionHost {
  readonly platform: Platform;
  readonly context: WorkflowContext;
  /** Aborts with a `Cancelled` when the workflow is cancelled. */
  readonly signal: AbortSignal;
  /** Reads all inputs at once. @throws InvalidInputs */
  inputs<S extends Record<string, InputKind<unknown>>>(kinds: S): Inputs<S>;
  /** The command that resumes this run if it is interrupted. */
  resumeWith(command: string): void;
  say(text: string): void;
  phase(): Phase;
  mark(phase: Phase): void;
  report(end: ActionEnd): Promise<void>;
  /** Puts a folder on PATH for the later steps. */
  addPath(folder: string): void;
  /** Copies a folder into the runner's tool cache once for each version. @returns where it is */
  cacheTool(name: string, version: string, make: () => Promise<string>): Promise<string>;
}

/** Runs an action to its end and exits; whatever is thrown is told and fails the step. */
export async function runAction(action: (host: ActionHost) => Promise<void>): Promise<void> {
  const log: GitHubLog = githubLog(
    { startGroup, endGroup, info, debug },
    systemPlatform(() => {}),
  );
  const interruption = interruptible(process, (cancelled) => {
    log.close();
    fail(log, cancelled);
  });
  try {
    refuseWindows();
    await action(actionHost(log, interruption));
  } catch (thrown) {
    log.close();
    fail(log, thrown);
  }
  // Sockets and timers of a stage that was cut short must not keep the step alive.
  process.exit(process.exitCode ?? exitCodes.passed);
}

function actionHost(log: GitHubLog, interruption: ReturnType<typeof interruptible>): ActionHost {
  const platform: Platform = {
    ...systemPlatform(log.emit),
    processes: actionProcesses(() => import('@actions/exec')),
    env: readEnv,
  };
  return {
    platform,
    context: workflowContext(),
    signal: interruption.signal,
    inputs: (kinds) => readInputs(kinds, (name) => getInput(name)),
    resumeWith: (command) => interruption.resumeWith(command),
    say: log.say,
    phase: () => {
      const phase = getState('phase');
      return phase === 'started' || phase === 'finished' ? phase : 'unstarted';
    },
    mark: (phase) => saveState('phase', phase),
    report: (end) => report(log, platform, end),
    addPath,
    cacheTool,
  };
}

/** A variable whose name says that it holds a secret is masked when it is read. */
function readEnv(name: string): string | undefined {
  const value = process.env[name] || undefined;
  if (value !== undefined && isSecretName(name)) for (const part of partsToMask(value)) setSecret(part);
  return value;
}

function workflowContext(): WorkflowContext {
  const context = new Context();
  const repository = process.env['GITHUB_REPOSITORY'] ?? '';
  return {
    repository,
    sha: context.sha ?? '',
    ref: context.ref ?? '',
    runUrl: `${context.serverUrl}/${repository}/actions/runs/${process.env['GITHUB_RUN_ID'] ?? ''}`,
  };
}

async function report(log: GitHubLog, platform: Platform, end: ActionEnd): Promise<void> {
  log.close();
  for (const [name, value] of Object.entries(end.outputs)) setOutput(name, value);
  await writeSummary(platform, end.summary);
  const spent = end.verdict === 'passed' ? 0 : 1;
  for (const one of chooseAnnotations([...log.annotations, ...end.annotations], spent)) annotate(one);
  if (end.verdict === 'passed') log.say(end.text);
  else setFailed(end.text);
  process.exitCode = exitCodes[end.verdict];
}

async function writeSummary(platform: Platform, path: string | undefined): Promise<void> {
  const markdown = path === undefined ? undefined : await platform.files.readText(path);
  if (markdown === undefined || !process.env['GITHUB_STEP_SUMMARY']) return;
  await summary.addRaw(fitSummary(markdown), true).write();
}

const annotateAt: Readonly<Record<AnnotationLevel, typeof error>> = {
  error,
  warning,
  notice,
};

function annotate({ level, text, title, place }: Annotation): void {
  annotateAt[level](text, { ...(title === undefined ? {} : { title }), ...(place ? placed(place) : {}) });
}

const placed = ({ file, line, column }: Place) => ({
  file,
  ...(line === undefined ? {} : { startLine: line }),
  ...(column === undefined ? {} : { startColumn: column }),
});

function fail(log: GitHubLog, thrown: unknown): void {
  const failure = explain(thrown, (page) => docsLink(page, source()));
  for (const one of chooseAnnotations(log.annotations, 1)) annotate(one);
  setFailed(thrown instanceof Cancelled ? `cancelled: ${failure.text}` : failure.text);
  for (const detail of failure.details) log.say(detail);
  process.exitCode = failure.exitCode;
}

/** The repository and commit that the action was taken from; a local checkout (`uses: ./`) has neither. */
function source(): { slug: string; ref: string } | undefined {
  const slug = process.env['GITHUB_ACTION_REPOSITORY'];
  const ref = process.env['GITHUB_ACTION_REF'];
  return slug && ref ? { slug, ref } : undefined;
}

function refuseWindows(): void {
  if (process.platform !== 'win32') return;
  throw new UserError('Cutover runs on Linux and macOS; this runner is Windows', {
    next: 'set `runs-on: ubuntu-latest` for this job',
  });
}

async function cacheTool(name: string, version: string, make: () => Promise<string>): Promise<string> {
  const { cacheDir, find } = await import('@actions/tool-cache');
  return find(name, version) || (await cacheDir(await make(), name, version));
}
