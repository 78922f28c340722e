import { type Expected, type ResponseHead, readHead, show } from './response-head.ts';

/** Largest head, and largest sum of chunk-size lines' extensions and trailers in one answer, in bytes. */
export const largestHead = 32 * 1024;

/** Room for the chunk size and the line end themselves. */
const sizeLine = 16;

const headEnd = Buffer.from('\r\n\r\n');
const [cr, lf] = [13, 10];
const statusLineStart = 'HTTP/1.';

type State =
  | 'head'
  | 'length'
  | 'until-close'
  | 'chunk-line'
  | 'chunk-data'
  | 'chunk-end'
  | 'trailer'
  | 'done'
  | 'malformed';

/** The head read last, by all connections of a meter. */
export interface LastHead {
  bytes: Buffer | undefined;
  head: ResponseHead | undefined;
}

/**
 * An incremental parser of HTTP/1.x answers, one answer at a time, fed with whatever bytes arrived. It keeps no body
 * and copies nothing but an incomplete head. Servers repeat their heads, so the last one read is compared as bytes
 * before anything is parsed.
 */
export class ResponseParser {
  readonly #expected: Expected;
  #state: State = 'head';
  #head: ResponseHead | undefined;
  #problem = '';
  /** Bytes of a head that has not ended yet. */
  #partial: Buffer | undefined;
  /** Bytes left of the body or of the chunk. */
  #left = 0;
  /** The chunk-size or trailer line so far, and the bytes that all such lines took. */
  #line = '';
  #lineBytes = 0;
  readonly #last: LastHead;

  constructor(expected: Expected, last: LastHead = { bytes: undefined, head: undefined }) {
    this.#expected = expected;
    this.#last = last;
  }

  /** The head of the answer, once it has been read; of the final answer when there were 1xx ones. */
  get head(): ResponseHead | undefined {
    return this.#head;
  }

  /** What is wrong with the bytes, once `push` or `end` said so. */
  get problem(): string {
    return this.#problem;
  }

  /** Whether any byte of the present answer came. */
  get hasBegun(): boolean {
    return this.#state !== 'head' || this.#partial !== undefined;
  }

  /** Gets ready for the next answer on the connection. */
  reset(): void {
    this.#state = 'head';
    this.#head = undefined;
    this.#partial = undefined;
    this.#left = 0;
    this.#line = '';
    this.#lineBytes = 0;
  }

  /**
   * Takes the bytes from `start` to `end`; returns where it stopped: `end`, unless the answer was complete before. Then
   * look at `isDone` and `isMalformed`.
   */
  push(bytes: Buffer, start: number, end: number): number {
    let at = start;
    while (at < end && this.#state !== 'done' && this.#state !== 'malformed') at = this.#step(bytes, at, end);
    return at;
  }

  get isDone(): boolean {
    return this.#state === 'done';
  }

  get isMalformed(): boolean {
    return this.#state === 'malformed';
  }

  /** The server closed. True when that completes the answer. */
  end(): boolean {
    if (this.#state === 'until-close') this.#state = 'done';
    return this.#state === 'done';
  }

  #step(bytes: Buffer, at: number, end: number): number {
    switch (this.#state) {
      case 'head':
        return this.#readHead(bytes, at, end);
      case 'length':
        return this.#skip(at, end, 'done');
      case 'chunk-data':
        return this.#skip(at, end, 'chunk-end');
      case 'until-close':
        return end;
      default:
        return this.#readLine(bytes, at, end);
    }
  }

  #readHead(bytes: Buffer, at: number, end: number): number {
    const { bytes: last, head } = this.#last;
    if (!this.#partial && last && head && end - at >= last.length) {
      if (bytes.compare(last, 0, last.length, at, at + last.length) === 0) {
        this.#begin(head);
        return at + last.length;
      }
    }
    return this.#partial ? this.#continueHead(bytes, at, end) : this.#firstHead(bytes.subarray(at, end), at);
  }

