/**
 * The user's fault or the environment's, as opposed to a bug. Hosts print `message` on one line, then `next` (a command
 * to run) and `docs` (a link); every other error is a bug and prints its stack.
 */
export class UserError extends Error {
  override readonly name: string = 'UserError';
  /** The next command to run, ready to paste. */
  readonly next: string | undefined;
  /** A page of docs/, relative to the repository root, with an anchor: `docs/cutover.md#lease`. */
  readonly docs: string | undefined;

  constructor(message: string, options: { next?: string; docs?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.next = options.next;
    this.docs = options.docs;
  }
}

/** A run was told to stop (SIGINT, SIGTERM, a cancelled workflow). `next` is the command that resumes it. */
export class Cancelled extends UserError {
  override readonly name = 'Cancelled';
}

/** The command line or the inputs cannot be used: exit code 2. */
export class UsageError extends UserError {
  override readonly name: string = 'UsageError';
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The `code` of a Node system error (`ECONNREFUSED`, `ENOENT`), or undefined. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
