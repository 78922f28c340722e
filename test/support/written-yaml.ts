import fc from 'fast-check';

/** Ways of writing the same thing, drawn anew for every node; a run of them makes a whole document. */
type Draw = (most: number) => number;

const words = [
  'a',
  'name',
  'x y',
  'grüße',
  '日本語',
  '😀 b',
  'tls',
  'nothing',
  '1e3x',
  '-x',
  'a#b',
  'http://c:80/d',
];
const keys = ['name', 'true story', 'clé', 'k-1', 'n', '😀', 'off', 'nulls', 'x.y/z', '12', 'T'];

/**
 * Text of YAML as people write it: comments, anchors, aliases and merge keys, flow and block collections, scalars of every style,
 * explicit keys, tags, line ends of Windows, a byte order mark, several documents.
 */
export const writtenYaml = fc
  .array(fc.nat(1_000_000), { minLength: 100, maxLength: 500, size: 'max' })
  .map((numbers) => new Writer(numbers).file());

class Writer {
  readonly #numbers: readonly number[];
  #at = 0;
  #anchors: { name: string; isMapping: boolean }[] = [];
  #named = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  #draw: Draw = (most) => {
    this.#at += 1;
    // Where the numbers end, everything becomes plain and short.
    return (this.#numbers[this.#at - 1] ?? 0) % most;
  };

  #isDone = (): boolean => this.#at >= this.#numbers.length;

