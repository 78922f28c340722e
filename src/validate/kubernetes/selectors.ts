import { listOf, mappingOf, textOf } from '../document.ts';
import type { Manifest } from '../workspace.ts';

type Labels = Readonly<Record<string, string>>;

interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values: readonly string[];
}

/** A label selector, read once. */
export interface Selector {
  readonly requirements: readonly Requirement[];
}

/** A Service's selector: a plain mapping of labels. Undefined where there is none, which selects nothing. */
export function equalitySelector(value: unknown): Selector | undefined {
  const labels = mappingOf(value);
  if (!labels || Object.keys(labels).length === 0) return undefined;
  return { requirements: Object.entries(labels).map(equality) };
}

/** A LabelSelector with matchLabels and matchExpressions; an empty one selects all, a missing one nothing. */
export function labelSelector(value: unknown): Selector | undefined {
  const selector = mappingOf(value);
  if (!selector) return undefined;
  const equalities = Object.entries(mappingOf(selector['matchLabels']) ?? {}).map(equality);
  const expressions = listOf(selector['matchExpressions']).flatMap((item) => {
    const expression = mappingOf(item);
    const key = textOf(expression?.['key']);
    const operator = textOf(expression?.['operator']);
    return key && operator ? [{ key, operator, values: listOf(expression?.['values']).map(String) }] : [];
  });
  return { requirements: [...equalities, ...expressions] };
}

const equality = ([key, value]: [string, unknown]): Requirement => ({
  key,
  operator: 'In',
  values: [String(value)],
});

/** As https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/ defines it. */
export const matches = (selector: Selector, labels: Labels): boolean =>
  selector.requirements.every((requirement) => holds(requirement, labels));

function holds({ key, operator, values }: Requirement, labels: Labels): boolean {
  const value = Object.hasOwn(labels, key) ? String(labels[key]) : undefined;
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}

/** Whether the selector selects everything. */
export const selectsAll = (selector: Selector): boolean => selector.requirements.length === 0;

/**
 * Whether two manifests can meet. One that states no namespace goes where it is applied, so it can meet any; two that
 * state one have to agree.
 */
export const sameNamespace = (a: Manifest, b: Manifest): boolean =>
  a.namespace === undefined || b.namespace === undefined || a.namespace === b.namespace;

/** Something that selects pods. */
export interface Selecting {
  readonly manifest: Manifest;
  readonly selector: Selector;
}

/** Finds what selects given labels without comparing everything with everything: filed under one pair it demands. */
export class SelectorIndex<Item extends Selecting> {
  readonly #byPair = new Map<string, Item[]>();
  readonly #others: Item[] = [];

  constructor(items: readonly Item[]) {
    for (const item of items) this.#file(item);
  }

  #file(item: Item): void {
    const demanded = item.selector.requirements.find(({ operator }) => operator === 'In');
    if (!demanded) {
      this.#others.push(item);
      return;
    }
    for (const value of new Set(demanded.values)) {
      const pair = `${demanded.key}=${value}`;
      const filed = this.#byPair.get(pair);
      if (filed) filed.push(item);
      else this.#byPair.set(pair, [item]);
    }
  }

  /** All that select these labels for pods that `manifest` makes. */
  selecting(labels: Labels, manifest: Manifest): readonly Item[] {
    const filed = Object.entries(labels).flatMap(([key, value]) => this.#byPair.get(`${key}=${value}`) ?? []);
    return [...filed, ...this.#others].filter(
      (item) => sameNamespace(item.manifest, manifest) && matches(item.selector, labels),
    );
  }
}
