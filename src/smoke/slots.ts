/** Places that can be held at the same time, given out in the order in which they are asked for. */
export class Slots {
  #free: number;
  readonly #waiting: { count: number; enter: () => void }[] = [];
  readonly total: number;

  constructor(total: number) {
    this.total = total;
    this.#free = total;
  }

  /** Acts while holding `count` of the places. */
  async hold<T>(count: number, act: () => Promise<T>): Promise<T> {
    await new Promise<void>((enter) => {
      this.#waiting.push({ count, enter });
      this.#admit();
    });
    try {
      return await act();
    } finally {
      this.#free += count;
      this.#admit();
    }
  }

  /** Nobody overtakes: whoever wants all places gets them once those before have left. */
  #admit(): void {
    for (let next = this.#waiting[0]; next && next.count <= this.#free; next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#free -= next.count;
      next.enter();
    }
  }
}
