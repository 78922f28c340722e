/** How far talking to a peer had come when it failed. */
export type Phase =
  /** Its name was being looked up. */
  | 'lookup'
  /** The connection was being made. */
  | 'connect'
  /** There was a connection, and TLS was being agreed on. */
  | 'tls'
  /** There was a connection, over TLS where that was asked for. */
  | 'answer';

/** Notes on an error how far things had come; the same error comes back. */
export function failedIn(phase: Phase, error: Error): Error {
  return Object.assign(error, { phase });
}

/** What `failedIn` noted; undefined where nothing was. */
export function phaseOf(error: unknown): Phase | undefined {
  if (typeof error !== 'object' || error === null || !('phase' in error)) return undefined;
  return phases.find((phase) => phase === error.phase);
}

const phases: readonly Phase[] = ['lookup', 'connect', 'tls', 'answer'];
