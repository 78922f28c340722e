import { Cancelled } from '../platform/errors.ts';
import { exitCodes } from './exit-codes.ts';

/**
 * A runner sends SIGINT, SIGTERM 7.5 s later and kills 2.5 s after that (actions/runner, ProcessInvoker.cs). A run has to
 * be over long before: it stops changing things within 1 s and is gone after 2.
 */
export const exitWithinMs = 2_000;

/** The part of `process` that signals need. */
export interface SignalSource {
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  exit(code: number): void;
}

export interface Interruption {
  /** Aborts with a `Cancelled` at the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  /** The command that resumes the run, known once the inputs are read. */
  resumeWith(command: string): void;
}

/**
 * Turns signals into one AbortSignal. A second signal ends the process at once; so does the end of the two seconds,
 * after `onDeadline` has told the resume command. Both exit with 130.
 */
export function interruptible(
  source: SignalSource,
  onDeadline: (cancelled: Cancelled) => void,
): Interruption {
  const controller = new AbortController();
  let resume: string | undefined;
  const interrupt = (name: string) => {
    if (controller.signal.aborted) return source.exit(exitCodes.cancelled);
    const cancelled = new Cancelled(`cancelled by ${name}`, resume === undefined ? {} : { next: resume });
    setTimeout(() => {
      onDeadline(cancelled);
      source.exit(exitCodes.cancelled);
    }, exitWithinMs - 150).unref();
    controller.abort(cancelled);
  };
  source.on('SIGINT', () => interrupt('SIGINT'));
  source.on('SIGTERM', () => interrupt('SIGTERM'));
  return {
    signal: controller.signal,
    resumeWith: (command) => {
      resume = command;
    },
  };
}
