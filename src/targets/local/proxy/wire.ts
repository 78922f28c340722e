import type { Socket } from 'node:net';
import { latin1 } from './bytes.ts';

/**
 * Writes up to this size are turned into a latin1 string: Node hands a string to the kernel from its own stack and copies
 * only what the kernel does not take, so the receive buffer can be used again at once. Larger ones are copied.
 */
const smallBytes = 8 * 1024;

/** A part of a message: text (latin1) followed by the bytes `from`..`to`. */
export interface Piece {
  text: string;
  bytes: Buffer;
  from: number;
  to: number;
}

/**
 * Sends in one write. The bytes are not referenced after the call. Everything that goes to a client or a backend goes
 * through here: network faults can be put here. False: the peer does not keep up, wait for `drain`.
 */
export function send(socket: Socket, piece: Piece): boolean {
  const { text, bytes, from, to } = piece;
  if (to - from <= smallBytes) {
    const all = from === to ? text : text + latin1(bytes, from, to);
    return all === '' ? !socket.writableNeedDrain : socket.write(all, 'latin1');
  }
  const copy = Buffer.from(bytes.subarray(from, to));
  if (text === '') return socket.write(copy);
  socket.cork();
  socket.write(text, 'latin1');
  const kept = socket.write(copy);
  socket.uncork();
  return kept;
}
