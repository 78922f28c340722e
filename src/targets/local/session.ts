import { identityOf } from '../../platform/daemons.ts';
import { UserError } from '../../platform/errors.ts';
import type { Platform } from '../../platform/platform.ts';
import { type CallOptions, type Connection, ConnectionBroken } from './client.ts';
import { findOccupant } from './occupancy.ts';
import { inspectOffline } from './offline.ts';
import { type CallName, type Calls, protocolVersion } from './protocol.ts';
import { connectIfRunning, connectOrStart } from './start.ts';
import { readState } from './state.ts';

/** A step's way to the supervisor of one state folder; connects when something is asked. */
export interface Session {
  readonly platform: Platform;
  readonly stateFolder: string;
  /** Asks the supervisor, which is started when none runs. */
  call<Name extends CallName>(
    name: Name,
    params: Calls[Name]['params'],
    options?: CallOptions,
  ): Promise<Calls[Name]['result']>;
  /** Asks the supervisor only if one runs; undefined otherwise. */
  ask<Name extends CallName>(
    name: Name,
    params: Calls[Name]['params'],
  ): Promise<Calls[Name]['result'] | undefined>;
  /** Stops everything and waits until the supervisor is gone. */
  shutDown(graceMs: number | undefined): Promise<void>;
  close(): void;
}

/** A killed process is gone within milliseconds; one that stops its components may take longer, but does not answer. */
const greetings = 20;
const greetingPauseMs = 50;

export function openSession(platform: Platform, stateFolder: string): Session {
  let connection: Promise<Connection> | undefined;

  const greeted = async (connect: () => Promise<Connection | undefined>) => {
    for (let attempt = 1; ; attempt += 1) {
      const found = await connect();
      try {
        if (found) await greet(found);
        return found;
      } catch (error) {
        found?.close();
        // A supervisor that is just ending may still take a connection.
        if (!(error instanceof ConnectionBroken) || attempt === greetings) throw error;
        await platform.clock.sleep(greetingPauseMs);
      }
    }
  };
  const usable = async (): Promise<Connection | undefined> => {
    const known = await connection?.catch(() => undefined);
    return known?.isOpen ? known : undefined;
  };
  const connected = async (): Promise<Connection> => {
    const known = await usable();
    if (known) return known;
    const connecting = greeted(() => connectOrStart(platform, stateFolder)).then((found) => {
      if (found) return found;
      throw new UserError('the supervisor cannot be reached');
    });
    connection = connecting;
    return connecting;
  };
  const connectedIfRunning = async (): Promise<Connection | undefined> => {
    const known = await usable();
    if (known) return known;
    const found = await greeted(() => connectIfRunning(platform, stateFolder));
    if (found) connection = Promise.resolve(found);
    return found;
  };

  return {
    platform,
    stateFolder,
    call: (name, params, options) => {
      const once = async () => (await connected()).call(name, params, options);
      return unrepeatable.has(name) ? once() : twice(once, options?.signal);
    },
    ask: (name, params) => twice(async () => (await connectedIfRunning())?.call(name, params)),
    shutDown: async (graceMs) => {
      const occupant = await findOccupant(platform.files, stateFolder);
      // Processes that a killed supervisor left can only be ended by one that adopts them.
      if (!occupant && !(await leftProcesses(platform, stateFolder))) return;
      const found = await connectOrStart(platform, stateFolder);
      const { pid } = await found.call('hello', {});
      const identity = await identityOf(pid);
      await found.call('shutdown', graceMs === undefined ? {} : { graceMs });
      found.close();
      while (identity !== undefined && (await identityOf(pid)) === identity) await platform.clock.sleep(20);
    },
    close: () => {
      void connection?.then((open) => open.close()).catch(() => {});
      connection = undefined;
    },
  };
}

async function leftProcesses(platform: Platform, stateFolder: string): Promise<boolean> {
  const state = await readState(platform.files, stateFolder);
  // Agents of faults are processes, too.
  if (state.faults.length > 0) return true;
  const { components } = await inspectOffline(state);
  const colors = Object.values(components).flatMap((component) => Object.values(component.colors));
  return colors.some(({ instances }) => instances.some(({ pid }) => pid !== undefined));
}

/**
 * Every other effect can be repeated. The second compare-and-set would not know that the first one was its own; a command may
 * have run already; and a fault that the next supervisor has taken back is not to come again behind the caller's back.
 */
const unrepeatable: ReadonlySet<CallName> = new Set(['switch', 'exec', 'fault.inject']);

/** Once more where the supervisor died under the first call: the next one adopts what it left. */
async function twice<T>(call: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof ConnectionBroken) || signal?.aborted) throw error;
    return call();
  }
}

/** @throws UserError when the supervisor was started by another version that cannot be talked to */
async function greet(connection: Connection): Promise<void> {
  const { protocol, pid } = await connection.call('hello', {});
  if (protocol === protocolVersion) return;
  throw new UserError(
    `the supervisor (pid ${pid}) speaks protocol ${protocol}, this version of Cutover speaks ${protocolVersion}. It can be ended without its processes; the next step adopts them, and the proxy's port is closed in between`,
    { next: `kill -USR2 ${pid}`, docs: 'docs/local-target.md#supervisor' },
  );
}
