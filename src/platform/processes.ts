export interface Ran {
  /** The exit code, or null when a signal ended it. */
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  cwd?: string;
  /** The whole environment of the child; defaults to ours. */
  env?: Record<string, string>;
  /** Written to its standard input; secrets go here, never into argv. */
  input?: string;
  /** Ends the child with SIGKILL after this many milliseconds. Default 60,000. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

/** Child processes that are run to their end. Arguments are an array; no shell is ever involved. */
export interface Processes {
  /** Resolves whatever the exit code is; rejects when the program cannot be started (`ENOENT`). */
  run(argv: readonly [string, ...string[]], options?: RunOptions): Promise<Ran>;
}

/** Loaded with the first process: it costs every start that needs none a millisecond or two. */
const loadChildProcess = async () =>
  process.getBuiltinModule?.('node:child_process') ?? (await import('node:child_process'));

export const systemProcesses: Processes = {
  run: async ([program, ...args], options = {}) => {
    const { spawn } = await loadChildProcess();
    return new Promise((resolve, reject) => {
      const child = spawn(program, args, {
        cwd: options.cwd,
        env: options.env ?? process.env,
        stdio: ['pipe', 'pipe', 'pipe'],
        timeout: options.timeoutMs ?? 60_000,
        killSignal: 'SIGKILL',
        ...(options.signal ? { signal: options.signal } : {}),
      });
      let stdout = '';
      let stderr = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        stdout += text;
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr += text;
      });
      // A child that does not read its input closes the pipe early; its exit code tells the rest.
      child.stdin.on('error', () => {});
      child.on('error', reject);
      child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
      child.stdin.end(options.input ?? '');
    });
  },
};
