import { UserError } from '../../platform/errors.ts';
import type { FaultControl, FaultReading } from '../fault.ts';
import { localDisturbances } from './disturbances.ts';
import type { Session } from './session.ts';
import { readState } from './state.ts';

/** Faults are the supervisor's; without one, what is written down about them is read from the state. */
export function faultsOf(session: Session): FaultControl {
  const { platform, stateFolder } = session;
  return {
    kinds: localDisturbances,
    obstacle: async (what) => {
      const told = await session.ask('fault.obstacle', { what });
      return told ? (told.obstacle ?? undefined) : 'nothing runs here: there is no supervisor';
    },
    inject: async (request) => {
      await session.call('fault.inject', request);
    },
    read: async ({ id, instances, component }) => {
      const told = await session.ask('fault.read', { id: id ?? null, instances, component });
      if (told) return completed(told);
      throw new UserError('nothing runs here: there is no supervisor', { next: 'cutover status' });
    },
    revert: async (id) => {
      const told = await session.ask('fault.revert', { id });
      if (told) return told.reverted;
      const { faults } = await readState(platform.files, stateFolder);
      if (!faults.some((fault) => fault.id === id)) return 'gone';
      return (await session.call('fault.revert', { id })).reverted;
    },
    active: async () => {
      const told = await session.ask('fault.active', {});
      if (told) return told.faults;
      const { faults } = await readState(platform.files, stateFolder);
      return faults.map(({ id, what, since, until }) => ({ id, what, since, until }));
    },
  };
}

/** JSON leaves out what is undefined; the contract has it. */
const completed = (told: FaultReading): FaultReading => ({
  at: told.at,
  instances: told.instances.map((one) => ({
    ...one,
    pid: one.pid ?? undefined,
    identity: one.identity ?? undefined,
  })),
  touched: told.touched ?? undefined,
  passedBytes: told.passedBytes ?? undefined,
  cpuMs: told.cpuMs ?? undefined,
  memoryBytes: told.memoryBytes ?? undefined,
  diskBytes: told.diskBytes ?? undefined,
  memoryAvailableBytes: told.memoryAvailableBytes ?? undefined,
  diskFreeBytes: told.diskFreeBytes ?? undefined,
  syncWriteMs: told.syncWriteMs ?? undefined,
});
