/** What faults ask of one instance's process: variables to start it with, and to stay down. By the fault's id. */
export class Strain {
  readonly #variables = new Map<string, Readonly<Record<string, string>>>();
  readonly #holds = new Set<string>();
  #released: () => void = () => {};

  /** A fault that holds it down, if one does. */
  get heldBy(): string | undefined {
    return [...this.#holds][0];
  }

  /** Faults whose variables the next process gets. */
  get faults(): readonly string[] {
    return [...this.#variables.keys()];
  }

  /** Of all faults; the later one wins. */
  variables(): Readonly<Record<string, string>> {
    return Object.assign({}, ...this.#variables.values());
  }

  add(fault: string, what: 'hold' | { variables: Readonly<Record<string, string>> }): void {
    if (what === 'hold') this.#holds.add(fault);
    else this.#variables.set(fault, what.variables);
  }

  /** True where there was something to remove. */
  remove(fault: string): boolean {
    const asked = this.#variables.delete(fault);
    if (!this.#holds.delete(fault)) return asked;
    if (this.#holds.size === 0) this.#released();
    return true;
  }

  /** Resolves when nothing holds it down. Rejects with the signal's reason. */
  async untilReleased(signal: AbortSignal): Promise<void> {
    while (this.#holds.size > 0) {
      await new Promise<void>((resolve, reject) => {
        this.#released = resolve;
        signal.throwIfAborted();
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
    }
  }
}
