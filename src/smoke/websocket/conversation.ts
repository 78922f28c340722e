import type { Random } from '../../platform/random.ts';
import type { Socket } from '../../platform/tcp.ts';
import { clientFrame, closePayload, type Event, FrameReader, opcodes } from './frames.ts';
import { type Handshake, type HandshakeAnswer, handshakeRequest, headIn } from './handshake.ts';

/** A server's bytes are not what they should be. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}

/** One WebSocket on a connection. What goes wrong with the connection itself, `broken` tells. */
export class Conversation {
  readonly #socket: Socket;
  readonly #random: Random;
  readonly #broken: Promise<never>;
  readonly #reader = new FrameReader();
  readonly #events: Event[] = [];
  #bytes: Buffer = Buffer.alloc(0);
  #isOpen = false;
  #wake = Promise.withResolvers<void>();
  #problem: Error | undefined;
  /** Messages so far. */
  readonly messages: string[] = [];

  constructor(socket: Socket, random: Random, broken: Promise<never>) {
    this.#socket = socket;
    this.#random = random;
    this.#broken = broken;
    socket.on('data', (bytes: Buffer) => this.#receive(bytes));
  }

  async open(handshake: Handshake): Promise<HandshakeAnswer> {
    this.#socket.write(handshakeRequest(handshake), 'latin1');
    for (;;) {
      const head = headIn(this.#bytes);
      if (head && 'problem' in head) throw new ProtocolError(head.problem);
      if (head) {
        this.#isOpen = true;
        this.#receive(head.rest);
        return head.answer;
      }
      await this.#more();
    }
  }

  send(text: string): void {
    this.#frame(opcodes.text, Buffer.from(text));
  }

  /** The next message or the close of the other side. */
  async next(): Promise<Exclude<Event, { type: 'ping' }>> {
    for (;;) {
      const event = this.#events.shift();
      if (event === undefined) await this.#more();
      else if (event.type === 'ping') this.#frame(opcodes.pong, event.payload);
      else {
        if (event.type === 'message') this.messages.push(event.text);
        return event;
      }
    }
  }

  /** Says that it is over; does not wait for an answer. */
  close(code: number): void {
    this.#frame(opcodes.close, closePayload(code));
    this.#socket.end();
  }

  #frame(opcode: number, payload: Buffer): void {
    this.#socket.write(clientFrame(opcode, payload, Buffer.from(this.#random.hex(4), 'hex')));
  }

  #receive(bytes: Buffer): void {
    try {
      if (this.#isOpen) this.#events.push(...this.#reader.push(bytes));
      else this.#bytes = Buffer.concat([this.#bytes, bytes]);
    } catch (error) {
      this.#problem = error instanceof Error ? error : new Error(String(error));
    }
    this.#wake.resolve();
  }

  async #more(): Promise<void> {
    if (this.#problem) throw this.#problem;
    await Promise.race([this.#wake.promise, this.#broken]);
    this.#wake = Promise.withResolvers<void>();
  }
}
