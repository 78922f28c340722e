import { matches, type Selector } from '../kubernetes/selectors.ts';
import type { Manifest } from '../workspace.ts';
import { canMeet, nearestTo, Surroundings } from './scope.ts';

export interface Labelled {
  readonly manifest: Manifest;
  readonly labels: Readonly<Record<string, string>>;
}

/** Finds items, or whatever has labels, without looking at all of them: by the rarest pair that a selector demands. */
export class LabelIndex<Item extends Labelled> {
  /** Everything, wherever it is. */
  readonly all: readonly Item[];
  readonly #surroundings: Surroundings<Item>;
  readonly #byPair = new Map<string, Item[]>();

  constructor(items: readonly Item[]) {
    this.all = items;
    this.#surroundings = new Surroundings(items);
    for (const item of items) {
      for (const [key, value] of Object.entries(item.labels)) {
        const filed = this.#byPair.get(`${key}=${value}`);
        if (filed) filed.push(item);
        else this.#byPair.set(`${key}=${value}`, [item]);
      }
    }
  }

  /** What `from` selects; of variants in several folders those that are nearest to it. */
  selected(selector: Selector, from: Manifest): readonly Item[] {
    const found = this.candidates(selector).filter(
      (item) => canMeet(item.manifest, from) && matches(selector, item.labels),
    );
    return found.length < 2 ? found : withoutVariants(from, found);
  }

  /** Those among which all that match are, wherever they are: a few where the selector demands a rare pair. */
  candidates(selector: Selector): readonly Item[] {
    let fewest = this.all;
    for (const { key, operator, values } of selector.requirements) {
      if (operator !== 'In') continue;
      const filed = values.flatMap((value) => this.#byPair.get(`${key}=${value}`) ?? []);
      if (filed.length < fewest.length) fewest = filed;
    }
    return fewest;
  }

  /** Pods with this label that `from` can meet. */
  labelled(key: string, value: unknown, from: Manifest): readonly Item[] {
    return (this.#byPair.get(`${key}=${value}`) ?? []).filter((item) => canMeet(item.manifest, from));
  }

  /** All that `from` can meet. */
  beside(from: Manifest): readonly Item[] {
    return this.#surroundings.of(from);
  }
}

/** Of workloads with one kind and name those that are nearest. */
function withoutVariants<Item extends Labelled>(from: Manifest, items: readonly Item[]): readonly Item[] {
  const byName = Map.groupBy(items, ({ manifest }) => `${manifest.kind}/${manifest.name}`);
  return [...byName.values()].flatMap((variants) => nearestTo(from, variants));
}
