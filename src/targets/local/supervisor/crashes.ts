/** The first restart waits so long, each further one twice as long, up to the longest. */
const firstBackoffMs = 100;
const longestBackoffMs = 10_000;
/** An instance that was ready for so long has got over its earlier crashes. */
const settledAfterMs = 10_000;

/** Ends of an instance's process that nobody asked for. */
export class Crashes {
  #inRow = 0;
  #count = 0;

  /** Since {@link forget}. */
  get count(): number {
    return this.#count;
  }

  forget(): void {
    this.#count = 0;
  }

  /**
   * Notes one more.
   * @param readyForMs how long it was ready before; 0 where it was not
   * @returns milliseconds to wait before the next start
   */
  add(readyForMs: number): number {
    this.#inRow = readyForMs >= settledAfterMs ? 1 : this.#inRow + 1;
    this.#count += 1;
    return Math.min(firstBackoffMs * 2 ** (this.#inRow - 1), longestBackoffMs);
  }
}
