import type { Component } from '../../../config/model.ts';
import type { Clock } from '../../../platform/clock.ts';
import {
  type Exit,
  findGroupLeader,
  groupRuns,
  identityOf,
  signalGroup,
  startDaemon,
} from '../../../platform/daemons.ts';
import type { StoredInstance } from '../state.ts';

/** A process of an instance that runs, started by this supervisor or an earlier one. */
export interface Running {
  pid: number;
  /** Undefined where it ended before it could be asked. */
  identity: string | undefined;
  /** Undefined when it is not known how it ended. Rejects with the signal's reason. */
  ended(signal: AbortSignal): Promise<Exit | undefined>;
}

/** How often an adopted process is looked at; it is nobody's child any more, so nothing tells us of its end. */
const adoptedPollMs = 200;

/** The variable by which a process is found whose id could not be written down; see {@link StoredInstance.startId}. */
export const startIdVariable = 'CUTOVER_START';

/** argv as started: a bare `node` is the Node that runs the supervisor, whatever PATH has. */
export function argvOf(run: Component['run'], execPath: string): readonly [string, ...string[]] {
  const [program, ...args] = run;
  return program === 'node' ? [execPath, ...args] : run;
}

export async function startProcess(start: Parameters<typeof startDaemon>[0]): Promise<Running> {
  const { pid, exited } = await startDaemon(start);
  return { pid, identity: await identityOf(pid), ended: (signal) => orAborted(exited, signal) };
}

/** Finds the process of an instance again after a supervisor died; undefined when it is gone. */
export async function findProcess(stored: StoredInstance, clock: Clock): Promise<Running | undefined> {
  if (stored.startId === '') return undefined;
  const pid = stored.pid ?? (await findGroupLeader(startIdVariable, stored.startId));
  if (pid === undefined) return undefined;
  const identity = await identityOf(pid);
  if (identity === undefined) {
    // The leader is gone. Nobody gets its id as long as its group has members, so these are its children.
    if (await sameBoot(stored.identity)) signalGroup(pid, 'SIGKILL');
    return undefined;
  }
  if (stored.pid !== null && identity !== stored.identity) return undefined;
  const ended = async (signal: AbortSignal) => {
    while ((await identityOf(pid)) === identity) await clock.sleep(adoptedPollMs, signal);
    return undefined;
  };
  return { pid, identity, ended };
}

/** On Linux identities begin with the boot's id; elsewhere nothing tells, so nothing is the same. */
async function sameBoot(identity: string | null): Promise<boolean> {
  const [boot, start] = (await identityOf(process.pid))?.split('/') ?? [];
  return start !== undefined && identity?.split('/')[0] === boot;
}

/** Stops waiting for a promise, with the signal's reason. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** A killed process ends as soon as the kernel lets it; a system call that hangs can hold it for so long. */
const killedWithinMs = 10_000;

/**
 * Ends a process group: SIGTERM, after the grace SIGKILL. Resolves when none of it runs any more. The grace may become
 * shorter meanwhile.
 * @throws Error when the kernel does not end it
 */
export async function endGroup(group: number, graceMs: () => number, clock: Clock): Promise<void> {
  signalGroup(group, 'SIGTERM');
  // One that is frozen would hear of it only when it goes on.
  signalGroup(group, 'SIGCONT');
  const told = clock.monotonic();
  for (let pause = 5; await groupRuns(group); pause = Math.min(pause * 2, 100)) {
    const over = clock.monotonic() - told - graceMs();
    if (over >= killedWithinMs) throw new Error(`process group ${group} does not end on SIGKILL`);
    if (over >= 0) signalGroup(group, 'SIGKILL');
    await clock.sleep(pause);
  }
}

/** `exited with code 3`, in the words of a message. */
export function causeOf(exit: Exit | undefined): string {
  if (!exit) return 'its process is gone';
  return exit.signal ? `was ended by ${exit.signal}` : `exited with code ${exit.code}`;
}
