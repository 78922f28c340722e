import { type ChildProcess, spawn } from 'node:child_process';
import { open, readdir, readFile } from 'node:fs/promises';
import { codeOf } from './errors.ts';
import { isDead, membersOf, procStat } from './process-table.ts';
import { systemProcesses } from './processes.ts';

/** How a process ended. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A process of ours that outlives the one that started it. */
export interface Daemon {
  /** Also the id of its process group. */
  pid: number;
  /** Resolves when it ends, as long as the process that started it lives. */
  exited: Promise<Exit>;
}

export interface DaemonStart {
  argv: readonly [string, ...string[]];
  cwd: string;
  /** The whole environment; nothing is inherited. */
  env: Readonly<Record<string, string>>;
  /** Standard output and error are appended to this file, also after the starter is gone. */
  output: string;
}

/**
 * Starts a process in a session and process group of its own. Rejects with the system error (`ENOENT`, `EACCES`) when
 * the program cannot be started. It does not keep the starter alive.
 */
export async function startDaemon(start: DaemonStart): Promise<Daemon> {
  const output = await open(start.output, 'a', 0o600);
  try {
    const [program, ...args] = start.argv;
    const child = spawn(program, args, {
      cwd: start.cwd,
      env: start.env,
      detached: true,
      stdio: ['ignore', output.fd, output.fd],
    });
    const exited = new Promise<Exit>((resolve) => {
      child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    const pid = await spawned(child);
    child.unref();
    return { pid, exited };
  } finally {
    await output.close();
  }
}

function spawned(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => resolve(child.pid ?? 0));
  });
}

/** Sends a signal (0: none, only asks) to a whole process group; false when nobody is in it. */
export function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  // A group of 0 or 1 would be our own or everybody.
  if (!Number.isInteger(group) || group < 2) return false;
  try {
    process.kill(-group, signal);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ESRCH' || codeOf(error) === 'EPERM') return false;
    throw error;
  }
}

let bootId: string | undefined;

async function readBootId(): Promise<string> {
  bootId ??= (await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')).trim();
  return bootId;
}

/**
 * What tells one process from a later one with the same id: on Linux the boot and the start time in clock ticks, on
 * macOS the start time to the second. Undefined when there is no such process or only its remains (a zombie).
 */
export async function identityOf(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    const stat = await procStat(pid);
    return stat?.runs ? `${await readBootId()}/${stat.startTicks}` : undefined;
  }
  const ran = await systemProcesses.run(['ps', '-o', 'stat=,lstart=', '-p', String(pid)]);
  const [state, ...start] = ran.stdout.trim().split(/\s+/);
  return ran.code === 0 && state && !isDead(state) ? start.join(' ') : undefined;
}

/** True while any process of the group runs; zombies that nobody has collected do not count. */
export async function groupRuns(group: number): Promise<boolean> {
  return signalGroup(group, 0) && (await membersOf(group)).length > 0;
}

/**
 * The leader of a process group that was started with `name=value` in its environment, for a starter that died before
 * it could write the process id down. Only Linux can tell; undefined elsewhere.
 */
export async function findGroupLeader(name: string, value: string): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
    if (!environment.split('\0').includes(`${name}=${value}`)) continue;
    const stat = await procStat(pid);
    if (stat?.runs && String(stat.group) === pid) return Number(pid);
  }
  return undefined;
}
