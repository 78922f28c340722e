import { appendFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { cleanUp, sampleModule, temporaryFolder } from './gateway-process.ts';

interface Order {
  sequence: number;
  note: string;
}
interface Claimed {
  block: number;
  file: {
    appendFile(text: string): Promise<void>;
    datasync(): Promise<void>;
    close(): Promise<void>;
  };
}
interface Log {
  open(): Promise<void>;
  append(order: object): Promise<Order>;
  close(): Promise<void>;
}
interface Reader {
  find(sequence: number): Promise<Order | undefined>;
  list(from: number, limit: number): Promise<Order[]>;
}

const { OrderLog } = await sampleModule<{
  OrderLog: new (options: {
    folder: string;
    onSync?: (seconds: number, orders: number) => void;
    claim?: (folder: string) => Promise<Claimed>;
  }) => Log;
}>('order-log.js');
const { OrderReader, claimBlock } = await sampleModule<{
  OrderReader: new (folder: string) => Reader;
  claimBlock: (folder: string) => Promise<Claimed>;
}>('order-files.js');

const numbered = (count: number) => Array.from({ length: count }, (_, index) => ({ note: `${index}` }));

afterEach(cleanUp);

describe('the order log', () => {
  test('writes orders of one moment with few syncs and numbers them in the order they came', async () => {
    const folder = await temporaryFolder();
    const batches: number[] = [];
    const log = new OrderLog({ folder, onSync: (_, orders) => batches.push(orders) });
    await log.open();
    const written = await Promise.all(numbered(100).map((order) => log.append(order)));
    await log.close();
    expect(written.map((order) => order.sequence)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
    expect(written.map((order) => order.note)).toEqual(numbered(100).map((order) => order.note));
    expect(batches.reduce((a, b) => a + b)).toBe(100);
    expect(batches.length).toBeLessThanOrEqual(2);
  });

  test('gives each of several writers in one folder numbers of its own, and reads all of them back', async () => {
    const folder = await temporaryFolder();
    const logs = Array.from({ length: 8 }, () => new OrderLog({ folder }));
    await Promise.all(logs.map((log) => log.open()));
    const written = (
      await Promise.all(logs.flatMap((log) => numbered(20).map((order) => log.append(order))))
    ).map((order) => order.sequence);
    await Promise.all(logs.map((log) => log.close()));
    expect(new Set(written).size).toBe(160);
    const read = await new OrderReader(folder).list(1, 1_000);
    expect(read.map((order) => order.sequence)).toEqual(written.sort((a, b) => a - b));
  });

  test('never acknowledges what could not be synced, and goes on in a new file', async () => {
    const folder = await temporaryFolder();
    let syncs = 0;
    const failingOnce = async (where: string): Promise<Claimed> => {
      const { block, file } = await claimBlock(where);
      const datasync = async () => {
        syncs += 1;
        if (syncs === 1) throw new Error('no space left');
        await file.datasync();
      };
      return {
        block,
        file: { appendFile: (text) => file.appendFile(text), datasync, close: () => file.close() },
      };
    };
    const log = new OrderLog({ folder, claim: failingOnce });
    await log.open();
    await expect(log.append({ note: 'lost' })).rejects.toThrow('no space left');
    const next = await log.append({ note: 'kept' });
    await log.close();
    expect(next.sequence).toBe(1_000_001);
    expect(await readdir(folder)).toHaveLength(2);
    expect(await new OrderReader(folder).find(next.sequence)).toMatchObject({ note: 'kept' });
  });
});

describe('reading orders back', () => {
  test.each([
    { from: 1, limit: 2, found: [1, 2] },
    { from: 3, limit: 10, found: [3, 4, 1_000_001, 1_000_002] },
    { from: 4, limit: 2, found: [4, 1_000_001] },
    { from: 5, limit: 1, found: [1_000_001] },
    { from: 1_000_002, limit: 5, found: [1_000_002] },
    { from: 2_000_001, limit: 5, found: [] },
  ])('lists from $from at most $limit', async ({ from, limit, found }) => {
    const folder = await temporaryFolder();
    await writeTwoFiles(folder);
    expect((await new OrderReader(folder).list(from, limit)).map((order) => order.sequence)).toEqual(found);
  });

  test('leaves out a line that was cut off', async () => {
    const folder = await temporaryFolder();
    await writeTwoFiles(folder);
    await appendFile(join(folder, 'orders-000000.log'), '{"sequence":5,"no');
    const reader = new OrderReader(folder);
    expect(await reader.find(5)).toBeUndefined();
    expect(await reader.find(4)).toMatchObject({ sequence: 4 });
  });

  test('sees what is appended after its first look, also with many readers at once', async () => {
    const folder = await temporaryFolder();
    const log = new OrderLog({ folder });
    await log.open();
    const reader = new OrderReader(folder);
    expect(await reader.list(1, 10)).toEqual([]);
    for (let sequence = 1; sequence <= 5; sequence += 1) {
      await log.append({ note: `${sequence}` });
      const found = await Promise.all([1, 2, 3].map(() => reader.find(sequence)));
      expect(found.map((order) => order?.note)).toEqual(Array(3).fill(`${sequence}`));
    }
    await log.close();
  });
});

async function writeTwoFiles(folder: string): Promise<void> {
  for (const count of [4, 2]) {
    const log = new OrderLog({ folder });
    await log.open();
    for (const order of numbered(count)) await log.append(order);
    await log.close();
  }
}
