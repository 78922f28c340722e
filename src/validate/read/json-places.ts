import type { Entry, Place } from './places.ts';
import type { DuplicateKey } from './yaml-places.ts';

/** Levels of objects and arrays. */
const deepest = 100;

/** Why a text is not JSON, and where. */
export class JsonProblem extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

export interface JsonPlaces {
  root: Place;
  duplicates: readonly DuplicateKey[];
}

/**
 * Where everything of a JSON text (RFC 8259) is written.
 * @throws JsonProblem at the first character that is wrong
 */
export function jsonPlaces(text: string): JsonPlaces {
  return new Scanner(text).run();
}

const numberForm = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what a string may not hold
const stringForm = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y;

class Scanner {
  readonly #text: string;
  readonly #duplicates: DuplicateKey[] = [];
  readonly #path: (string | number)[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    if (text.charCodeAt(0) === 0xfeff) this.#at = 1;
  }

  run(): JsonPlaces {
    this.#blanks();
    const root = this.#value();
    this.#blanks();
    if (this.#at < this.#text.length) this.#fail('text stands behind the value');
    return { root, duplicates: this.#duplicates };
  }

  #fail(message: string): never {
    throw new JsonProblem(message, this.#at);
  }

  #blanks(): void {
    while (' \t\r\n'.includes(this.#text[this.#at] ?? 'x')) this.#at += 1;
  }

  #value(): Place {
    const start = this.#at;
    const character = this.#text[start];
    if (this.#path.length > deepest) this.#fail(`objects and arrays are nested more than ${deepest} deep`);
    if (character === '{') return this.#object(start);
    if (character === '[') return this.#array(start);
    if (character === '"') this.#match(stringForm, 'this string is not closed or holds what it may not');
    else if (!this.#word()) this.#match(numberForm, 'a value has to stand here');
    return { start, end: this.#at };
  }

  #word(): boolean {
    const word = ['true', 'false', 'null'].find((each) => this.#text.startsWith(each, this.#at));
    this.#at += word?.length ?? 0;
    return word !== undefined;
  }

  #match(form: RegExp, message: string): string {
    form.lastIndex = this.#at;
    const found = form.exec(this.#text);
    if (!found) this.#fail(message);
    this.#at += found[0].length;
    return found[0];
  }

  #object(start: number): Place {
    const children = new Map<string, Entry>();
    this.#each('}', () => {
      const keyStart = this.#at;
      const key = JSON.parse(this.#match(stringForm, 'a key in double quotes has to stand here')) as string;
      const keyEnd = this.#at;
      this.#blanks();
      if (this.#text[this.#at] !== ':') this.#fail('a colon has to stand here');
      this.#at += 1;
      this.#blanks();
      this.#path.push(key);
      const first = children.get(key)?.key;
      if (first)
        this.#duplicates.push({ path: [...this.#path], key, offset: keyStart, firstOffset: first.start });
      children.set(key, { key: { start: keyStart, end: keyEnd }, place: this.#value() });
      this.#path.pop();
    });
    return { start, end: this.#at, children };
  }

  #array(start: number): Place {
    const children = new Map<string, Entry>();
    this.#each(']', () => {
      this.#path.push(children.size);
      children.set(String(children.size), { key: undefined, place: this.#value() });
      this.#path.pop();
    });
    return { start, end: this.#at, children };
  }

  /** From the opening bracket to behind the closing one. */
  #each(close: string, item: () => void): void {
    this.#at += 1;
    this.#blanks();
    if (this.#text[this.#at] === close) {
      this.#at += 1;
      return;
    }
    for (;;) {
      item();
      this.#blanks();
      const character = this.#text[this.#at];
      if (character !== ',' && character !== close) this.#fail(`a comma or ${close} has to stand here`);
      this.#at += 1;
      if (character === close) return;
      this.#blanks();
    }
  }
}
