import { about } from '../platform/about.ts';
import { Cancelled, UsageError, UserError } from '../platform/errors.ts';
import { exitCodes } from './exit-codes.ts';
import { InvalidInputs } from './inputs.ts';

/** What is told about something that was thrown. */
export interface Failure {
  /** First line: the problem. */
  text: string;
  /** Lines below it: the next command, a page of the documentation, or the stack of a bug. */
  details: readonly string[];
  exitCode: number;
}

/** The address of a page of docs/. `source` is `owner/name/ref` where that is known, as it is on a runner. */
export function docsLink(
  page: string,
  source: { slug: string; ref: string } = { slug: about.slug, ref: 'main' },
): string {
  return `https://github.com/${source.slug}/blob/${source.ref}/${page}`;
}

/** A user's error in one line with what to do next; anything else is a bug and shows its stack. */
export function explain(error: unknown, link: (page: string) => string = (page) => docsLink(page)): Failure {
  if (error instanceof UserError) {
    const several = error instanceof InvalidInputs && error.problems.length > 1 ? error.problems : [];
    const details = [
      ...several,
      ...(error.next === undefined ? [] : [`next: ${error.next}`]),
      ...(error.docs === undefined ? [] : [`docs: ${link(error.docs)}`]),
    ];
    const text = several.length > 0 ? `${several.length} inputs cannot be used` : error.message;
    return { text, details, exitCode: exitCodeOf(error) };
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    text: `a bug in cutover ${about.version}: ${error instanceof Error ? error.message : String(error)}`,
    details: [...stack.split('\n'), `next: report it at https://github.com/${about.slug}/issues`],
    exitCode: exitCodes.failed,
  };
}

function exitCodeOf(error: UserError): number {
  if (error instanceof Cancelled) return exitCodes.cancelled;
  return error instanceof UsageError ? exitCodes.usage : exitCodes.failed;
}
