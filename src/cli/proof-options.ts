import { didYouMean } from '../config/suggest.ts';
import { UsageError } from '../platform/errors.ts';
import { type ProvingStage, provingStages } from '../release/proofs.ts';
import type { Options } from './arguments.ts';

/** Options of `smoke` and `chaos` that other commands do not have. */
export interface ProofOptions {
  aim: 'live' | 'standby' | undefined;
  /** Names of checks or experiments; empty: all. */
  only: readonly string[];
  url: string | undefined;
  expectStatus: string | undefined;
  toolkit: string | undefined;
}

type Values = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;

const aims = ['live', 'standby'] as const;

/** @throws UsageError */
export function proofOptions(values: Values): ProofOptions {
  const text = (name: string) => {
    const value = values[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const { only } = values;
  return Object.freeze({
    aim: wordOf('aim', text('aim'), aims),
    only: Array.isArray(only) ? only.map(String) : [],
    url: text('url'),
    expectStatus: text('expect-status'),
    toolkit: text('toolkit'),
  });
}

/** `--skip smoke,chaos` @throws UsageError */
export function skipOf(given: string | undefined): readonly ProvingStage[] {
  const words = (given ?? '').split(/[\s,]+/).filter((word) => word !== '');
  return words.flatMap((word) => wordOf('skip', word, provingStages) ?? []);
}

const chaosModes = ['run', 'plan', 'revert'] as const;

/** @throws UsageError */
export const chaosModeOf = (given: string | undefined) => wordOf('mode', given, chaosModes) ?? 'run';

function wordOf<const W extends string>(
  name: string,
  given: string | undefined,
  words: readonly W[],
): W | undefined {
  const found = words.find((word) => word === given);
  if (given === undefined || found !== undefined) return found;
  const guess = didYouMean(given, words);
  throw new UsageError(`${name}: "${given}" is not one of ${words.join(', ')}${guess}`, {
    next: 'cutover --help',
  });
}

export const placeOf = ({ file, environment, stateFolder, reportFolder }: Options) => ({
  configPath: file,
  environment,
  stateFolder,
  reportFolder,
});
