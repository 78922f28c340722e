import type { Socket } from 'node:net';
import type { Piece } from '../wire.ts';
import type { Alarm } from './alarms.ts';
import type { Taker } from './bucket.ts';
import type { FaultRun } from './fault-run.ts';
import type { Faults, Waiting } from './faults.ts';
import { type Delay, type Passage, sumOf } from './passage.ts';

/** What waits to be sent: bytes, or what is done once they are sent. */
interface Item {
  passage: Passage | undefined;
  sinceMs: number;
  delays: readonly Delay[];
  bytes: Buffer;
  end: (() => void) | undefined;
}

const noBytes = Buffer.alloc(0);
const noDelays: readonly Delay[] = [];

/** So many bytes may be held before the sender is told to wait. With a delay it bounds what goes through per delay. */
const fullBytes = 256 * 1024;

/** Bytes on their way to one socket that faults hold back, in their order. */
export class HeldPieces implements Waiting, Taker {
  private readonly faults: Faults;
  private readonly socket: Socket;
  private readonly direction: 'requests' | 'answers';
  /** Called after bytes have gone out. */
  private readonly moved: () => void;
  private items: Item[] = [];
  private bytes = 0;
  private alarm: Alarm | undefined;
  private waitsFor: readonly FaultRun[] = [];

  constructor(faults: Faults, to: { socket: Socket; direction: 'requests' | 'answers' }, moved: () => void) {
    this.faults = faults;
    this.socket = to.socket;
    this.direction = to.direction;
    this.moved = moved;
  }

  get isEmpty(): boolean {
    return this.items.length === 0;
  }

  get isFull(): boolean {
    return this.bytes >= fullBytes;
  }

  add(piece: Piece, passage: Passage | undefined): void {
    const bytes = Buffer.concat([
      Buffer.from(piece.text, 'latin1'),
      piece.bytes.subarray(piece.from, piece.to),
    ]);
    this.bytes += bytes.length;
    this.append(passage, { bytes, delays: passage?.isUpgraded ? passage.delays() : noDelays });
  }

  /** `end` is called when everything before it is sent and no fault keeps the connection open. */
  addEnd(passage: Passage | undefined, end: () => void): void {
    this.append(passage, { end, delays: passage?.closeDelays() ?? noDelays });
  }

  wake(): void {
    this.pump();
  }

  /** Sends what may be sent now. */
  pump(): void {
    const before = this.items.length + this.bytes;
    const waitedFor = this.waitsFor;
    this.waitsFor = [];
    this.alarm?.cancel();
    while (this.step());
    for (const run of waitedFor) if (!this.waitsFor.includes(run)) run.bucket?.leave(this);
    if (this.isEmpty) this.faults.waiting.delete(this);
    if (this.items.length + this.bytes !== before) this.moved();
  }

  /** Sends everything, whatever the faults say. */
  flush(): void {
    const items = this.drop();
    for (const { bytes, end } of items) {
      if (bytes.length > 0) this.socket.write(bytes);
      end?.();
    }
  }

  drop(): readonly Item[] {
    this.stopWaiting();
    this.faults.waiting.delete(this);
    this.bytes = 0;
    return this.items.splice(0);
  }

  private append(passage: Passage | undefined, item: Partial<Item>) {
    const sinceMs = this.faults.clock.monotonic();
    this.items.push({ passage, sinceMs, delays: noDelays, bytes: noBytes, end: undefined, ...item });
    this.faults.waiting.add(this);
    if (this.items.length === 1) while (this.step());
    if (this.isEmpty) this.faults.waiting.delete(this);
  }

  private stopWaiting() {
    this.alarm?.cancel();
    this.alarm = undefined;
    for (const run of this.waitsFor) run.bucket?.leave(this);
    this.waitsFor = [];
  }

  /** Sends the first item, or a part of it. False: there is nothing, or it has to wait. */
  private step(): boolean {
    const first = this.items[0];
    if (first === undefined || first.passage?.suffer('blackhole') !== undefined) return false;
    const dueMs = first.sinceMs + sumOf(first.delays);
    if (dueMs > this.faults.clock.monotonic()) {
      this.alarm = this.faults.alarms.at(dueMs, () => this.pump());
      return false;
    }
    if (first.end !== undefined) {
      this.items.shift();
      first.end();
      return true;
    }
    return this.write(first);
  }

  private write(item: Item): boolean {
    const limits = item.passage?.limits(this.direction) ?? [];
    const size = limits.reduce(
      (least, { bucket }) => Math.min(least, bucket?.available(this) ?? least),
      item.bytes.length,
    );
    for (const run of limits) {
      item.passage?.touch(run);
      run.bucket?.spend(this, size);
      run.counts.passedBytes += size;
    }
    if (size > 0) this.socket.write(item.bytes.subarray(0, size));
    this.bytes -= size;
    item.bytes = item.bytes.subarray(size);
    if (item.bytes.length === 0) this.items.shift();
    else this.waitFor(limits);
    return item.bytes.length === 0;
  }

  private waitFor(limits: readonly FaultRun[]) {
    this.waitsFor = limits;
    for (const { bucket } of limits) bucket?.wait(this);
  }
}
