import { byteAt } from './bytes.ts';
import type { Range } from './fields.ts';

/**
 * Follows the frames of one direction of a WebSocket (RFC 6455 §5.2), so that a frame of ours is only ever put between
 * two of theirs.
 */
export class FrameBoundary {
  private payloadLeft = 0;
  private header: number[] = [];

  /** Whether the bytes seen so far end where a frame ends. */
  get atBoundary(): boolean {
    return this.payloadLeft === 0 && this.header.length === 0;
  }

  see(bytes: Uint8Array, range: Range): void {
    let at = range.from;
    while (at < range.to) {
      const skipped = Math.min(this.payloadLeft, range.to - at);
      this.payloadLeft -= skipped;
      at += skipped;
      if (at < range.to) {
        this.header.push(byteAt(bytes, at));
        at += 1;
        this.finishHeader();
      }
    }
  }

  private finishHeader(): void {
    const second = this.header[1];
    if (second === undefined) return;
    const short = second & 0x7f;
    const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
    const maskBytes = second & 0x80 ? 4 : 0;
    if (this.header.length < 2 + lengthBytes + maskBytes) return;
    this.payloadLeft =
      lengthBytes === 0
        ? short
        : this.header.slice(2, 2 + lengthBytes).reduce((length, byte) => length * 256 + byte, 0);
    this.header = [];
  }
}

/** 1001, "going away": an endpoint is going down (RFC 6455 §7.4.1). */
const goingAway = [0x03, 0xe9] as const;

/** A close frame as a server sends it: not masked. */
export function closeFromServer(): Buffer {
  return Buffer.from([0x88, 0x02, ...goingAway]);
}

/** A close frame as a client sends it, masked with four bytes (RFC 6455 §5.3). */
export function closeFromClient(mask: Uint8Array): Buffer {
  return Buffer.from([
    0x88,
    0x82,
    ...mask.subarray(0, 4),
    ...goingAway.map((byte, index) => byte ^ byteAt(mask, index)),
  ]);
}
