import { randomFillSync } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { volunteerForOomKill } from '../../../platform/machine.ts';
import { usageOf } from '../../../platform/process-table.ts';
import type { Work } from './spec.ts';

const mib = 1024 * 1024;
const chunkBytes = 16 * mib;
/** What the process takes for itself may shrink; so often it is looked whether enough is held. */
const rounds = 20;

/** Takes memory and writes to all of it, with content that cannot be compressed or shared. */
export function memoryWork(bytes: number, ownBytes: number): Work {
  const held: Buffer[] = [];
  const noise = randomFillSync(Buffer.allocUnsafe(mib));
  const take = async (wanted: number, signal: AbortSignal) => {
    for (let left = wanted; left > 0; left -= chunkBytes) {
      signal.throwIfAborted();
      held.push(filled(Math.min(left, chunkBytes), noise, held.length));
      await setImmediate();
    }
  };
  return {
    begin: async (signal) => {
      await volunteerForOomKill();
      await take(bytes, signal);
      for (let round = 0; round < rounds; round += 1) {
        const missing = bytes + ownBytes - ((await usageOf(process.pid))?.memoryBytes ?? bytes + ownBytes);
        if (missing <= 0) return;
        await take(missing, signal);
      }
    },
    // The kernel takes it back when the process ends.
    undo: async () => void held.splice(0),
  };
}

function filled(bytes: number, noise: Buffer, number: number): Buffer {
  const chunk = Buffer.allocUnsafeSlow(bytes);
  chunk.fill(noise);
  for (let at = 0; at + 4 <= bytes; at += 4096) chunk.writeUInt32LE((number * 4096 + at / 4096) >>> 0, at);
  return chunk;
}
