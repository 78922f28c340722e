import { exitCodes } from '../hosts/exit-codes.ts';
import { explain } from '../hosts/failure.ts';
import { interruptible } from '../hosts/interrupt.ts';
import { type Terminal, terminal } from '../hosts/terminal.ts';
import { about } from '../platform/about.ts';
import { Cancelled, UserError } from '../platform/errors.ts';
import { type Platform, systemPlatform } from '../platform/platform.ts';
import { type Invocation, parseCommandLine } from './arguments.ts';
import { helpFor, overview } from './commands.ts';
import type { Output } from './output.ts';

type Run = Extract<Invocation, { kind: 'run' }>;

/** Runs a command line to its end. @returns the exit code */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  try {
    if (process.platform === 'win32') throw new UserError('Cutover runs on Linux and macOS, not on Windows');
    refuseOldNode(process.versions.node);
    const invocation = parseCommandLine(argv);
    if (invocation.kind === 'run') return await run(invocation);
    process.stdout.write(textOf(invocation));
    return exitCodes.passed;
  } catch (error) {
    return tell(error, (text) => process.stderr.write(text));
  }
}

/** The runtime that the actions declare; on older ones the meter measures nothing. */
const oldestNode = 24;

/** @throws UserError where the command would run on a Node that it is not made for */
export function refuseOldNode(version: string): void {
  if (Number.parseInt(version, 10) >= oldestNode) return;
  throw new UserError(`Cutover needs Node ${oldestNode} or newer, and this is ${version}`, {
    next: 'npm exec -- node dist/cli/index.js, in a clone: it brings its own Node',
  });
}

function textOf(invocation: Exclude<Invocation, Run>): string {
  if (invocation.kind === 'version') return `${about.version}\n`;
  return invocation.kind === 'help' ? helpFor(invocation.command) : overview();
}

/** Prints an error: first line the problem, then what to do. @returns the exit code */
function tell(error: unknown, write: (text: string) => void): number {
  const { text, details, exitCode } = explain(error);
  write(`${[text, ...details].join('\n')}\n`);
  return exitCode;
}

async function run(invocation: Run): Promise<number> {
  const { options } = invocation;
  const platform = systemPlatform((event) => shown.emit(event));
  const shown: Terminal = terminal({
    stream: options.output === 'json' ? process.stderr : process.stdout,
    env: platform.env,
    clock: platform.clock,
    detail: options.detail,
  });
  process.on('exit', () => shown.close());
  const output: Output = {
    format: options.output,
    terminal: shown,
    json: (value) => process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`),
  };
  try {
    return await perform(invocation, platform, output);
  } catch (error) {
    shown.close();
    if (options.output === 'json') output.json(failureJson(error));
    return tell(error, (text) => process.stderr.write(text));
  }
}

function failureJson(error: unknown) {
  const { text } = explain(error);
  const next = error instanceof UserError ? error.next : undefined;
  return {
    verdict: error instanceof Cancelled ? 'cancelled' : 'failed',
    error: text,
    ...(next ? { next } : {}),
  };
}

async function perform(
  { command, options, operand, operands = [] }: Run,
  platform: Platform,
  output: Output,
): Promise<number> {
  if (command === 'report') {
    const { report } = await import('./report.ts');
    return report({ options, operand }, platform, output);
  }
  if (command === 'explain') {
    const { explainRule } = await import('./explain.ts');
    return explainRule(operand, output);
  }
  if (command === 'validate') {
    const { validate } = await import('./validate.ts');
    return validate({ options, paths: operands }, platform, output);
  }
  if (command === 'status') {
    const { status } = await import('./status.ts');
    const { file, environment, stateFolder } = options;
    return status({ configPath: file, environment, stateFolder }, platform, output);
  }
  if (command === 'stop') {
    const { stop } = await import('./stop.ts');
    const { file, environment, stateFolder } = options;
    return stop({ configPath: file, environment, stateFolder }, platform, output);
  }
  const interruption = interruptible(process, (cancelled) => {
    output.terminal.close();
    tell(cancelled, (text) => process.stderr.write(text));
  });
  if (command === 'smoke' || command === 'chaos') {
    const proof = await import('./proof.ts');
    const { signal } = interruption;
    if (command === 'smoke') return proof.smoke(options, platform, { signal, output });
    interruption.resumeWith(proof.resumeOfChaos(options));
    return proof.chaos({ options, operand }, platform, { signal, output });
  }
  const { release, requestOf } = await import('./release.ts');
  const request = requestOf(command, options);
  interruption.resumeWith(request.resume);
  return release(request, platform, { signal: interruption.signal, output });
}
