import { ExpressionError, type Literal, type Token, tokensOf } from './tokens.ts';

/** An expression of GitHub Actions. `.name` and `['name']` are the same; `.*` has the name `*`. */
export type Node =
  | { readonly kind: 'literal'; readonly value: Literal }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'member'; readonly of: Node; readonly name: string }
  | { readonly kind: 'index'; readonly of: Node; readonly index: Node }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Node[] }
  | { readonly kind: 'not'; readonly of: Node }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Node; readonly right: Node };

/** Deeper ones are refused; GitHub's own limit is 50. */
const mostDepth = 50;

/** As GitHub limits it. */
const mostCharacters = 21_000;

const precedence: readonly (readonly string[])[] = [['||'], ['&&'], ['==', '!='], ['<', '<=', '>', '>=']];

/**
 * Parses what stands inside `${{ }}`, by
 * https://docs.github.com/en/actions/reference/workflows-and-actions/expressions. Throws ExpressionError.
 */
export function parseExpression(text: string): Node {
  if (text.length > mostCharacters) throw new ExpressionError(`is longer than ${mostCharacters} characters`);
  return new Parser(tokensOf(text)).whole();
}

/** The same, undefined where it is not an expression. */
export function expressionOf(text: string): Node | undefined {
  try {
    return parseExpression(text);
  } catch (error) {
    if (error instanceof ExpressionError) return undefined;
    throw error;
  }
}

/** A text may be a secret, so it is not shown. */
const shown = (token: Token): string =>
  token.kind === 'literal' && typeof token.value === 'string' ? 'a text' : `"${token.text}"`;

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Node {
    if (this.#tokens.length === 0) throw new ExpressionError('is empty');
    const node = this.#binary(0);
    const rest = this.#tokens[this.#at];
    if (rest?.text === ')') throw new ExpressionError('closes a parenthesis that is not open');
    if (rest) throw new ExpressionError(`has ${shown(rest)} where it should end`);
    return node;
  }

  #binary(level: number): Node {
    const operators = precedence[level];
    if (!operators) return this.#unary();
    let left = this.#binary(level + 1);
    for (let operator = this.#take(operators); operator; operator = this.#take(operators)) {
      left = { kind: 'binary', operator, left, right: this.#binary(level + 1) };
    }
    return left;
  }

  #unary(): Node {
    this.#depth += 1;
    if (this.#depth > mostDepth) throw new ExpressionError(`is nested more than ${mostDepth} deep`);
    const node: Node = this.#take(['!'])
      ? { kind: 'not', of: this.#unary() }
      : this.#postfix(this.#primary());
    this.#depth -= 1;
    return node;
  }

  #postfix(start: Node): Node {
    let node = start;
    for (let mark = this.#take(['.', '[']); mark; mark = this.#take(['.', '['])) {
      node = mark === '.' ? { kind: 'member', of: node, name: this.#memberName() } : this.#index(node);
    }
    return node;
  }

  #memberName(): string {
    const token = this.#next();
    if (token.kind === 'name' || token.text === '*') return token.text;
    throw new ExpressionError(`has ${shown(token)} after a dot`);
  }

  #index(of: Node): Node {
    const star = this.#take(['*']) !== undefined;
    const index: Node = star ? { kind: 'literal', value: '*' } : this.#binary(0);
    this.#close(']', 'a bracket');
    return index.kind === 'literal' && typeof index.value === 'string'
      ? { kind: 'member', of, name: index.value }
      : { kind: 'index', of, index };
  }

  #primary(): Node {
    const token = this.#next();
    if (token.kind === 'literal') return { kind: 'literal', value: token.value };
    if (token.text === '(') {
      const inner = this.#binary(0);
      this.#close(')', 'a parenthesis');
      return inner;
    }
    if (token.kind !== 'name') throw new ExpressionError(`has ${shown(token)} where a value should be`);
    return this.#take(['(']) ? this.#call(token.text) : { kind: 'name', name: token.text };
  }

  #call(name: string): Node {
    const args: Node[] = [];
    if (this.#take([')'])) return { kind: 'call', name, args };
    do args.push(this.#binary(0));
    while (this.#take([',']));
    this.#close(')', `the parenthesis of ${name}(`);
    return { kind: 'call', name, args };
  }

  #take(texts: readonly string[]): string | undefined {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'mark' || !texts.includes(token.text)) return undefined;
    this.#at += 1;
    return token.text;
  }

  #next(): Token {
    const token = this.#tokens[this.#at];
    if (!token) throw new ExpressionError('ends where a value should be');
    this.#at += 1;
    return token;
  }

  #close(mark: string, what: string): void {
    if (this.#take([mark])) return;
    const token = this.#tokens[this.#at];
    throw new ExpressionError(
      token ? `has "${token.text}" where ${what} should close` : `does not close ${what}`,
    );
  }
}
