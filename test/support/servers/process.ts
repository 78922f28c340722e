import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, chownSync, constants, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../../src/platform/sockets.ts';

/** Another user of this machine. */
export interface User {
  uid: number;
  gid: number;
}

export interface ServerSpec {
  /** The program and its arguments; no secrets, everybody can read them. */
  argv: readonly [string, ...string[]];
  /** Folder of the server's data, from `temporaryFolder`; removed with it. */
  folder: string;
  /** Written to its standard input. */
  input?: string;
  user?: User | undefined;
  /** Signal that ends it without leaving anything in the system, and at once. */
  endWith?: 'SIGKILL' | 'SIGQUIT';
  /** Whether it can be used; whatever it throws means not yet. */
  ready: () => Promise<unknown>;
}

export interface RunningServer {
  readonly pid: number;
  readonly folder: string;
  /** Frozen when it resolves: connections are taken by the system, and nobody answers. */
  pause(): Promise<void>;
  resume(): void;
  /** Ends it by its pid and removes its folder. */
  end(): Promise<void>;
}

/** The path of a program in PATH, or beside it where the distribution hides it; undefined where there is none. */
export function findProgram(name: string, places: readonly string[] = []): string | undefined {
  const folders = [
    ...places,
    ...(process.env['PATH'] ?? '').split(delimiter),
    '/usr/sbin',
    '/usr/local/sbin',
  ];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Someone else to be for servers that refuse to run as root; undefined where we are not root. */
export function unprivilegedUser(...names: readonly string[]): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of names) {
    const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(':') ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error(`there is no user ${names.join(' or ')}`);
}

export function temporaryFolder(name: string, owner?: User): string {
  const folder = mkdtempSync(join(tmpdir(), `cutover-${name}-`));
  if (owner !== undefined) chownSync(folder, owner.uid, owner.gid);
  return folder;
}

/** A free port may be taken before the server has it: then it is tried again with another one. */
export async function startOnFreePort<T>(start: (port: number) => Promise<T>): Promise<T> {
  for (let left = 3; ; left -= 1) {
    try {
      return await start(await freePort('127.0.0.1'));
    } catch (error) {
      if (left === 0 || !/in use/i.test(String(error))) throw error;
    }
  }
}

/** Starts a server and resolves when it is ready. Rejects with what it wrote when it ends before. */
export async function startServer(spec: ServerSpec): Promise<RunningServer> {
  const { folder, endWith = 'SIGKILL' } = spec;
  const child = launch(spec);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4_000);
    });
  }
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const end = async () => {
    if (isRunning(child)) {
      child.kill('SIGCONT');
      child.kill(endWith);
      await ended;
    }
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  };
  try {
    await untilReady(spec, child, () => said);
  } catch (error) {
    await end();
    throw error;
  }
  return {
    pid: child.pid ?? 0,
    folder,
    pause: () => freeze(child),
    resume: () => child.kill('SIGCONT'),
    end,
  };
}

/**
 * On Linux the kernel ends the server when the test run is gone, however that came: `end` is not called when
 * a run is killed.
 */
function launch({ argv, folder, input, user, endWith = 'SIGKILL' }: ServerSpec): ChildProcess {
  const setpriv = process.platform === 'linux' ? findProgram('setpriv') : undefined;
  const leash = setpriv ? [setpriv, '--pdeathsig', endWith.replace('SIG', ''), '--'] : [];
  const [program = '', ...args] = [...leash, ...argv];
  const child = spawn(program, args, {
    cwd: folder,
    // PATH alone: what a developer has set for clients (PGPASSWORD …) is not for a test.
    env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8', TZ: 'UTC' },
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(user ?? {}),
  });
  child.on('error', () => {});
  child.stdin?.on('error', () => {}).end(input ?? '');
  return child;
}

const isRunning = (child: ChildProcess): boolean =>
  child.pid !== undefined && child.exitCode === null && child.signalCode === null;

async function untilReady(
  { argv, ready }: ServerSpec,
  child: ChildProcess,
  said: () => string,
): Promise<void> {
  const deadline = performance.now() + 40_000;
  for (;;) {
    if (!isRunning(child)) throw new Error(`${argv[0]} ended at once: ${said()}`);
    try {
      await ready();
      return;
    } catch (error) {
      if (performance.now() > deadline) {
        throw new Error(`${argv[0]} was not ready within 40 s: ${error}\n${said()}`, { cause: error });
      }
    }
    await delay(25);
  }
}

/** The signal takes a moment to reach every thread of the process. */
async function freeze(child: ChildProcess): Promise<void> {
  child.kill('SIGSTOP');
  if (process.platform !== 'linux') return delay(200);
  while (isRunning(child) && !threadStates(child.pid ?? 0).every((state) => state === 'T')) await delay(5);
}

/** As /proc/<pid>/task/<tid>/stat has them: behind the name, which stands in parentheses. */
function threadStates(pid: number): string[] {
  const tasks = `/proc/${pid}/task`;
  return readdirSync(tasks).map((thread) => {
    const stat = readFileSync(join(tasks, thread, 'stat'), 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).charAt(0);
  });
}
