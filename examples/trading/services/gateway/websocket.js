import { createHash } from 'node:crypto';

/** The server's side of the WebSocket protocol, RFC 6455: handshake, frames, ping and pong, close. */

const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 };
const largestMessage = 64 * 1024;
const largestBacklog = 1024 * 1024;
const closingGraceMs = 2_000;

/** The answer to a client's Sec-WebSocket-Key (section 4.2.2). */
export const acceptKey = (key) =>
  createHash('sha1')
    .update(key + guid)
    .digest('base64');

/** One frame as a server sends it: final, not masked. */
export function encodeFrame(opcode, payload) {
  const length = payload.length;
  const header =
    length < 126
      ? Buffer.from([0x80 | opcode, length])
      : length < 65_536
        ? Buffer.from([0x80 | opcode, 126, length >> 8, length & 255])
        : Buffer.concat([Buffer.from([0x80 | opcode, 127]), bigEndian64(length)]);
  return Buffer.concat([header, payload]);
}

function bigEndian64(value) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

/** A client broke the protocol; `code` is the close code that it gets (section 7.4.1). */
class ProtocolError extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/**
 * The first frame in `bytes`, unmasked, with the bytes that it took; undefined while it is not complete.
 * Throws ProtocolError for what a client must not send.
 */
export function decodeFrame(bytes) {
  if (bytes.length < 2) return undefined;
  const [first, second] = bytes;
  const opcode = first & 15;
  if ((first & 0x70) !== 0) throw new ProtocolError(1002, 'reserved bits are set');
  if (!Object.values(opcodes).includes(opcode))
    throw new ProtocolError(1002, `opcode ${opcode} is not known`);
  if ((second & 0x80) === 0) throw new ProtocolError(1002, 'a frame of a client must be masked');
  const isFinal = (first & 0x80) !== 0;
  const size = payloadSize(bytes);
  if (opcode >= 8 && (!isFinal || (second & 127) > 125))
    throw new ProtocolError(1002, 'a control frame is short and whole');
  if (size === undefined) return undefined;
  if (size.length > largestMessage) throw new ProtocolError(1009, `messages end at ${largestMessage} bytes`);
  const start = size.at + 4;
  if (bytes.length < start + size.length) return undefined;
  const mask = bytes.subarray(size.at, start);
  const payload = Buffer.from(bytes.subarray(start, start + size.length));
  for (let index = 0; index < payload.length; index += 1) payload[index] ^= mask[index & 3];
  return { isFinal, opcode, payload, bytesTaken: start + size.length };
}

/** The payload's length and where the mask begins; undefined while these bytes are not there yet. */
function payloadSize(bytes) {
  const short = bytes[1] & 127;
  if (short < 126) return { length: short, at: 2 };
  if (short === 126) return bytes.length < 4 ? undefined : { length: bytes.readUInt16BE(2), at: 4 };
  return bytes.length < 10 ? undefined : { length: Number(bytes.readBigUInt64BE(2)), at: 10 };
}

/** Answers an upgrade request: a WebSocket, or undefined after the refusal has been written. */
export function acceptWebSocket(request, socket, head, headers = {}) {
  const key = request.headers['sec-websocket-key'] ?? '';
  if (request.headers['sec-websocket-version'] !== '13') {
    return refuse(socket, '426 Upgrade Required', { 'sec-websocket-version': '13', ...headers });
  }
  if (request.method !== 'GET' || Buffer.from(key, 'base64').length !== 16)
    return refuse(socket, '400 Bad Request', headers);
  const lines = Object.entries({
    upgrade: 'websocket',
    connection: 'Upgrade',
    'sec-websocket-accept': acceptKey(key),
    ...headers,
  });
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`,
  );
  return new WebSocketConnection(socket, head);
}

/** Refuses an upgrade with an ordinary answer. */
export function refuse(socket, status, headers = {}) {
  const lines = Object.entries({ connection: 'close', 'content-length': '0', ...headers });
  socket.end(`HTTP/1.1 ${status}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`);
  return undefined;
}

/** One client. Its messages are checked and otherwise ignored: the stream has one direction. */
class WebSocketConnection {
  #socket;
  #unread;
  #fragmentBytes;
  #isClosing = false;
  #isAlive = true;

  constructor(socket, head) {
    this.#socket = socket;
    this.#unread = head;
    socket.setNoDelay(true);
    // A reset connection closes too; `closed` tells it.
    socket.on('error', () => {});
    socket.on('data', (bytes) => this.#receive(bytes));
    socket.on('end', () => socket.end());
    this.closed = new Promise((resolve) => socket.once('close', resolve));
    if (head.length > 0) this.#receive(Buffer.alloc(0));
  }

  /** Sends a text message. A client that reads too slowly for the stream is closed. */
  send(text) {
    if (this.#isClosing) return;
    if (this.#socket.writableLength > largestBacklog) this.close(1008, 'too slow');
    else this.#socket.write(encodeFrame(opcodes.text, Buffer.from(text)));
  }

  /** Ends the connection if the last ping was not answered, else sends the next. */
  ping() {
    if (!this.#isAlive) {
      this.#socket.destroy();
      return;
    }
    this.#isAlive = false;
    if (!this.#isClosing) this.#socket.write(encodeFrame(opcodes.ping, Buffer.alloc(0)));
  }

  /** Starts the closing handshake; a client that does not answer is cut off after two seconds. */
  close(code, reason = '') {
    if (this.#isClosing) return;
    this.#isClosing = true;
    const payload = Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(reason)]);
    this.#socket.write(encodeFrame(opcodes.close, payload));
    setTimeout(() => this.#socket.destroy(), closingGraceMs).unref();
  }

  #receive(bytes) {
    this.#unread = Buffer.concat([this.#unread, bytes]);
    try {
      for (let frame = decodeFrame(this.#unread); frame !== undefined; frame = decodeFrame(this.#unread)) {
        this.#unread = this.#unread.subarray(frame.bytesTaken);
        this.#handle(frame);
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#unread = Buffer.alloc(0);
      this.close(error.code, error.message);
      this.#socket.end();
    }
  }

  #handle({ isFinal, opcode, payload }) {
    this.#isAlive = true;
    if (opcode === opcodes.ping && !this.#isClosing) this.#socket.write(encodeFrame(opcodes.pong, payload));
    if (opcode === opcodes.close) this.#answerClose(payload);
    if (opcode < 8) this.#checkFragments(isFinal, opcode, payload.length);
  }

  #answerClose(payload) {
    if (!this.#isClosing) {
      this.#isClosing = true;
      this.#socket.write(encodeFrame(opcodes.close, payload.subarray(0, 2)));
    }
    this.#socket.end();
  }

  #checkFragments(isFinal, opcode, length) {
    const continues = opcode === opcodes.continuation;
    if (continues !== (this.#fragmentBytes !== undefined))
      throw new ProtocolError(1002, 'fragments out of order');
    const total = (this.#fragmentBytes ?? 0) + length;
    if (total > largestMessage) throw new ProtocolError(1009, `messages end at ${largestMessage} bytes`);
    this.#fragmentBytes = isFinal ? undefined : total;
  }
}
