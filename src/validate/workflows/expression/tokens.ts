export type Literal = string | number | boolean | null;

/** An expression that is not one, and why. */
export class ExpressionError extends Error {}

/** An expression that may be one, but has more parts than are read here. */
export class ExpressionLimit extends ExpressionError {}

export type Token =
  | { readonly kind: 'literal'; readonly text: string; readonly value: Literal }
  | { readonly kind: 'name'; readonly text: string }
  | { readonly kind: 'mark'; readonly text: string };

const words: Readonly<Record<string, Literal>> = {
  true: true,
  false: false,
  null: null,
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
};

const patterns = {
  blank: /\s+/y,
  name: /[A-Za-z_][A-Za-z0-9_-]*/y,
  number: /[-+]?(?:0x[0-9a-fA-F]+|0o[0-7]+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?)/y,
  string: /'(?:[^']|'')*'/y,
  mark: /&&|\|\||==|!=|<=|>=|[<>!()[\].,*]/y,
} as const;

/** Trees of more are too deep to walk; expressions of people have some tens. */
const mostTokens = 2_000;

/** The tokens of an expression. Throws ExpressionError at what is none. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let from = 0;
  const read = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = from;
    const found = pattern.exec(text)?.[0];
    from += found?.length ?? 0;
    return found;
  };
  while (from < text.length) {
    if (read(patterns.blank) !== undefined) continue;
    if (tokens.length === mostTokens) throw new ExpressionLimit(`has more than ${mostTokens} parts`);
    tokens.push(tokenAt(read) ?? refuse(text[from] ?? ''));
  }
  return tokens;
}

function tokenAt(read: (pattern: RegExp) => string | undefined): Token | undefined {
  const name = read(patterns.name);
  if (name !== undefined) {
    if (!Object.hasOwn(words, name)) return { kind: 'name', text: name };
    return { kind: 'literal', text: name, value: words[name] ?? null };
  }
  const string = read(patterns.string);
  if (string !== undefined)
    return { kind: 'literal', text: string, value: string.slice(1, -1).replaceAll("''", "'") };
  const number = read(patterns.number);
  if (number !== undefined) return { kind: 'literal', text: number, value: Number(number) };
  const mark = read(patterns.mark);
  return mark === undefined ? undefined : { kind: 'mark', text: mark };
}

function refuse(character: string): never {
  if (character === "'") throw new ExpressionError('does not close a quote');
  if (character === '"') throw new ExpressionError('has a double quote; strings stand in single quotes');
  throw new ExpressionError(`has "${character}", which no expression knows`);
}