  #pick<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[this.#draw(items.length)] ?? items[0];
  }

  file(): string {
    const end = this.#pick(['\n', '\n', '\r\n']);
    const documents: string[] = [];
    while (documents.length < 3 && (documents.length === 0 || !this.#isDone())) {
      documents.push(this.#document());
    }
    const mark = this.#draw(5) === 1 ? '\ufeff' : '';
    const first = this.#draw(3) === 1 ? '---\n' : '';
    return (
      mark +
      (first + documents.join(this.#pick(['---\n', '--- # next\n', '...\n---\n']))).replaceAll('\n', end)
    );
  }

  #document(): string {
    this.#anchors = [];
    return this.#draw(4) === 1 ? this.#sequence(0) : this.#mapping(0);
  }

  #comment(indent: string): string {
    return this.#draw(6) === 1 ? `${this.#pick(['', indent])}# "no: [value\n` : '';
  }

  #trailing(): string {
    return this.#pick(['', '', '', '', ' ', '\t', "  # it's > | & *x"]);
  }

  #mapping(depth: number): string {
    const indent = ' '.repeat(depth);
    const left = new Set(keys);
    let text = '';
    for (let count = 1 + this.#draw(4); count > 0; count -= 1) {
      const key = [...left][this.#draw(left.size)] ?? 'name';
      left.delete(key);
      text += this.#comment(indent) + indent + this.#pair(key, depth);
    }
    const merged = this.#anchors.filter(({ isMapping }) => isMapping);
    const from = merged[this.#draw(merged.length + 1)];
    return from && this.#draw(2) === 1 ? `${text}${indent}<<: *${from.name}\n` : text;
  }

  #pair(key: string, depth: number): string {
    const written = this.#pick([key, key, key, `"${key}"`, `'${key}' `]);
    if (this.#draw(9) === 1)
      return `? ${written.trimEnd()}\n${' '.repeat(depth)}:${this.#value(depth, 'explicit')}`;
    return `${written}:${this.#value(depth, 'pair')}`;
  }

  #sequence(depth: number): string {
    const indent = ' '.repeat(depth);
    let text = '';
    for (let count = 1 + this.#draw(3); count > 0; count -= 1) {
      text += `${this.#comment(indent)}${indent}-${this.#value(depth, 'item')}`;
    }
    return text;
  }

  /** From behind the `:` or `-` to the end of its last line. */
  #value(depth: number, where: 'pair' | 'item' | 'explicit'): string {
    const kind = depth > 8 || this.#isDone() ? this.#draw(4) : this.#draw(10);
    if (kind >= 8 && where === 'item')
      return `${' '.repeat(3)}${this.#mapping(depth + 4)
        .slice(depth + 4)
        .replace(/^ *#.*\n */, '')}`;
    if (kind >= 6) {
      const isMapping = kind % 2 === 0;
      const anchor = this.#anchor(isMapping);
      const inner = depth + 1 + this.#draw(3);
      const text = isMapping ? this.#mapping(inner) : this.#sequence(inner);
      return `${anchor.text}${this.#trailing()}\n${anchor.done(text)}`;
    }
    if (kind === 5) return this.#block(depth);
    const anchor = this.#anchor(kind === 4);
    const text = kind === 4 ? this.#flow(depth, 2) : this.#scalar(depth);
    if (text === '' || text.startsWith('*')) return ` ${text}${this.#trailing()}\n`;
    return `${anchor.text} ${this.#tag(text)}${anchor.done(text)}${this.#trailing()}\n`;
  }

  #tag(text: string): string {
    return !/^[[{]/.test(text) && this.#draw(12) === 1 ? '!!str ' : '';
  }

  #anchor(isMapping: boolean): { text: string; done(text: string): string } {
    if (this.#draw(5) !== 1) return { text: '', done: (text) => text };
    this.#named += 1;
    const name = `n${this.#named}`;
    const done = (text: string): string => {
      this.#anchors.push({ name, isMapping: isMapping && !text.startsWith('[') });
      return text;
    };
    return { text: ` &${name}`, done };
  }

  #scalar(depth: number): string {
    const alias = this.#anchors[this.#draw(this.#anchors.length + 3)];
    if (alias) return `*${alias.name}`;
    const word = words[this.#draw(words.length)] ?? 'a';
    const more = `\n${' '.repeat(depth + 2)}`;
    const styles = [
      word,
      `"${word} \\u00e9\\n"`,
      `'${word}''s'`,
      '12',
      'true',
      '~',
      '',
      '0x1F',
      '2026-01-02',
    ] as const;
    const long = [`plain${more}goes on`, `"quoted${more}goes # on"`, `'so${more}does'`] as const;
    return this.#pick([...styles, ...styles, ...long]);
  }

  #block(depth: number): string {
    const indent = ' '.repeat(depth + 2);
    const mark = this.#pick(['|', '>', '|-', '>+', '|2-']);
    const isFixed = mark.includes('2');
    const lines = [`# no: comment`, `a: |`, '', `  - "more`, 'grüße'].slice(0, 1 + this.#draw(5));
    const body = lines
      .map((line) => (line === '' ? '\n' : `${isFixed ? ' '.repeat(depth + 2) : indent}${line}\n`))
      .join('');
    return ` ${mark}${this.#pick(['', '', ' # > |'])}\n${body}`;
  }

  #flow(depth: number, levels: number): string {
    const gap = this.#pick(['', ' ', `\n${' '.repeat(depth + 1)}`, ` # ], }\n${' '.repeat(depth + 3)}`]);
    const count = this.#draw(4);
    if (this.#draw(2) === 1) {
      const items = Array.from({ length: count }, () => this.#flowValue(depth, levels));
      return `[${gap}${items.join(`,${gap || ' '}`)}${gap}]`;
    }
    const pairs = keys
      .slice(0, count)
      .map((key) => `${this.#pick([key, `"${key}"`])}: ${this.#flowValue(depth, levels)}`);
    return `{${gap}${pairs.join(`,${gap || ' '}`)}${gap}}`;
  }

  #flowValue(depth: number, levels: number): string {
    if (levels > 0 && this.#draw(4) === 1) return this.#flow(depth, levels - 1);
    return this.#pick(['a', '"b ] c"', "'d'", '1', 'e f', 'true', '日本']);
  }
}
