/** A query cannot be read. */
export class NotAPath extends Error {
  override readonly name = 'NotAPath';
}

const blanks = /[ \t\n\r]*/y;
const integer = /-?(?:0|[1-9]\d*)/y;
const plainCharacters: Readonly<Record<'"' | "'", RegExp>> = {
  '"': /[\u0020-\u0021\u0023-\u005b\u005d-\uffff]+/y,
  "'": /[\u0020-\u0026\u0028-\u005b\u005d-\uffff]+/y,
};
const escapes: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  '/': '/',
  '\\': '\\',
};
const unicodeEscape = /u([0-9A-Fa-f]{4})/y;

/** Reads a query's text from left to right. */
export class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  fail(expected: string): never {
    const found = this.isAtEnd ? 'it ends' : `there is "${this.#text.slice(this.#at, this.#at + 10)}"`;
    throw new NotAPath(`${found} where ${expected} should be`);
  }

  /** Takes what stands here if it is `text`. */
  take(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  sees(text: string): boolean {
    return this.#text.startsWith(text, this.#at);
  }

  expect(text: string): void {
    if (!this.take(text)) this.fail(`"${text}"`);
  }

  skipBlanks(): void {
    this.match(blanks);
  }

  /** Goes back to where things stood when `attempt` gives undefined. */
  optionally<T>(attempt: () => T | undefined): T | undefined {
    const before = this.#at;
    const result = attempt();
    if (result === undefined) this.#at = before;
    return result;
  }

  /** Takes what a sticky pattern matches here. */
  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  integer(): number | undefined {
    const text = this.match(integer);
    if (text === undefined) return undefined;
    if (text === '-0' || !Number.isSafeInteger(Number(text))) throw new NotAPath(`${text} is not an index`);
    return Number(text);
  }

  /** A text in single or double quotes. */
  quoted(): string | undefined {
    const quote = this.sees('"') ? '"' : "'";
    if (!this.take(quote)) return undefined;
    let text = '';
    while (!this.take(quote)) text += this.match(plainCharacters[quote]) ?? this.#escaped(quote);
    if (!text.isWellFormed()) throw new NotAPath('half a character stands in a text');
    return text;
  }

  #escaped(quote: '"' | "'"): string {
    if (!this.take('\\')) this.fail(`the closing ${quote}`);
    if (this.take(quote)) return quote;
    const unit = this.match(unicodeEscape);
    if (unit !== undefined) return String.fromCharCode(Number.parseInt(unit.slice(1), 16));
    const letter = Object.keys(escapes).find((one) => this.take(one));
    return letter === undefined ? this.fail('a character that can be escaped') : (escapes[letter] ?? '');
  }
}
