import type { Deed } from '../deed.ts';
import type { Reading } from '../reading.ts';
import type { Arguments } from './arguments.ts';

/** A function of Chaos Toolkit's extensions and what is done instead of it. */
export interface ToolkitFunction {
  /** Every name it goes by: `chaosk8s.pod.actions.terminate_pods`. */
  names: readonly string[];
  /** For the docs, one sentence. */
  does: string;
  /** Kinds of targets where it has a meaning. */
  targets: readonly string[];
  /** Names of its arguments; others are refused. */
  arguments: readonly string[];
  /** Undefined when something is wrong, which was collected. */
  read(args: Arguments, reading: Reading): Pick<Deed, 'act' | 'kill'> | undefined;
}
