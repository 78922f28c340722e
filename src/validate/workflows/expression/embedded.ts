import { listOf, mappingOf, type Path } from '../../document.ts';
import type { Workflow } from '../model.ts';
import { expressionOf, type Node } from './parse.ts';

/** An expression in a text of a workflow. */
export interface Embedded {
  /** Of the text that it stands in. */
  readonly path: Path;
  /** What stands between `${{` and `}}`, or a whole `if`. */
  readonly text: string;
  /** Undefined where it cannot be parsed. */
  readonly node: Node | undefined;
  /** Where that begins in the text; where it is not closed, its `${{`. */
  readonly index: number;
  /** Whether `}}` is missing. */
  readonly isOpen: boolean;
}

const cache = new WeakMap<Workflow, readonly Embedded[]>();

/** Every expression of a workflow, those in `if` without their `${{ }}` too. */
export function expressionsOf(workflow: Workflow): readonly Embedded[] {
  const known = cache.get(workflow);
  if (known) return known;
  const found: Embedded[] = [];
  collect(workflow.file.value, [], found);
  cache.set(workflow, found);
  return found;
}

function collect(value: unknown, path: Path, found: Embedded[]): void {
  if (typeof value === 'string') {
    found.push(
      ...(isCondition(path) ? conditionParts(value) : expressionsIn(value)).map((part) => ({
        ...part,
        path,
      })),
    );
    return;
  }
  const map = mappingOf(value);
  if (map) for (const [key, item] of Object.entries(map)) collect(item, [...path, key], found);
  else for (const [index, item] of listOf(value).entries()) collect(item, [...path, index], found);
}

/** `jobs/x/if` and `jobs/x/steps/0/if`. */
const isCondition = (path: Path): boolean =>
  path[0] === 'jobs' &&
  path.at(-1) === 'if' &&
  (path.length === 3 || (path.length === 5 && path[2] === 'steps'));

type Part = Omit<Embedded, 'path'>;

/** An `if` is an expression as a whole, unless parts of it are marked. */
function conditionParts(text: string): Part[] {
  if (text.includes('${{')) return expressionsIn(text);
  const inner = text.trim();
  return inner === ''
    ? []
    : [{ text: inner, node: expressionOf(inner), isOpen: false, index: text.indexOf(inner) }];
}

/** What a whole `if` means: undefined where it is text around expressions (which is always true), or no expression. */
export function conditionOf(value: unknown): Node | undefined {
  if (typeof value === 'boolean' || typeof value === 'number') return { kind: 'literal', value };
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  const parts = conditionParts(text);
  const [only] = parts;
  if (!only || parts.length !== 1 || only.isOpen) return undefined;
  return text.startsWith('${{')
    ? text.endsWith('}}')
      ? only.node
      : undefined
    : text.includes('${{')
      ? undefined
      : only.node;
}

/** The `${{ … }}` of a text. `}}` inside of quotes does not close one. */
export function expressionsIn(text: string): Part[] {
  const found: Part[] = [];
  for (let start = text.indexOf('${{'); start !== -1; ) {
    const end = endOf(text, start + 3);
    const whole = text.slice(start + 3, end);
    const inner = whole.trim();
    const isOpen = end === undefined;
    const index = isOpen ? start : start + 3 + (whole.length - whole.trimStart().length);
    found.push({ text: inner, node: isOpen ? undefined : expressionOf(inner), isOpen, index });
    if (end === undefined) break;
    start = text.indexOf('${{', end + 2);
  }
  return found;
}

/** Where the expression that began ends; where a quote stays open, at the first `}}`. */
function endOf(text: string, from: number): number | undefined {
  let isQuoted = false;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === "'") isQuoted = !isQuoted;
    else if (!isQuoted && text.startsWith('}}', at)) return at;
  }
  const first = text.indexOf('}}', from);
  return first === -1 ? undefined : first;
}

/** Each node below and including one. */
export function nodesIn(node: Node): readonly Node[] {
  const found: Node[] = [node];
  // The list grows while it is walked: a chain of thousands of operators is as deep as it is long.
  for (const one of found) found.push(...childrenOf(one));
  return found;
}

export function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'literal':
    case 'name':
      return [];
    case 'member':
    case 'not':
      return [node.of];
    case 'index':
      return [node.of, node.index];
    case 'call':
      return node.args;
    case 'binary':
      return [node.left, node.right];
  }
}

/** `github.event.inputs.x` in lower case (contexts ignore case); undefined for what is no plain reference. */
export function referenceOf(node: Node): string | undefined {
  if (node.kind === 'name') return node.name.toLowerCase();
  if (node.kind === 'index') {
    const of = referenceOf(node.of);
    return of === undefined ? undefined : `${of}.*`;
  }
  if (node.kind !== 'member') return undefined;
  const of = referenceOf(node.of);
  return of === undefined ? undefined : `${of}.${node.name.toLowerCase()}`;
}

/** The longest references in an expression: of `a.b.c` only that, not `a.b`; dynamic indexes are `*`. */
export function referencesIn(node: Node): readonly string[] {
  const own = referenceOf(node);
  const inner = own === undefined ? childrenOf(node) : indexesIn(node);
  return [...(own === undefined ? [] : [own]), ...inner.flatMap(referencesIn)];
}

function indexesIn(node: Node): readonly Node[] {
  if (node.kind === 'index') return [node.index, ...indexesIn(node.of)];
  return node.kind === 'member' ? indexesIn(node.of) : [];
}

/** A text that was made from another one. */
export interface Derived {
  readonly text: string;
  /** Where a character of it stands in the other one. */
  origin(at: number): number;
}

/** The text without its expressions' blanks, so that each is one word of a shell. */
export function joinedExpressions(text: string): Derived {
  const moved: { to: number; from: number }[] = [];
  let shrunk = 0;
  const joined = text.replace(/\$\{\{([^}]{0,2000})\}\}/g, (whole, inner: string, from: number) => {
    const word = `\${{${inner.replace(/[\s'"|&;()<>]+/g, '_')}}}`;
    shrunk += whole.length - word.length;
    moved.push({ to: from + whole.length - shrunk, from: from + whole.length });
    return word;
  });
  return {
    text: joined,
    origin: (at) => {
      const last = moved.findLast(({ to }) => to <= at);
      return last ? last.from + at - last.to : at;
    },
  };
}

/** Where a reference stands in an expression; where it is written in another way (`a['b']`), the expression. */
export function referenceAt({ text, index }: Pick<Embedded, 'text' | 'index'>, reference: string): number {
  const lower = text.toLowerCase();
  const plain = reference.split('.*')[0] ?? reference;
  const candidates = [plain, plain.split('.').slice(0, 2).join('.'), plain.split('.')[0] ?? ''];
  const found = candidates.map((one) => wordAt(lower, one.toLowerCase())).find((at) => at !== -1);
  return index + (found ?? 0);
}

/** The first place of a word that is not part of a longer one. */
function wordAt(text: string, word: string): number {
  const isPart = (character: string | undefined) => character !== undefined && /[\w.-]/.test(character);
  for (let at = text.indexOf(word); word !== '' && at !== -1; at = text.indexOf(word, at + 1)) {
    if (!isPart(text[at - 1]) && !/[\w-]/.test(text[at + word.length] ?? '')) return at;
  }
  return -1;
}
