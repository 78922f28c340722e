import { type CallName, type Calls, protocolVersion } from '../protocol.ts';
import type { CallContext } from './server.ts';
import type { Supervisor } from './supervisor.ts';

type MethodTable = {
  [Name in CallName]: (
    params: Calls[Name]['params'],
    context: CallContext,
  ) => Promise<Calls[Name]['result']> | Calls[Name]['result'];
};

/** How the supervisor is told to end. */
export interface Ending {
  shutDown(graceMs: number | undefined): Promise<void>;
  handOver(): Promise<void>;
}

/** Calls of a step, by name. */
export function methodsOf(
  supervisor: Supervisor,
  ending: Ending,
  self: { pid: number; startedAt: number },
): MethodTable {
  return {
    hello: () => ({ protocol: protocolVersion, ...self }),
    inspect: () => supervisor.inspect(),
    prepare: async (params, context) => nothing(supervisor.prepare(params, context)),
    switch: (params) => supervisor.switchTo(params),
    follows: (params) => supervisor.follows(params),
    traffic: (params) => supervisor.traffic(params),
    endpoint: (params) => supervisor.endpoint(params),
    retire: (params) => supervisor.retire(params),
    'lease.acquire': (params, { gone }) => supervisor.acquireLease(params, gone),
    'lease.renew': ({ token }, { gone }) => nothing(supervisor.renewLease(token, gone)),
    'lease.release': ({ token }) => nothing(supervisor.releaseLease(token)),
    'lease.read': () => supervisor.readLease(),
    'journal.write': (params) => nothing(supervisor.writeJournal(params)),
    'fault.obstacle': async ({ what }) => ({ obstacle: (await supervisor.faults.obstacle(what)) ?? null }),
    'fault.inject': (params) => nothing(supervisor.faults.inject(params)),
    'fault.read': (params) => supervisor.faults.read(params),
    'fault.revert': async ({ id }) => ({ reverted: await supervisor.faults.revert(id) }),
    'fault.active': () => ({ faults: supervisor.faults.active() }),
    exec: (params, { signal }) => supervisor.exec(params, signal),
    shutdown: ({ graceMs }) => nothing(ending.shutDown(graceMs)),
    handover: () => nothing(ending.handOver()),
  };
}

const nothing = async (done: Promise<void>): Promise<Record<string, never>> => {
  await done;
  return {};
};
