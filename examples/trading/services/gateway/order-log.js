import { mkdir } from 'node:fs/promises';
import { claimBlock, firstOf, ordersPerFile } from './order-files.js';

/**
 * The orders that this process accepted, on disk.
 *
 * Several processes share one folder: both colours run during a cutover, each with one instance or more. Each process
 * writes only to files that it has created itself, and creating a file claims the numbers that it may hold: file n holds
 * sequence numbers n × 1,000,000 + 1 to (n + 1) × 1,000,000. No lock is needed and none can be left behind. Numbers
 * are unique and grow within a process; they have gaps, and between two processes they are no order in time
 * (`acceptedAt` is, as far as a clock can be).
 *
 * Orders that arrive while the disk is busy go out together in the next write, with one fdatasync for all of them.
 */
export class OrderLog {
  #folder;
  #claim;
  #onSync;
  #file;
  #next = 0;
  #end = 0;
  #waiting = [];
  #writing;

  /**
   * @param {{ folder: string, onSync?: (seconds: number, orders: number) => void, claim?: typeof claimBlock }} options
   */
  constructor({ folder, onSync = () => {}, claim = claimBlock }) {
    this.#folder = folder;
    this.#claim = claim;
    this.#onSync = onSync;
  }

  /** Claims the first file, so that a folder that cannot be written shows at the start. */
  async open() {
    await mkdir(this.#folder, { recursive: true });
    await this.#claimFile();
  }

  /**
   * Resolves with the order and its sequence number once it is on disk. When it rejects, the order must not be
   * acknowledged; it may be found in the log or not.
   */
  append(order) {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ order, resolve, reject });
      this.#writing ??= this.#writeAll();
    });
  }

  /** Resolves when everything appended is on disk. */
  async close() {
    await this.#writing;
    await this.#leaveFile();
  }

  async #writeAll() {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, Math.max(1, this.#end - this.#next));
      try {
        const orders = await this.#write(batch.map(({ order }) => order));
        for (const [index, { resolve }] of batch.entries()) resolve(orders[index]);
      } catch (error) {
        // What was written in part stays the end of its file: the next batch goes to a new one.
        await this.#leaveFile();
        for (const { reject } of batch) reject(error);
      }
    }
    this.#writing = undefined;
  }

  async #write(batch) {
    if (this.#next >= this.#end) await this.#leaveFile();
    if (this.#file === undefined) await this.#claimFile();
    const orders = batch.map((order, index) => ({ sequence: this.#next + index, ...order }));
    const started = performance.now();
    await this.#file.appendFile(orders.map((order) => `${JSON.stringify(order)}\n`).join(''));
    await this.#file.datasync();
    this.#next += batch.length;
    this.#onSync((performance.now() - started) / 1_000, batch.length);
    return orders;
  }

  async #claimFile() {
    const { block, file } = await this.#claim(this.#folder);
    this.#file = file;
    this.#next = firstOf(block);
    this.#end = this.#next + ordersPerFile;
  }

  async #leaveFile() {
    const file = this.#file;
    this.#file = undefined;
    this.#next = this.#end;
    await file?.close().catch(() => {});
  }
}
