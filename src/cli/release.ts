import { hostname, userInfo } from 'node:os';
import { formatProblem } from '../config/problems.ts';
import { exitCodes } from '../hosts/exit-codes.ts';
import { resumeCommand } from '../hosts/resume.ts';
import type { Platform } from '../platform/platform.ts';
import type { ReleaseOutcome, ReleaseRequest } from '../release/contract.ts';
import { duration } from '../report/format.ts';
import type { CutoverMode, StepRecord } from '../report/record.ts';
import type { Options } from './arguments.ts';
import { type Output, styleOf } from './output.ts';

/** What the command line asks of the release. */
export function requestOf(mode: CutoverMode, options: Options): ReleaseRequest {
  const place = {
    configPath: options.file,
    environment: options.environment,
    stateFolder: options.stateFolder,
  };
  return {
    ...place,
    mode,
    version: options.version,
    sha: options.sha,
    reportFolder: options.reportFolder,
    checks: 'release-file',
    allowOlder: options.allowOlder,
    bakeMs: options.bakeMs,
    skip: options.skip,
    seed: options.seed,
    origin: originHere(),
    resume: resumeCommand(place),
  };
}

/** `user@host`: who holds a lease that this command takes. */
export const originHere = (): string => `${userName()}@${hostname()}`;

/** Some containers run under a user id that has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}

/** `plan`, `apply`, `rollback` and `recover`. @returns the exit code */
export async function release(
  request: ReleaseRequest,
  platform: Platform,
  { signal, output }: { signal: AbortSignal; output: Output },
): Promise<number> {
  const { runRelease } = await import('../release/run.ts');
  const outcome = await runRelease(request, platform, signal);
  output.terminal.close();
  if (output.format === 'json') output.json(asJson(outcome, request));
  else {
    if (request.mode === 'plan') printPlan(outcome.record?.cutover?.steps ?? [], output);
    await printOutcome(outcome, { ...request, output });
  }
  return exitCodes[outcome.verdict];
}

/** The same outputs as an action's, and what a program may want beside them. */
function asJson({ outputs, problems, record, verdict }: ReleaseOutcome, { mode, resume }: ReleaseRequest) {
  return {
    ...outputs,
    mode,
    problems,
    ...(mode === 'plan' ? { steps: record?.cutover?.steps ?? [] } : {}),
    ...(verdict === 'cancelled' ? { resume } : {}),
  };
}

interface Printing {
  configPath: string;
  /** The command that resumes what was cancelled; undefined: nothing was left. */
  resume: string | undefined;
  output: Output;
}

/** What a run came to, for a person. */
export async function printOutcome(
  { record, problems, paths, verdict, outputs }: ReleaseOutcome,
  { configPath, resume, output }: Printing,
): Promise<void> {
  const { terminal } = output;
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  const file = problems[0]?.file ?? configPath;
  if (problems.length > 0) terminal.print(`${terminal.paint('bad', '✗')} ${file} has ${count}\n`);
  for (const problem of problems) terminal.print(`  ${formatProblem(problem)}\n`);
  if (!record && outputs['reason']) terminal.print(`${outputs['reason']}\n`);
  if (!record) return;
  const { renderText } = await import('../report/text.ts');
  terminal.print(`\n${renderText(record, styleOf(terminal))}`);
  if (paths) terminal.print(`\nreport: ${paths.report}\nrecord: ${paths.record}\n`);
  if (verdict === 'cancelled' && resume !== undefined) terminal.print(`next: ${resume}\n`);
}

function printPlan(steps: readonly StepRecord[], { terminal }: Output): void {
  for (const { step, component, reason, outcome, durationMs } of steps) {
    const took = outcome === 'planned' ? '' : ` (${duration(durationMs)})`;
    const name = component === undefined ? step : `${step} ${component}`;
    terminal.print(
      `  ${outcome === 'planned' ? '○' : '✓'} ${name}${took}  ${terminal.paint('quiet', reason)}\n`,
    );
  }
}
