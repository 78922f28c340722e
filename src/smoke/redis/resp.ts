/** An error as Redis answers it: `WRONGPASS invalid username-password pair`. */
export class RedisError {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }

  /** `WRONGPASS` */
  get code(): string {
    return this.message.split(' ', 1)[0] ?? '';
  }
}

/** One answer in RESP2; null is Redis' nil. */
export type Reply = string | number | null | RedisError | Reply[];

/** The peer does not speak Redis' protocol, or says more than a check wants to hear. */
export class NotRedis extends Error {
  override readonly name = 'NotRedis';
}

const most = { bytes: 4 * 1024 * 1024, items: 100_000, depth: 16 };

/** A command as an array of bulk strings (https://redis.io/docs/latest/develop/reference/protocol-spec/). */
export function encodeCommand(parts: readonly string[]): string {
  const bulks = parts.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`);
  return `*${parts.length}\r\n${bulks.join('')}`;
}

/** Takes bytes as they come and gives complete answers. */
export class ReplyReader {
  #buffer = Buffer.alloc(0);

  /** @returns the answers that are complete now. @throws NotRedis */
  push(chunk: Uint8Array): Reply[] {
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    const replies: Reply[] = [];
    let read = readReply(this.#buffer, 0, 0);
    while (read !== undefined) {
      replies.push(read.reply);
      this.#buffer = this.#buffer.subarray(read.end);
      read = readReply(this.#buffer, 0, 0);
    }
    if (this.#buffer.length > most.bytes) throw new NotRedis(`an answer of more than ${most.bytes} bytes`);
    return replies;
  }
}

type Read = { reply: Reply; end: number } | undefined;

function readReply(buffer: Buffer, start: number, depth: number): Read {
  if (buffer.length === start) return undefined;
  const type = String.fromCharCode(buffer[start] ?? 0);
  if (!'+-:$*'.includes(type)) throw notRedis(buffer.subarray(start));
  const lineEnd = buffer.indexOf('\r\n', start);
  if (lineEnd === -1) return undefined;
  const line = buffer.toString('utf8', start + 1, lineEnd);
  const end = lineEnd + 2;
  if (type === '+') return { reply: line, end };
  if (type === '-') return { reply: new RedisError(line), end };
  const count = wholeIn(line);
  if (type === ':') return { reply: count, end };
  return type === '$' ? readBulk(buffer, end, count) : readItems(buffer, { start: end, count, depth });
}

function readBulk(buffer: Buffer, start: number, length: number): Read {
  if (length < 0) return { reply: null, end: start };
  if (length > most.bytes) throw new NotRedis(`an answer of ${length} bytes`);
  const end = start + length;
  return buffer.length < end + 2 ? undefined : { reply: buffer.toString('utf8', start, end), end: end + 2 };
}

function readItems(buffer: Buffer, from: { start: number; count: number; depth: number }): Read {
  if (from.count < 0) return { reply: null, end: from.start };
  if (from.count > most.items || from.depth >= most.depth)
    throw new NotRedis(`an answer of ${from.count} items`);
  const items: Reply[] = [];
  let end = from.start;
  while (items.length < from.count) {
    const item = readReply(buffer, end, from.depth + 1);
    if (item === undefined) return undefined;
    items.push(item.reply);
    end = item.end;
  }
  return { reply: items, end };
}

function wholeIn(line: string): number {
  if (!/^-?\d{1,19}$/.test(line)) throw notRedis(Buffer.from(line));
  return Number(line);
}

function notRedis(bytes: Buffer): NotRedis {
  return new NotRedis(`not Redis' protocol: ${JSON.stringify(bytes.toString('utf8', 0, 40))}`);
}

/** An answer as a text: what it is where it is one, JSON for several, `null` for none. */
export function replyText(reply: Reply): string {
  if (reply instanceof RedisError) return reply.message;
  return Array.isArray(reply) ? JSON.stringify(plain(reply)) : String(reply);
}

/** An answer as plain data, for later checks. */
export function plain(reply: Reply): unknown {
  if (reply instanceof RedisError) return reply.message;
  return Array.isArray(reply) ? reply.map(plain) : reply;
}
