import { byteAt, COLON, CR, HEX, HT, hasRole, LF, SEMICOLON, SP, TOKEN, VALUE } from './bytes.ts';
import type { Range } from './fields.ts';

type State =
  | 'complete'
  | 'length'
  | 'until-close'
  | 'size'
  | 'size-more'
  | 'extension'
  | 'size-lf'
  | 'data'
  | 'data-cr'
  | 'data-lf'
  | 'trailer'
  | 'trailer-name'
  | 'trailer-value'
  | 'trailer-lf'
  | 'last-lf';

/** Chunk extensions and trailers of one body, bytes: what is neither payload nor needed must stay small. */
const largestOverhead = 16 * 1024;

/** Trailers that would frame or route the message if somebody merged them into the head (RFC 9110 §6.5.1). */
const forbiddenTrailer =
  /^(?:connection|content[-_]length|expect|host|te|trailer|transfer[-_]encoding|upgrade)$/i;

/**
 * Finds the end of a message's body, byte by byte for the chunked framing, which it checks strictly (RFC 9112 §7.1). It
 * changes nothing: the bytes are passed on as they are. One object serves all messages of a connection.
 */
export class Body {
  /** Why the body is not acceptable, in a few words; no byte from there on may be passed on. */
  problem: string | undefined;
  private state: State = 'complete';
  /** Bytes of the body or of the chunk that are still to come. */
  private left = 0;
  private sizeDigits = 0;
  private overhead = 0;
  private trailerName = '';

  get complete(): boolean {
    return this.state === 'complete';
  }

  get endsAtClose(): boolean {
    return this.state === 'until-close';
  }

  expectNothing() {
    this.expectLength(0);
  }

  expectLength(bytes: number) {
    this.problem = undefined;
    this.left = bytes;
    this.state = bytes === 0 ? 'complete' : 'length';
  }

  expectChunks() {
    this.problem = undefined;
    this.overhead = 0;
    this.startChunk();
  }

  /** The body goes on until the peer closes. */
  expectClose() {
    this.problem = undefined;
    this.state = 'until-close';
  }

  /**
   * Takes the bytes that belong to the body; returns the place after the last of them. `payload`, when given, receives
   * the ranges of the bytes without the framing, flat: from, to, from, to …
   */
  take(bytes: Uint8Array, range: Range, payload?: number[]): number {
    if (this.state === 'complete') return range.from;
    if (this.state === 'until-close') {
      payload?.push(range.from, range.to);
      return range.to;
    }
    let at = range.from;
    while (at < range.to && this.state !== 'complete' && this.problem === undefined) {
      if (this.state === 'data' || this.state === 'length') {
        const size = Math.min(this.left, range.to - at);
        payload?.push(at, at + size);
        at += size;
        this.left -= size;
        if (this.left === 0) this.state = this.state === 'length' ? 'complete' : 'data-cr';
      } else {
        this.step(byteAt(bytes, at));
        at += 1;
      }
    }
    return at;
  }

  private startChunk() {
    this.state = 'size';
    this.left = 0;
    this.sizeDigits = 0;
  }

  /** One byte of the chunked framing. */
  private step(byte: number) {
    switch (this.state) {
      case 'size':
        return hasRole(byte, HEX) ? this.sizeDigit(byte) : this.refuse('a chunk has no size');
      case 'size-more':
        return this.afterSizeDigit(byte);
      case 'extension':
        return this.inLine(byte, 'size-lf');
      case 'size-lf':
        return this.lineFeed(byte, this.left === 0 ? 'trailer' : 'data');
      case 'data-cr':
        return byte === CR ? this.become('data-lf') : this.refuse('a chunk is longer than its size says');
      case 'data-lf':
        if (byte !== LF) return this.refuse('a bare CR stands after a chunk');
        return this.startChunk();
      case 'trailer':
        return this.startTrailer(byte);
      case 'trailer-name':
        return this.inTrailerName(byte);
      case 'trailer-value':
        return this.inLine(byte, 'trailer-lf');
      case 'trailer-lf':
        return this.lineFeed(byte, 'trailer');
      case 'last-lf':
        return this.lineFeed(byte, 'complete');
      default:
        throw new Error(`no byte is expected in state ${this.state}`);
    }
  }

  private become(state: State) {
    this.state = state;
  }

  private refuse(problem: string) {
    this.problem = problem;
  }

  private sizeDigit(byte: number) {
    this.sizeDigits += 1;
    // 12 hexadecimal digits are 2^48 - 1 at the most, below Number.MAX_SAFE_INTEGER.
    if (this.sizeDigits > 12) return this.refuse('a chunk size has too many digits');
    this.left = this.left * 16 + Number.parseInt(String.fromCharCode(byte), 16);
    this.state = 'size-more';
  }

  private afterSizeDigit(byte: number) {
    if (hasRole(byte, HEX)) return this.sizeDigit(byte);
    if (byte === CR) return this.become('size-lf');
    if (byte === SEMICOLON) return this.become('extension');
    // White space here is "bad" by RFC 9112 §7.1.1, and servers disagree on what it means.
    if (byte === SP || byte === HT) return this.refuse('a blank stands after a chunk size');
    this.refuse(byte === LF ? 'a chunk size ends in a bare LF' : 'a chunk size is not hexadecimal');
  }

  /** The rest of a line whose content does not matter to us. */
  private inLine(byte: number, next: State) {
    if (byte === CR) return this.become(next);
    if (!hasRole(byte, VALUE)) return this.refuse('a control byte or bare LF stands in the chunked framing');
    this.count();
  }

  private lineFeed(byte: number, next: State) {
    if (byte === LF) this.become(next);
    else this.refuse('a bare CR stands in the chunked framing');
  }

  private count() {
    this.overhead += 1;
    if (this.overhead > largestOverhead) this.refuse('chunk extensions and trailers are too large');
  }

  private startTrailer(byte: number) {
    if (byte === CR) return this.become('last-lf');
    this.trailerName = '';
    this.state = 'trailer-name';
    this.inTrailerName(byte);
  }

  private inTrailerName(byte: number) {
    if (hasRole(byte, TOKEN)) {
      this.trailerName += String.fromCharCode(byte);
      return this.count();
    }
    if (byte !== COLON || this.trailerName === '') return this.refuse('a trailer name is not a token');
    if (forbiddenTrailer.test(this.trailerName)) return this.refuse(`${this.trailerName} is no trailer`);
    this.state = 'trailer-value';
  }
}
