import { Socket, type SocketConstructorOpts } from 'node:net';
import { latin1 } from './bytes.ts';

/**
 * Everything is received into this one buffer: what comes in is used or copied before the callback returns, and Node need
 * not allocate 64 KiB for each read.
 */
export const received = Buffer.allocUnsafeSlow(64 * 1024);

/**
 * The connection of an accepted socket, read into `received`; use the socket that is returned. Node offers `onread` for
 * sockets that connect but not for those that a server accepts, so the handle moves to a new socket. That saves a quarter
 * of the time that the proxy adds to a request at low load. Where a Node has no `_handle`, the usual events do.
 */
export function receiveFrom(accepted: Socket, take: (bytes: Buffer) => void): Socket {
  const { _handle: handle } = accepted as { _handle?: object | null };
  if (!handle) return accepted.on('data', take).resume();
  Object.assign(accepted, { _handle: null });
  const options = {
    handle,
    allowHalfOpen: true,
    onread: {
      buffer: received,
      callback: (size: number) => {
        take(received.subarray(0, size));
        return true;
      },
    },
  };
  const socket = new Socket(options as SocketConstructorOpts);
  // The server counts what it accepted; without its handle the old socket only reports that it is gone.
  accepted.destroy();
  return socket.resume();
}

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

const noBytes = Buffer.alloc(0);

export const textPiece = (text: string): Piece => ({ text, bytes: noBytes, from: 0, to: 0 });

/**
 * Sends in one write. The bytes are not referenced after the call. What goes to a client or a backend takes its `Outlet`,
 * where faults are; this is what lies behind. False: the peer does not keep up, wait for `drain`.
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
