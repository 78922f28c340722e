import { fileURLToPath } from 'node:url';
import { startDaemon } from '../../platform/daemons.ts';
import { entryUrl } from '../../platform/entries.ts';
import { UserError } from '../../platform/errors.ts';
import type { Platform } from '../../platform/platform.ts';
import { makePrivateFolder, readEnd } from '../../platform/private-files.ts';
import { baseEnvironment } from './base-environment.ts';
import { type Connection, connectTo } from './client.ts';
import { findOccupant, newestGeneration } from './occupancy.ts';
import { pathsIn } from './paths.ts';
import { readState } from './state.ts';

/** A supervisor is started in about 100 ms; a busy machine may take longer. */
const startWithinMs = 20_000;

/** A connection to the supervisor of a state folder, if one runs. Starts and writes nothing. */
export async function connectIfRunning(
  platform: Platform,
  stateFolder: string,
): Promise<Connection | undefined> {
  const occupant = await findOccupant(platform.files, stateFolder);
  return occupant && connectTo(occupant.socket);
}

/**
 * A connection to the supervisor of a state folder, which is started when there is none. Of several that are started at
 * once one stays.
 * @throws UserError when it cannot be started, with the reason it gave
 */
export async function connectOrStart(platform: Platform, stateFolder: string): Promise<Connection> {
  const running = await connectIfRunning(platform, stateFolder);
  if (running) return running;
  // A damaged state is told here, where somebody reads it.
  await readState(platform.files, stateFolder);
  const deadline = platform.clock.monotonic() + startWithinMs;
  let started: Start = { how: 'gave way' };
  for (let pause = 10; ; pause = Math.min(pause * 1.5, 100)) {
    const connection = await connectIfRunning(platform, stateFolder);
    if (connection) return connection;
    const after = await newestGeneration(platform.files, stateFolder);
    if (await findOccupant(platform.files, stateFolder)) {
      // Somebody is just starting; nothing is to be done but wait.
    } else if (started.how === 'gave way') {
      started = await startSupervisor(platform, stateFolder, after);
    } else if (started.how !== 'starting') {
      throw await notStarted(stateFolder, started.how);
    }
    if (platform.clock.monotonic() > deadline) {
      throw await notStarted(stateFolder, `did not answer within ${startWithinMs / 1000} s`);
    }
    await platform.clock.sleep(pause);
  }
}

/** A supervisor that was started from here. */
interface Start {
  /** `starting` until it ends; then `gave way` to another one, or what it died of. */
  how: string;
}

async function startSupervisor(platform: Platform, stateFolder: string, after: number): Promise<Start> {
  await makePrivateFolder(stateFolder);
  const start: Start = { how: 'starting' };
  const daemon = await startDaemon({
    argv: [process.execPath, fileURLToPath(entryUrl('supervisor')), stateFolder, String(after)],
    cwd: stateFolder,
    env: baseEnvironment(platform.env),
    output: pathsIn(stateFolder).supervisorLog,
  });
  void daemon.exited.then(({ code, signal }) => {
    if (code === 0) start.how = 'gave way';
    else start.how = signal ? `was ended by ${signal}` : `exited with code ${code}`;
  });
  return start;
}

async function notStarted(stateFolder: string, what: string): Promise<UserError> {
  const log = pathsIn(stateFolder).supervisorLog;
  const lines = (await readEnd(log, 4096)).trimEnd().split('\n').slice(-5).join('\n');
  return new UserError(`the supervisor ${what}: ${lines}`, {
    next: `less ${log}`,
    docs: 'docs/local-target.md#supervisor',
  });
}