  #firstHead(bytes: Buffer, at: number): number {
    const found = bytes.indexOf(headEnd);
    if (found < 0 || found > largestHead) this.#keepPartial(Buffer.from(bytes));
    else this.#parse(bytes.subarray(0, found + 4));
    return at + (found < 0 ? bytes.length : found + 4);
  }

  #continueHead(bytes: Buffer, at: number, end: number): number {
    const known = this.#partial?.length ?? 0;
    const joined = Buffer.concat([this.#partial ?? Buffer.alloc(0), bytes.subarray(at, end)]);
    const found = joined.indexOf(headEnd, Math.max(0, known - 3));
    if (found < 0 || found > largestHead) {
      this.#keepPartial(joined);
      return end;
    }
    this.#partial = undefined;
    this.#parse(joined.subarray(0, found + 4));
    return at + found + 4 - known;
  }

  /** Waits for more, unless it is clear already that no good head can come of it. */
  #keepPartial(partial: Buffer): void {
    const start = partial.toString('latin1', 0, statusLineStart.length);
    if (!statusLineStart.startsWith(start))
      this.#fail(`not HTTP: ${show(partial.toString('latin1', 0, 61))}`);
    else if (partial.length > largestHead + 3) this.#fail(`a head of more than ${largestHead} bytes`);
    else if (partial.includes('\n\n')) this.#fail('lines that end without CR');
    else this.#partial = partial;
  }

  #parse(bytes: Buffer): void {
    const head = readHead(bytes.toString('latin1', 0, bytes.length - 4), this.#expected);
    if ('malformed' in head) {
      this.#fail(head.malformed);
      return;
    }
    if (head.status < 200) return; // 100 Continue, 103 Early Hints: the answer follows.
    this.#last.bytes = Buffer.from(bytes);
    this.#last.head = head;
    this.#begin(head);
  }

  #begin(head: ResponseHead): void {
    this.#head = head;
    if (head.framing.kind === 'length') {
      this.#left = head.framing.bytes;
      this.#state = this.#left === 0 ? 'done' : 'length';
    } else this.#state = head.framing.kind === 'chunked' ? 'chunk-line' : 'until-close';
  }

  #skip(at: number, end: number, next: State): number {
    const taken = Math.min(this.#left, end - at);
    this.#left -= taken;
    if (this.#left === 0) this.#state = next;
    return at + taken;
  }

  /** Collects one line of a chunked body, to its CR LF. */
  #readLine(bytes: Buffer, at: number, end: number): number {
    const found = bytes.indexOf(lf, at);
    const stop = found < 0 || found >= end ? end : found + 1;
    this.#line += bytes.toString('latin1', at, stop);
    this.#lineBytes += stop - at;
    if (this.#state === 'chunk-end' && !'\r\n'.startsWith(this.#line))
      this.#fail('a chunk longer than its size');
    else if (stop !== end || bytes[stop - 1] === lf) this.#endLine();
    else if (this.#line.length > largestHead + sizeLine)
      this.#fail(`a chunk line of more than ${largestHead} bytes`);
    return stop;
  }

  #endLine(): void {
    const line = this.#line;
    this.#line = '';
    if (line.charCodeAt(line.length - 2) !== cr) this.#fail('a chunk line that ends without CR');
    else if (this.#state === 'chunk-line') this.#beginChunk(line.slice(0, -2));
    else if (this.#state === 'chunk-end') {
      this.#state = 'chunk-line';
      this.#lineBytes -= 2;
    } else if (line === '\r\n') this.#state = 'done';
    else if (this.#lineBytes > largestHead) this.#fail(`trailers of more than ${largestHead} bytes`);
  }

  #beginChunk(line: string): void {
    const size = /^([0-9a-f]{1,12})[ \t]*(?:;|$)/i.exec(line)?.[1];
    if (size === undefined) {
      this.#fail(`not a chunk size: ${show(line)}`);
      return;
    }
    this.#lineBytes -= size.length + 2; // Only extensions and trailers count towards the limit.
    this.#left = Number.parseInt(size, 16);
    this.#state = this.#left === 0 ? 'trailer' : 'chunk-data';
    if (this.#lineBytes > largestHead) this.#fail(`chunk extensions of more than ${largestHead} bytes`);
  }

  #fail(problem: string): void {
    this.#state = 'malformed';
    this.#problem = problem;
  }
}
