import { join } from 'node:path';
import { identityOf } from '../../../platform/daemons.ts';
import { messageOf } from '../../../platform/errors.ts';
import type { Platform } from '../../../platform/platform.ts';
import { keepPrivate, makePrivate, makePrivateFolder } from '../../../platform/private-files.ts';
import { listenUnix, type Socket } from '../../../platform/sockets.ts';
import { type Occupation, occupy } from '../occupancy.ts';
import { pathsIn, socketPathFor } from '../paths.ts';
import { createProxy } from '../proxy/proxy.ts';
import { readState } from '../state.ts';
import { methodsOf } from './methods.ts';
import { Ports } from './ports.ts';
import { serve } from './server.ts';
import { createStore } from './store.ts';
import type { Supervision } from './supervision.ts';
import { Supervisor } from './supervisor.ts';

/** How often timers are looked at, and whether the state folder is still there. */
const tickMs = 250;
const ticksPerFolderCheck = 4;
const ticksPerLogCheck = 40;
/** Processes whose folder was removed get no longer than this to end. */
const graceWithoutFolderMs = 2_000;

/**
 * Supervises a state folder until told to end, or until the folder is gone. Resolves at once when another supervisor
 * has it.
 */
export async function superviseFolder(start: {
  /** Must be there: a starter that comes late must not make a folder anew that was removed. */
  stateFolder: string;
  /** Newest generation that the starter saw; see {@link occupy}. */
  after: number | undefined;
  platform: Platform;
  log: (text: string) => void;
}): Promise<void> {
  const { stateFolder, after, platform, log } = start;
  const self = await introduce(stateFolder);
  await keepPrivate(stateFolder);
  await makePrivateFolder(self.socketFolder);
  const occupation = await occupy(platform, stateFolder, { ...self.occupant, after });
  if (!occupation) return log('came late: another supervisor has come and gone');
  if (!('holds' in occupation)) {
    log(`pid ${occupation.pid} supervises ${stateFolder} already`);
    return;
  }
  try {
    await superviseAlone({ stateFolder, platform, log, occupation, socket: self.occupant.socket });
  } finally {
    await occupation.end();
  }
}

async function introduce(stateFolder: string) {
  const identity = await identityOf(process.pid);
  if (!identity) throw new Error('cannot read my own start time');
  const socket = socketPathFor(stateFolder, process.getuid?.() ?? 0);
  return { socketFolder: socket.folder, occupant: { pid: process.pid, identity, socket: socket.path } };
}

interface Post {
  stateFolder: string;
  platform: Platform;
  log: (text: string) => void;
  occupation: Occupation;
  socket: string;
}

async function superviseAlone(post: Post): Promise<void> {
  const { stateFolder, platform, log, occupation, socket } = post;
  await removeTemporaries(stateFolder, platform);
  const paths = pathsIn(stateFolder);
  const initial = await readState(platform.files, stateFolder);
  const store = createStore({
    files: platform.files,
    path: paths.state,
    initial,
    mayWrite: () => occupation.holds(),
  });
  const supervision: Supervision = {
    platform,
    store,
    paths,
    ports: new Ports(),
    execPath: process.execPath,
    log,
  };
  const supervisor = new Supervisor(supervision, (component) =>
    createProxy({ component, clock: platform.clock, random: platform.random }),
  );
  await supervisor.resume();
  log(`supervises ${stateFolder}, pid ${process.pid}`);
  const end = await answerUntilTold(post, supervisor);
  log(end.reason);
  await end.last();
  await platform.files.remove(socket);
}

interface End {
  reason: string;
  last: () => Promise<void>;
}

/** Resolves with how to end, once the processes are stopped or left alone as asked. */
async function answerUntilTold(post: Post, supervisor: Supervisor): Promise<End> {
  const { platform, log, socket } = post;
  const connections = new Set<Socket>();
  let tell: (end: End) => void = () => {};
  const told = new Promise<End>((resolve) => {
    tell = resolve;
  });
  const closeConnections = async () => {
    // The answer to whoever asked is on its way; give it the time to leave.
    await platform.clock.sleep(20);
    for (const connection of connections) connection.destroy();
  };
  const once = ending(supervisor, (reason) => tell({ reason, last: closeConnections }));
  const methods = methodsOf(supervisor, once, { pid: process.pid, startedAt: platform.clock.now() });
  await platform.files.remove(socket);
  const server = await listenUnix(socket, (connection) => {
    connections.add(connection);
    connection.on('close', () => connections.delete(connection));
    serve(connection, methods, log);
  });
  await makePrivate(socket);
  process.once('SIGTERM', () => void once.shutDown(undefined));
  process.once('SIGINT', () => void once.shutDown(undefined));
  process.once('SIGUSR2', () => void once.handOver());
  const stopTicking = keepTicking(post, supervisor, () => once.shutDown(graceWithoutFolderMs));
  try {
    return await told;
  } finally {
    stopTicking();
    server.close();
  }
}

/** Both ways to end, of which the first one asked for happens. */
function ending(supervisor: Supervisor, ended: (reason: string) => void) {
  let begun: Promise<void> | undefined;
  const begin = (work: () => Promise<void>, reason: string) => {
    begun ??= work().then(() => ended(reason));
    return begun;
  };
  return {
    shutDown: (graceMs: number | undefined) =>
      begin(() => supervisor.shutDown(graceMs), 'stopped everything'),
    handOver: () => begin(() => supervisor.abandon(), 'leaves the processes to the next supervisor'),
  };
}

/** Timers, log sizes, and the end of the workspace. */
function keepTicking(post: Post, supervisor: Supervisor, onGone: () => Promise<void>): () => void {
  const { log, occupation } = post;
  let ticks = 0;
  const complain = (error: unknown) => log(messageOf(error));
  const timer = setInterval(() => {
    ticks += 1;
    supervisor.tick();
    if (ticks % ticksPerLogCheck === 0) supervisor.boundLogs().catch(complain);
    if (ticks % ticksPerFolderCheck !== 0) return;
    occupation.holds().then((holds) => {
      if (holds) return;
      log('the state folder is gone');
      onGone().catch(complain);
    }, complain);
  }, tickMs);
  return () => clearInterval(timer);
}

/** Removes what writers left that were killed between writing and renaming. */
async function removeTemporaries(stateFolder: string, platform: Platform): Promise<void> {
  for (const folder of [stateFolder, join(stateFolder, 'journal')]) {
    for (const name of await platform.files.list(folder)) {
      const pid = /^\.(\d+)-\d+\.tmp$/.exec(name)?.[1];
      if (pid === undefined) continue;
      if ((await identityOf(Number(pid))) === undefined) await platform.files.remove(join(folder, name));
    }
  }
}
