import type { Processes, Ran, RunOptions } from '../../src/platform/processes.ts';

/** What a fake program answers; undefined: there is no such program. */
export type FakeProgram = (
  argv: readonly string[],
  options: RunOptions,
) => Partial<Ran> | undefined | Promise<Partial<Ran> | undefined>;

export interface FakeProcesses extends Processes {
  /** Every call, in order. */
  readonly calls: { argv: readonly string[]; options: RunOptions }[];
}

/** Runs nothing; each call is answered by `program` and remembered. */
export function fakeProcesses(program: FakeProgram = () => undefined): FakeProcesses {
  const calls: FakeProcesses['calls'] = [];
  return {
    calls,
    run: async (argv, options = {}) => {
      options.signal?.throwIfAborted();
      calls.push({ argv, options });
      const answer = await program(argv, options);
      if (!answer) throw Object.assign(new Error(`spawn ${argv[0]} ENOENT`), { code: 'ENOENT' });
      return { code: 0, signal: null, stdout: '', stderr: '', ...answer };
    },
  };
}
