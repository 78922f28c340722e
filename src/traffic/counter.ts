/** Names kept apart; what comes later counts as `other`, so that an odd server cannot fill the memory. */
const mostNames = 64;

/** Counts by name, where the names come from outside. */
export class Counter {
  readonly #counts = new Map<string, number>();

  add(name: string, by = 1): void {
    const known = this.#counts.get(name);
    if (known !== undefined) this.#counts.set(name, known + by);
    else if (this.#counts.size < mostNames) this.#counts.set(name, by);
    else this.#counts.set('other', (this.#counts.get('other') ?? 0) + by);
  }

  addAll(counts: Readonly<Record<string, number>>): void {
    for (const [name, count] of Object.entries(counts)) this.add(name, count);
  }

  toRecord(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }
}
