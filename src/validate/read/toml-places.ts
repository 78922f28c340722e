import type { Entry, Place } from './places.ts';

/**
 * Where everything of a TOML 1.0 text is written. The text is known to be valid: nothing is checked here.
 */
export function tomlPlaces(text: string): Place {
  return new Scanner(text).run();
}

interface Key {
  text: string;
  start: number;
  end: number;
}

const bareKey = /[\w-]+/y;
/** A number, a truth value or a date; the blank within a date is between two digits. */
const bareValue = /[^\s,\]}#]+(?: \d\d:[^\s,\]}#]+)?/y;

class Scanner {
  readonly #text: string;
  readonly #root: Place;
  /** Lists that `[[…]]` headers make. */
  readonly #lists = new Set<Place>();
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#root = { start: 0, end: text.length, children: new Map() };
  }

  run(): Place {
    let table = this.#root;
    for (this.#blanks(); this.#at < this.#text.length; this.#blanks()) {
      if (this.#text[this.#at] === '[') table = this.#header();
      else this.#pair(table);
    }
    return this.#root;
  }

  /** Past blanks, line ends and comments. */
  #blanks(): void {
    for (;;) {
      const character = this.#text[this.#at];
      if (character === '#') {
        const end = this.#text.indexOf('\n', this.#at);
        this.#at = end === -1 ? this.#text.length : end;
      } else if (character === undefined || !' \t\r\n'.includes(character)) return;
      else this.#at += 1;
    }
  }

  /** `[a.b]` or `[[a.b]]`; the table that follows. */
  #header(): Place {
    const start = this.#at;
    const isList = this.#text[start + 1] === '[';
    this.#at += isList ? 2 : 1;
    const keys = this.#keys();
    this.#blanks();
    this.#at += isList ? 2 : 1;
    const last = keys.pop() ?? { text: '', start, end: start };
    const parent = this.#inner(this.#root, keys);
    if (!isList) return this.#child(parent, last, { start, end: this.#at });
    const list = this.#child(parent, last, { start, end: this.#at });
    this.#lists.add(list);
    const item: Place = { start, end: this.#at, children: new Map() };
    list.children?.set(String(list.children.size), {
      key: { start: last.start, end: last.end },
      place: item,
    });
    return item;
  }

  /** The table at dotted keys; of a list of tables its last one. */
  #inner(from: Place, keys: readonly Key[]): Place {
    let table = from;
    for (const key of keys) table = this.#last(this.#child(table, key, { start: key.start, end: key.end }));
    return table;
  }

  #last(place: Place): Place {
    return this.#lists.has(place) ? ([...(place.children?.values() ?? [])].at(-1)?.place ?? place) : place;
  }

  /** The child that is there, or a new table. */
  #child(table: Place, key: Key, extent: { start: number; end: number }): Place {
    const found = table.children?.get(key.text);
    if (found) return found.place;
    const place: Place = { ...extent, children: new Map() };
    table.children?.set(key.text, { key: { start: key.start, end: key.end }, place });
    return place;
  }

  #keys(): Key[] {
    const keys: Key[] = [];
    for (;;) {
      this.#blanks();
      keys.push(this.#key());
      this.#blanks();
      if (this.#text[this.#at] !== '.') return keys;
      this.#at += 1;
    }
  }

  #key(): Key {
    const start = this.#at;
    const quote = this.#text[start];
    if (quote !== '"' && quote !== "'") {
      this.#match(bareKey);
      return { text: this.#text.slice(start, this.#at), start, end: this.#at };
    }
    this.#string();
    const inner = this.#text.slice(start + 1, this.#at - 1);
    return { text: quote === '"' ? unescaped(inner) : inner, start, end: this.#at };
  }

  /** Moves on by one character at least, so that nothing can go on for ever. */
  #match(form: RegExp): void {
    form.lastIndex = this.#at;
    const length = form.exec(this.#text)?.[0].length ?? 0;
    this.#at += Math.max(1, length);
  }

  #pair(table: Place): void {
    const keys = this.#keys();
    this.#at += 1;
    this.#blanks();
    const last = keys.pop();
    const parent = this.#inner(table, keys);
    const place = this.#value();
    if (last) parent.children?.set(last.text, { key: { start: last.start, end: last.end }, place });
  }

  #value(): Place {
    const start = this.#at;
    const character = this.#text[start];
    if (character === '[') return this.#array(start);
    if (character === '{') return this.#inline(start);
    if (character === '"' || character === "'") this.#string();
    else this.#match(bareValue);
    return { start, end: this.#at };
  }

  #array(start: number): Place {
    const children = new Map<string, Entry>();
    this.#at += 1;
    for (this.#blanks(); this.#isWithin(']'); this.#blanks()) {
      if (this.#text[this.#at] === ',') this.#at += 1;
      else children.set(String(children.size), { key: undefined, place: this.#value() });
    }
    this.#at += 1;
    return { start, end: this.#at, children };
  }

  #inline(start: number): Place {
    const place: Place = { start, end: start, children: new Map() };
    this.#at += 1;
    for (this.#blanks(); this.#isWithin('}'); this.#blanks()) {
      if (this.#text[this.#at] === ',') this.#at += 1;
      else this.#pair(place);
    }
    this.#at += 1;
    place.end = this.#at;
    return place;
  }

  #isWithin(close: string): boolean {
    return this.#at < this.#text.length && this.#text[this.#at] !== close;
  }

  /** Past a string of any of the four kinds. */
  #string(): void {
    const quote = this.#text[this.#at] ?? '';
    const isLong = this.#text.startsWith(quote.repeat(3), this.#at);
    const close = isLong ? quote.repeat(3) : quote;
    this.#at += close.length;
    while (this.#at < this.#text.length && !this.#text.startsWith(close, this.#at)) {
      this.#at += quote === '"' && this.#text[this.#at] === '\\' ? 2 : 1;
    }
    this.#at += close.length;
    // A long string may end with up to two quotes of its own.
    for (let more = 0; isLong && more < 2 && this.#text[this.#at] === quote; more += 1) this.#at += 1;
  }
}

/** The escapes of TOML are those of JSON and \U; keys with others are rare and stay as they are. */
function unescaped(text: string): string {
  const json = text.replace(/\\U([\da-fA-F]{8})/g, (_, hex: string) =>
    String.fromCodePoint(Number.parseInt(hex, 16)),
  );
  try {
    return JSON.parse(`"${json}"`) as string;
  } catch {
    return text;
  }
}
