import { type ImageReference, imageReference } from '../kubernetes/images.ts';
import type { Dockerfile, Instruction, Stage } from '../workspace.ts';
import { leadingFlags } from './shell.ts';

/** What a stage is made from. */
export type Base =
  | { readonly kind: 'scratch' }
  | { readonly kind: 'stage'; readonly stage: number }
  | { readonly kind: 'image'; readonly image: ImageReference; readonly text: string }
  /** A variable in it has no default. */
  | { readonly kind: 'unresolved'; readonly text: string };

/** A Dockerfile with its stages told apart. */
export interface Build {
  readonly dockerfile: Dockerfile;
  /** One for each stage. */
  readonly bases: readonly Base[];
  /** The stage and those that it is made from, itself first. */
  lineage(stage: number): readonly number[];
  /** The last stage; -1: there is none. */
  readonly final: number;
  /** Stages that the last one is made from or takes files from, itself included. */
  readonly needed: ReadonlySet<number>;
}

const cache = new WeakMap<Dockerfile, Build>();

export function buildOf(dockerfile: Dockerfile): Build {
  const known = cache.get(dockerfile);
  if (known) return known;
  const defaults = globalArguments(dockerfile);
  const bases = dockerfile.stages.map((stage, i) => baseOf(stage, dockerfile.stages.slice(0, i), defaults));
  const lineage = (stage: number): readonly number[] => {
    const base = bases[stage];
    return base?.kind === 'stage' ? [stage, ...lineage(base.stage)] : [stage];
  };
  const final = dockerfile.stages.length - 1;
  const build = { dockerfile, bases, lineage, final, needed: neededBy(dockerfile, bases, final) };
  cache.set(dockerfile, build);
  return build;
}

/** `ARG NAME=value` before the first FROM, the only ones that a FROM can use. */
function globalArguments({ instructions }: Dockerfile): ReadonlyMap<string, string> {
  const defaults = new Map<string, string>();
  for (const { name, words } of instructions) {
    if (name === 'FROM') break;
    if (name !== 'ARG') continue;
    for (const word of words) {
      const [, key, value] = /^(\w+)=(.*)$/s.exec(word) ?? [];
      if (key === undefined || value === undefined) continue;
      const resolved = substituted(value.replace(/^(["'])(.*)\1$/s, '$2'), defaults);
      if (resolved !== undefined) defaults.set(key, resolved);
    }
  }
  return defaults;
}

/** `$NAME`, `${NAME}`, `${NAME:-default}` and `${NAME:+other}` filled in; undefined where a value is not known. */
export function substituted(text: string, values: ReadonlyMap<string, string>): string | undefined {
  let isKnown = true;
  const result = text.replace(
    /\$(?:\{(\w+)(?::?([-+])([^{}]*))?\}|(\w+))/g,
    (
      _,
      braced: string | undefined,
      operator: string | undefined,
      other: string | undefined,
      bare: string | undefined,
    ) => {
      const value = values.get(braced ?? bare ?? '');
      if (operator === '+') return value === undefined || value === '' ? '' : (other ?? '');
      if (value !== undefined && (value !== '' || operator !== '-')) return value;
      if (operator === '-') return other ?? '';
      isKnown = false;
      return '';
    },
  );
  return isKnown && !result.includes('$') ? result : undefined;
}

function baseOf({ base }: Stage, earlier: readonly Stage[], defaults: ReadonlyMap<string, string>): Base {
  const text = substituted(base.replace(/^(["'])(.*)\1$/s, '$2'), defaults);
  if (text === undefined || text === '') return { kind: 'unresolved', text: base };
  const stage = stageNamed(earlier, text);
  if (stage !== -1) return { kind: 'stage', stage };
  if (text.toLowerCase() === 'scratch') return { kind: 'scratch' };
  return { kind: 'image', image: imageReference(text), text };
}

/** The index of the last stage of that name (BuildKit takes the last one); -1: there is none. */
export function stageNamed(stages: readonly Stage[], name: string): number {
  return stages.findLastIndex(
    (stage) => stage.name !== undefined && stage.name.toLowerCase() === name.toLowerCase(),
  );
}

/** The stages that an instruction of the `current`-th stage takes files from. */
export function sourceStages(
  dockerfile: Dockerfile,
  current: number,
  instruction: Instruction,
): readonly number[] {
  const earlier = dockerfile.stages.slice(0, current);
  return sourcesOf(instruction).flatMap((source) => {
    const stage = /^\d+$/.test(source) ? Number(source) : stageNamed(earlier, source);
    return stage >= 0 && stage < current ? [stage] : [];
  });
}

/** What stands behind `--from=` and in `from=` of `--mount=`. */
export function sourcesOf({ flags }: Instruction): readonly string[] {
  const from = flags['from'];
  const mounts = (flags['mount'] ?? '').split('\n').flatMap((mount) => {
    const found = mount.split(',').find((option) => option.startsWith('from='));
    return found ? [found.slice('from='.length)] : [];
  });
  return from === undefined || from === '' ? mounts : [from, ...mounts];
}

function neededBy(dockerfile: Dockerfile, bases: readonly Base[], final: number): ReadonlySet<number> {
  const needed = new Set<number>();
  const waiting = final < 0 ? [] : [final];
  for (let stage = waiting.pop(); stage !== undefined; stage = waiting.pop()) {
    if (needed.has(stage)) continue;
    needed.add(stage);
    const base = bases[stage];
    if (base?.kind === 'stage') waiting.push(base.stage);
    for (const i of dockerfile.stages[stage]?.instructions ?? []) {
      const instruction = dockerfile.instructions[i];
      if (instruction) waiting.push(...sourceStages(dockerfile, stage, instruction));
    }
  }
  return needed;
}

/** An instruction and where it stands. */
export interface Placed {
  readonly instruction: Instruction;
  readonly index: number;
  /** -1: before the first FROM. */
  readonly stage: number;
}

const placedCache = new WeakMap<Dockerfile, readonly Placed[]>();

/** Every instruction with the stage it belongs to. */
export function placedInstructions(dockerfile: Dockerfile): readonly Placed[] {
  const known = placedCache.get(dockerfile);
  if (known) return known;
  let stage = -1;
  const placed = dockerfile.instructions.map((instruction, index) => {
    if (instruction.name === 'FROM') stage += 1;
    return { instruction, index, stage };
  });
  placedCache.set(dockerfile, placed);
  return placed;
}

/** The instructions that make up a stage, those of the stages that it is made from first. */
export function inherited(build: Build, stage: number): readonly Placed[] {
  const placed = placedInstructions(build.dockerfile);
  return build
    .lineage(stage)
    .toReversed()
    .flatMap((each) => build.dockerfile.stages[each]?.instructions ?? [])
    .flatMap((index) => placed[index] ?? []);
}

/** The image that a stage is made from in the end. */
export function rootBase(build: Build, stage: number): Base | undefined {
  return build.bases[build.lineage(stage).at(-1) ?? -1];
}

/** The words of an instruction behind its flags, each with its index. */
export function plainWords(instruction: Instruction): readonly { text: string; index: number }[] {
  const from = leadingFlags(instruction);
  return instruction.words.slice(from).map((text, i) => ({ text, index: from + i }));
}
