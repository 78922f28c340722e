import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** So many sequence numbers belong to one file. */
export const ordersPerFile = 1_000_000;

/** The first sequence number that may stand in file `block`. */
export const firstOf = (block) => block * ordersPerFile + 1;

/** The file that holds a sequence number. */
export const blockOf = (sequence) => Math.floor((sequence - 1) / ordersPerFile);

const pattern = /^orders-(\d{6})\.log$/;
const nameOf = (block) => `orders-${String(block).padStart(6, '0')}.log`;

/** The blocks that have been claimed in a folder, lowest first. */
export async function listBlocks(folder) {
  const names = await readdir(folder);
  return names
    .map((name) => pattern.exec(name)?.[1])
    .filter((digits) => digits !== undefined)
    .map(Number)
    .sort((a, b) => a - b);
}

/**
 * Claims the next free block for this process by creating its file. The file system lets exactly one process create
 * a file, which is all the coordination that processes sharing a folder need.
 */
export async function claimBlock(folder) {
  for (let block = ((await listBlocks(folder)).at(-1) ?? -1) + 1; ; block += 1) {
    try {
      const file = await open(join(folder, nameOf(block)), 'ax');
      await syncFolder(folder);
      return { block, file };
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
  }
}

/** Makes the file's name durable; its content is synced with each batch. */
async function syncFolder(folder) {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Reads the orders of every process that shares the folder. Each line of a file holds one order, line i the sequence
 * number `firstOf(block) + i`. A last line without its end was cut off by a crash: it was never acknowledged, its file is
 * never written again, and it is left out.
 */
export class OrderReader {
  #folder;
  #indexes = new Map();

  constructor(folder) {
    this.#folder = folder;
  }

  /** The order with this sequence number, or undefined. */
  async find(sequence) {
    const [order] = await this.#read(blockOf(sequence), sequence, 1);
    return order;
  }

  /** Up to `limit` orders with sequence numbers from `from`, lowest first. */
  async list(from, limit) {
    const orders = [];
    for (const block of await listBlocks(this.#folder)) {
      if (block < blockOf(from)) continue;
      orders.push(...(await this.#read(block, Math.max(from, firstOf(block)), limit - orders.length)));
      if (orders.length >= limit) break;
    }
    return orders;
  }

  async #read(block, from, limit) {
    const file = await this.#open(block);
    if (file === undefined) return [];
    try {
      const ends = await this.#endsOfLines(block, file);
      const first = from - firstOf(block);
      const last = Math.min(first + limit, ends.length) - 1;
      if (last < first) return [];
      const start = first === 0 ? 0 : ends[first - 1];
      const bytes = Buffer.alloc(ends[last] - start);
      await file.read(bytes, 0, bytes.length, start);
      return bytes
        .toString('utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
    } finally {
      await file.close();
    }
  }

  async #open(block) {
    try {
      return await open(join(this.#folder, nameOf(block)), 'r');
    } catch (error) {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Offsets just behind each complete line; files only grow, so what was found once is kept. */
  async #endsOfLines(block, file) {
    const ends = this.#indexes.get(block) ?? [];
    this.#indexes.set(block, ends);
    const known = ends.at(-1) ?? 0;
    const { size } = await file.stat();
    if (size <= known) return ends;
    const bytes = Buffer.alloc(size - known);
    await file.read(bytes, 0, bytes.length, known);
    // Two reads at once may have indexed the same lines: only what lies behind the last known end is new.
    for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) {
      if (known + at + 1 > (ends.at(-1) ?? 0)) ends.push(known + at + 1);
    }
    return ends;
  }
}
