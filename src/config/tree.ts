import {
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { type Found, quoted } from './problems.ts';
import { offsetOfVariable, substitute, type Variables } from './substitute.ts';
import { yaml11Value } from './yaml-1-1.ts';

/** A value of the file together with where it stands. */
export interface Located {
  /** Of the value, in characters from the start of the text. */
  offset: number;
  /** Of its key, where it has one. */
  keyOffset: number | undefined;
  /** What YAML and the variables make of it, all the way down; mappings have no prototype. */
  value: unknown;
  /** How it is written, where its value came from the environment and must not be shown. */
  written: string | undefined;
  children: ReadonlyMap<string, Located>;
}

/** Values in one file, each use of an alias counted anew. */
export const mostValues = 10_000;
/** Characters of all values together after substitution. */
export const mostCharacters = 2 * 1024 * 1024;
/** Mappings and lists inside one another. */
export const deepest = 32;

/** These reach an object's prototype in code that is less careful than ours. */
const refusedKeys = ['__proto__', 'constructor', 'prototype'];

interface Growth {
  text: string;
  variables: Variables | undefined;
  found: Found[];
  /** Nodes with an anchor seen so far, by its name. */
  anchors: Map<string, Node>;
  /** The collections around the current node, outermost first. */
  around: Node[];
  path: string[];
  values: number;
  characters: number;
  /** What came from the environment. */
  secrets: Set<string>;
}

/** Thrown where going on would cost too much; what was found until then stays. */
class TooMuch extends Error {}

/**
 * Turns YAML nodes into values with their places, follows aliases, substitutes variables in scalars (never in keys or
 * in YAML text) and finds what YAML allows and we do not. Work and memory are bounded whatever the nodes are.
 * @param variables undefined: the file is another program's; nothing is substituted, and scalars are what it reads in them
 */
export function grow(
  root: Node,
  text: string,
  variables: Variables | undefined,
): { tree: Located | undefined; found: Found[]; secrets: ReadonlySet<string> } {
  const growth: Growth = {
    text,
    variables,
    found: [],
    anchors: new Map(),
    around: [],
    path: [],
    values: 0,
    characters: 0,
    secrets: new Set(),
  };
  const { found, secrets } = growth;
  try {
    return { tree: growNode(root, undefined, growth), found, secrets };
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error;
    return { tree: undefined, found, secrets };
  }
}

function growNode(node: Node | null, keyOffset: number | undefined, growth: Growth): Located {
  const offset = node?.range?.[0] ?? keyOffset ?? 0;
  growth.values += 1;
  if (growth.values > mostValues) {
    tooMuch(growth, offset, `the file has more than ${mostValues} values, aliases included`);
  }
  const place = { offset, keyOffset };
  if (node === null) return nothing(place);
  if (isAlias(node)) return growAlias(node.source, place, growth);
  if (isScalar(node) || isCollection(node)) {
    if (node.anchor !== undefined) growth.anchors.set(node.anchor, node);
  }
  if (isScalar(node)) return growScalar(node, place, growth);
  if (!isMap(node) && !isSeq(node)) return nothing(place);
  if (growth.around.length >= deepest) {
    tooMuch(growth, offset, `mappings and lists are nested more than ${deepest} deep`);
  }
  growth.around.push(node);
  const grown = isMap(node) ? growMap(node, place, growth) : growList(node, place, growth);
  growth.around.pop();
  return grown;
}

type Spot = Pick<Located, 'offset' | 'keyOffset'>;

const childless: ReadonlyMap<string, Located> = new Map();

const nothing = (spot: Spot): Located => ({ ...spot, value: null, written: undefined, children: childless });

function tooMuch(growth: Growth, offset: number, message: string): never {
  growth.found.push({ offset, path: [...growth.path], message });
  throw new TooMuch();
}

function growAlias(name: string, spot: Spot, growth: Growth): Located {
  const aliased = growth.anchors.get(name);
  const problem = (message: string): Located => {
    growth.found.push({ offset: spot.offset, path: [...growth.path], message, given: `*${name}` });
    return nothing(spot);
  };
  if (aliased === undefined) return problem(`there is no anchor ${quoted(`&${name}`)} before this alias`);
  if (growth.around.includes(aliased)) return problem(`alias ${quoted(`*${name}`)} contains itself`);
  return growNode(aliased, spot.keyOffset, growth);
}

function growMap(node: YAMLMap, spot: Spot, growth: Growth): Located {
  const children = new Map<string, Located>();
  const value: Record<string, unknown> = Object.create(null);
  for (const pair of node.items) {
    const key = isPair(pair) ? keyOf(pair.key as Node | null, spot.offset, growth) : undefined;
    if (key === undefined) continue;
    growth.path.push(key.text);
    const problem = keyProblem(key.text, children);
    if (problem !== undefined) {
      growth.found.push({
        offset: key.offset,
        path: [...growth.path],
        message: problem,
        given: quoted(key.text),
      });
    } else {
      const child = growNode(pair.value as Node | null, key.offset, growth);
      children.set(key.text, child);
      value[key.text] = child.value;
    }
    growth.path.pop();
  }
  return { ...spot, value, written: undefined, children };
}

function keyOf(
  key: Node | null,
  around: number,
  growth: Growth,
): { text: string; offset: number } | undefined {
  const offset = key?.range?.[0] ?? around;
  if (isScalar(key) && key.value !== null) {
    growth.characters += (key.source ?? String(key.value)).length;
    return { text: key.source ?? String(key.value), offset };
  }
  growth.found.push({ offset, path: [...growth.path], message: 'a key has to be plain text' });
  return undefined;
}

function keyProblem(key: string, siblings: ReadonlyMap<string, Located>): string | undefined {
  if (key === '<<') return 'merge keys are not supported, use an alias for a whole section';
  if (refusedKeys.includes(key)) return 'cannot be used as a key';
  return siblings.has(key) ? 'is given twice' : undefined;
}

function growList(node: YAMLSeq, spot: Spot, growth: Growth): Located {
  const children = new Map<string, Located>();
  for (const [index, item] of node.items.entries()) {
    growth.path.push(String(index));
    children.set(String(index), growNode(item as Node | null, spot.offset, growth));
    growth.path.pop();
  }
  return { ...spot, value: [...children.values()].map((child) => child.value), written: undefined, children };
}

export type ScalarNode = Extract<Node, { source?: string; value: unknown; format?: string }>;

function growScalar(node: ScalarNode, spot: Spot, growth: Growth): Located {
  const plain = node.value;
  const whole = { ...spot, written: undefined, children: childless };
  if (growth.variables === undefined) return { ...whole, value: foreignScalar(node, spot, growth) };
  if (plain === null) return { ...whole, value: null };
  // 1.10, 0x1F, 1e3, True or .inf mean what is written; only a canonical 80 or true is a number or a boolean.
  if (typeof plain !== 'string') {
    return { ...whole, value: node.source === String(plain) ? plain : (node.source ?? String(plain)) };
  }
  const left = mostCharacters - growth.characters;
  const { text, secrets, problems, tooLong } = substitute(plain, growth.variables, left);
  for (const one of secrets) growth.secrets.add(one);
  growth.characters += text.length;
  if (tooLong) {
    tooMuch(growth, spot.offset, `the values of the file hold more than ${mostCharacters} characters in all`);
  }
  for (const { nth, message, given, allowed } of problems) {
    const offset = variableOffset(node, spot, nth, growth.text);
    const shown = message.replace('{given}', () => quoted(given));
    growth.found.push({ offset, path: [...growth.path], message: shown, given: quoted(given), allowed });
  }
  // A value without its variables would only bring follow-up problems.
  const value = problems.length > 0 ? unresolved : text;
  return { ...whole, value, written: secrets.length > 0 ? plain : undefined };
}

function foreignScalar(node: ScalarNode, { offset }: Spot, growth: Growth): unknown {
  growth.characters += (node.source ?? '').length;
  if (growth.characters > mostCharacters) {
    tooMuch(growth, offset, `the values of the file hold more than ${mostCharacters} characters in all`);
  }
  const read = yaml11Value(node);
  if ('value' in read) return read.value;
  growth.found.push({
    offset,
    path: [...growth.path],
    message: read.problem,
    given: quoted(node.source ?? ''),
  });
  return unresolved;
}

/** Stands for a value that could not be filled in; problems of the schema about it are dropped. */
export const unresolved: unique symbol = Symbol('unresolved');

function variableOffset(node: ScalarNode, { offset }: Spot, nth: number, text: string): number {
  const [start, end] = node.range ?? [offset, offset];
  const source = text.slice(start, end);
  // The header of a block scalar ends its line; a comment there may look like a variable.
  const header = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED' ? source.indexOf('\n') + 1 : 0;
  const inside = offsetOfVariable(source.slice(header), nth);
  return inside === undefined ? start : start + header + inside;
}
