import { childrenOf, referenceOf } from '../expression/embedded.ts';
import type { Node } from '../expression/parse.ts';
import type { Literal } from '../expression/tokens.ts';
import { isStatusCall, jsonList, keyOf } from './evaluate.ts';
import { refsOf, type Trigger, valuesOf } from './triggers.ts';
import { known, other, unknown, type Value } from './value.ts';

/** What conditions depend on. */
export interface Mentions {
  /** By reference the literals that it is compared with. */
  readonly references: Map<string, Set<Literal>>;
  /** Parts that are not worked out, each true or false as a whole. */
  readonly parts: Set<string>;
}

/** One way things can be when a workflow starts. */
export interface World {
  readonly values: ReadonlyMap<string, Value>;
  readonly parts: ReadonlyMap<string, boolean>;
}

/** More ways than these are not told apart: what is left over stays unknown, so nothing wrong can be claimed. */
const mostWorlds = 2048;

const refReferences = ['github.ref', 'github.ref_name', 'github.ref_type'];

export function mentionsIn(conditions: readonly Node[]): Mentions {
  const mentions: Mentions = { references: new Map(), parts: new Set() };
  for (const condition of conditions) collect(condition, mentions);
  return mentions;
}

function collect(node: Node, mentions: Mentions): void {
  const reference = referenceOf(node);
  if (reference !== undefined) mention(reference, [], mentions);
  else if (node.kind === 'call') collectCall(node, mentions);
  else if (node.kind === 'binary' && node.operator !== '&&' && node.operator !== '||')
    collectComparison(node, mentions);
  else for (const child of childrenOf(node)) collect(child, mentions);
}

function mention(reference: string, literals: readonly Literal[], { references }: Mentions): void {
  if (reference.includes('*') || (reference.startsWith('needs.') && reference.endsWith('.result'))) return;
  const known = references.get(reference) ?? new Set();
  for (const literal of literals) known.add(literal);
  references.set(reference, known);
}

function collectCall(node: Node & { kind: 'call' }, mentions: Mentions): void {
  if (isStatusCall(node)) return;
  const [first, second] = node.args;
  const items = first && jsonList(first);
  const reference = second && referenceOf(second);
  if (items && reference !== undefined) mention(reference, items, mentions);
  mentions.parts.add(keyOf(node));
  // startsWith(github.ref, …) is certain in many worlds.
  const subject = first && referenceOf(first);
  if (subject !== undefined && refReferences.includes(subject)) mention(subject, [], mentions);
}

function collectComparison(node: Node & { kind: 'binary' }, mentions: Mentions): void {
  const sides = [node.left, node.right];
  const literal = sides.find((side) => side.kind === 'literal');
  const reference = sides.map(referenceOf).find((text) => text !== undefined);
  if (literal?.kind === 'literal' && reference !== undefined) mention(reference, [literal.value], mentions);
  else mentions.parts.add(keyOf(node));
}

/** Every way things can be when the trigger fires, as far as the conditions can tell them apart. */
export function* worldsOf(trigger: Trigger, mentions: Mentions): Generator<World> {
  const choices = choicesOf(trigger, mentions);
  const picks = choices.map(() => 0);
  for (;;) {
    const world = { values: new Map<string, Value>(), parts: new Map<string, boolean>() };
    for (const [index, choice] of choices.entries()) choice[picks[index] ?? 0]?.(world);
    yield world;
    let at = 0;
    while (at < choices.length && (picks[at] ?? 0) + 1 >= (choices[at]?.length ?? 0)) picks[at++] = 0;
    if (at === choices.length) return;
    picks[at] = (picks[at] ?? 0) + 1;
  }
}

type Making = { values: Map<string, Value>; parts: Map<string, boolean> };
type Choice = readonly ((world: Making) => void)[];

function choicesOf(trigger: Trigger, mentions: Mentions): readonly Choice[] {
  const all = [
    refChoice(trigger, mentions),
    ...referenceChoices(trigger, mentions),
    ...partChoices(mentions),
  ];
  let ways = 1;
  return all.filter((choice) => {
    if (ways * choice.length > mostWorlds) return false;
    ways *= choice.length;
    return choice.length > 0;
  });
}

function referenceChoices(trigger: Trigger, { references }: Mentions): Choice[] {
  return [...references]
    .filter(([reference]) => !refReferences.includes(reference))
    .map(([reference, literals]) =>
      domainOf(trigger, reference, literals).map((value) => (world: Making) => {
        world.values.set(reference, value);
      }),
    );
}

function domainOf(trigger: Trigger, reference: string, literals: ReadonlySet<Literal>): readonly Value[] {
  const limited = valuesOf(trigger, reference);
  if (limited) return limited.map(known);
  const not = new Set(
    [...literals].flatMap((literal) => (typeof literal === 'string' ? [literal.toLowerCase()] : [])),
  );
  return [...[...literals].map(known), other(true, { not }), other(false, { not })];
}

const partChoices = ({ parts }: Mentions): Choice[] =>
  [...parts].map((key) =>
    [true, false].map((truth) => (world: Making) => {
      world.parts.set(key, truth);
    }),
  );

/** One choice for ref, ref_name and ref_type, which depend on each other. */
function refChoice(trigger: Trigger, { references }: Mentions): Choice {
  const texts = (reference: string): string[] =>
    [...(references.get(reference) ?? [])].filter((literal) => typeof literal === 'string');
  const names = texts('github.ref_name');
  const refs = new Set([
    ...texts('github.ref'),
    ...names.flatMap((name) => [`refs/heads/${name}`, `refs/tags/${name}`]),
  ]);
  const isUsed = refReferences.some((reference) => references.has(reference));
  if (!isUsed) return [];
  const notNames = new Set(names.map((name) => name.toLowerCase()));
  return refsOf(trigger, new Set([...refs].filter((ref) => ref.startsWith('refs/')))).map(
    (ref) => (world) => {
      world.values.set('github.ref', ref);
      world.values.set('github.ref_name', nameOf(ref, notNames));
      world.values.set('github.ref_type', typeOf(ref));
    },
  );
}

function nameOf(ref: Value, not: ReadonlySet<string>): Value {
  if (ref.kind === 'known') return known(String(ref.value).replace(/^refs\/(?:heads|tags|pull)\//, ''));
  const isNamed = ref.kind === 'other' && (ref.prefix === 'refs/heads/' || ref.prefix === 'refs/tags/');
  return isNamed ? other(true, { not }) : pullName(ref);
}

/** `12/merge`: which it is, nothing tells. */
const pullName = (ref: Value): Value => (ref.kind === 'other' ? other(true) : unknown);

function typeOf(ref: Value): Value {
  const prefix = ref.kind === 'known' ? String(ref.value) : ref.kind === 'other' ? ref.prefix : '';
  if (prefix.startsWith('refs/heads/')) return known('branch');
  return prefix.startsWith('refs/tags/') ? known('tag') : unknown;
}
