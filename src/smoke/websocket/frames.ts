/** Frames of a WebSocket, RFC 6455 section 5. */
export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface Frame {
  opcode: number;
  isFinal: boolean;
  payload: Buffer;
}

/** A whole message, or what the other side says about the connection. */
export type Event =
  | { type: 'message'; text: string }
  | { type: 'ping'; payload: Buffer }
  /** 1005 where the frame holds no code. */
  | { type: 'close'; code: number; reason: string };

/** The other side does not keep to the protocol. */
export class NotAFrame extends Error {
  override readonly name = 'NotAFrame';
}

/** More than a check needs to see. */
const mostBytes = 1024 * 1024;

/** A frame as a client sends it, masked with four bytes. */
export function clientFrame(opcode: number, payload: Buffer, mask: Buffer): Buffer {
  const { length } = payload;
  const size = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const head = Buffer.alloc(2 + size);
  head[0] = 0x80 | opcode;
  head[1] = 0x80 | (size === 0 ? length : size === 2 ? 126 : 127);
  if (size === 2) head.writeUInt16BE(length, 2);
  if (size === 8) head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, mask, masked(payload, mask)]);
}

function masked(payload: Buffer, mask: Buffer): Buffer {
  return Buffer.from(payload.map((byte, at) => byte ^ (mask[at % 4] ?? 0)));
}

export function closePayload(code: number): Buffer {
  const payload = Buffer.alloc(2);
  payload.writeUInt16BE(code);
  return payload;
}

/** Puts frames and messages together from the bytes of a server. */
export class FrameReader {
  #bytes: Buffer = Buffer.alloc(0);
  #fragments: Buffer[] = [];

  /** @throws NotAFrame */
  push(bytes: Buffer): Event[] {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    const events: Event[] = [];
    for (let frame = this.#take(); frame; frame = this.#take()) {
      const event = this.#eventOf(frame);
      if (event) events.push(event);
    }
    return events;
  }

  #take(): Frame | undefined {
    const [first, second] = this.#bytes;
    if (first === undefined || second === undefined) return undefined;
    if ((second & 0x80) !== 0) throw new NotAFrame('a frame of the server is masked');
    if ((first & 0x70) !== 0) throw new NotAFrame('a frame uses an extension that was not agreed on');
    const size = lengthIn(this.#bytes, second & 0x7f);
    if (!size) return undefined;
    if (size.length > mostBytes) throw new NotAFrame(`a message is larger than ${mostBytes} bytes`);
    const end = size.offset + size.length;
    if (this.#bytes.length < end) return undefined;
    const payload = this.#bytes.subarray(size.offset, end);
    this.#bytes = this.#bytes.subarray(end);
    return { opcode: first & 0x0f, isFinal: (first & 0x80) !== 0, payload };
  }

  #eventOf({ opcode, isFinal, payload }: Frame): Event | undefined {
    switch (opcode) {
      case opcodes.ping:
        return { type: 'ping', payload };
      case opcodes.pong:
        return undefined;
      case opcodes.close:
        return {
          type: 'close',
          code: payload.length < 2 ? 1005 : payload.readUInt16BE(),
          reason: payload.toString('utf8', 2),
        };
      case opcodes.text:
      case opcodes.binary:
        this.#fragments = [payload];
        return isFinal ? this.#message() : undefined;
      case opcodes.continuation:
        if (this.#fragments.length === 0) throw new NotAFrame('a continuation without a beginning');
        this.#fragments.push(payload);
        return isFinal ? this.#message() : undefined;
      default:
        throw new NotAFrame(`a frame has the unknown opcode ${opcode}`);
    }
  }

  #message(): Event {
    const text = Buffer.concat(this.#fragments).toString('utf8');
    this.#fragments = [];
    return { type: 'message', text };
  }
}

function lengthIn(bytes: Buffer, short: number): { length: number; offset: number } | undefined {
  if (short < 126) return { length: short, offset: 2 };
  if (short === 126) return bytes.length < 4 ? undefined : { length: bytes.readUInt16BE(2), offset: 4 };
  return bytes.length < 10 ? undefined : { length: Number(bytes.readBigUInt64BE(2)), offset: 10 };
}
