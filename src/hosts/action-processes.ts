import { AsyncLocalStorage } from 'node:async_hooks';
import type { ChildProcess } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { messageOf } from '../platform/errors.ts';
import type { Processes, Ran, RunOptions } from '../platform/processes.ts';

/** The part of @actions/exec that is used. */
export interface Exec {
  getExecOutput(
    commandLine: string,
    args: string[],
    options: {
      cwd?: string;
      env?: Record<string, string>;
      input?: Buffer;
      silent: boolean;
      ignoreReturnCode: boolean;
    },
  ): Promise<{ exitCode: number; stdout: string; stderr: string }>;
}

/** Whoever starts a child process inside `run` is told here, since @actions/exec does not hand its child out. */
const starting = new AsyncLocalStorage<(child: ChildProcess) => void>();
const onStart = (message: unknown) => {
  const { process: child } = message as { process: ChildProcess };
  starting.getStore()?.(child);
};

/**
 * Child processes through @actions/exec, which finds programs as other actions do. It can neither be aborted nor
 * given a time limit; both are added here, by Node's `child_process` diagnostics channel.
 */
export function actionProcesses(load: () => Promise<Exec>): Processes {
  return { run: async (argv, options = {}) => runOne(await load(), argv, options) };
}

async function runOne(exec: Exec, [program, ...args]: readonly string[], options: RunOptions): Promise<Ran> {
  options.signal?.throwIfAborted();
  let child: ChildProcess | undefined;
  const kill = () => child?.kill('SIGKILL');
  const timer = setTimeout(kill, options.timeoutMs ?? 60_000);
  options.signal?.addEventListener('abort', kill, { once: true });
  subscribe('child_process', onStart);
  try {
    const ran = await starting.run(
      (started) => {
        child = started;
        // A child that does not read its input closes the pipe early; its exit code tells the rest. The pipe is there only
        // once the child is, and an error of it comes in a later tick.
        process.nextTick(() => started.stdin?.on('error', () => {}));
      },
      () => exec.getExecOutput(`"${program}"`, args, execOptions(options)),
    );
    options.signal?.throwIfAborted();
    const signal = child?.signalCode ?? null;
    return { code: signal ? null : ran.exitCode, signal, stdout: ran.stdout, stderr: ran.stderr };
  } catch (error) {
    options.signal?.throwIfAborted();
    throw notFound(error) ? Object.assign(new Error(messageOf(error)), { code: 'ENOENT' }) : error;
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', kill);
    unsubscribe('child_process', onStart);
  }
}

const execOptions = (options: RunOptions) => ({
  ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  ...(options.env === undefined ? {} : { env: options.env }),
  input: Buffer.from(options.input ?? ''),
  silent: true,
  ignoreReturnCode: true,
});

/** @actions/exec has no error codes; it says so in words. */
const notFound = (error: unknown) => /Unable to locate executable file/.test(messageOf(error));
