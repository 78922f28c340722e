import { spawn } from 'node:child_process';
import { signalGroup } from './daemons.ts';

export interface GroupRun {
  argv: readonly [string, ...string[]];
  cwd: string;
  /** The whole environment; nothing is inherited. */
  env: Readonly<Record<string, string>>;
  timeoutMs: number;
  /** More output than so many bytes is read and thrown away. */
  largestOutput: number;
  signal: AbortSignal;
}

/** How it ended, with the beginning of its output. */
export interface GroupRan {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  timedOut: boolean;
}

/** Output of a program that has ended arrives at once; a process that left its group may hold the pipe for ever. */
const outputWithinMs = 500;

/**
 * Runs a program in a process group of its own, of which nothing is left when it resolves: at the timeout, when the
 * signal aborts, and when the program ends, the whole group is killed. Rejects with the system error (`ENOENT`) when it
 * cannot be started.
 */
export function runInGroup(run: GroupRun): Promise<GroupRan> {
  return new Promise((resolve, reject) => {
    const [program, ...args] = run.argv;
    const child = spawn(program, args, {
      cwd: run.cwd,
      env: run.env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const stdout = beginningOf(child.stdout, run.largestOutput);
    const stderr = beginningOf(child.stderr, run.largestOutput);
    let timedOut = false;
    const kill = () => void signalGroup(child.pid ?? 0, 'SIGKILL');
    const timer = setTimeout(() => {
      timedOut = true;
      kill();
    }, run.timeoutMs);
    const letGo = () => {
      clearTimeout(timer);
      run.signal.removeEventListener('abort', kill);
    };
    run.signal.addEventListener('abort', kill, { once: true });
    child.once('spawn', () => run.signal.aborted && kill());
    child.once('error', (error) => {
      letGo();
      reject(error);
    });
    child.once('exit', (code, signal) => {
      letGo();
      kill();
      const end = () => {
        clearTimeout(late);
        for (const stream of [child.stdout, child.stderr]) stream.destroy();
        resolve({ code, signal, stdout: stdout(), stderr: stderr(), timedOut });
      };
      const late = setTimeout(end, outputWithinMs);
      child.once('close', end);
    });
  });
}

function beginningOf(stream: NodeJS.ReadableStream, limit: number): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    if (size < limit) chunks.push(chunk.subarray(0, limit - size));
    size += chunk.length;
  });
  return () => Buffer.concat(chunks).toString('utf8');
}
