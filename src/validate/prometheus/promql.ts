import { parser } from '@prometheus-io/lezer-promql';
import { didYouMean } from '../../config/suggest.ts';
import { re2Problem } from './re2.ts';

type Tree = ReturnType<typeof parser.parse>;
type SyntaxNode = Tree['topNode'];

/** What is wrong in an expression, at a character of it. */
export interface PromqlProblem {
  readonly index: number;
  readonly message: string;
}

/** Longest expression that is parsed; Prometheus itself has no such bound, people have. */
const longest = 100_000;

/** The first thing that is wrong in a PromQL expression, by the grammar of Prometheus' own editor; undefined: nothing. */
export function promqlProblem(expression: string): PromqlProblem | undefined {
  if (expression.trim() === '') return { index: 0, message: 'the expression is empty' };
  if (expression.length > longest)
    return { index: 0, message: `the expression has more than ${longest} characters` };
  const tree = parser.parse(expression);
  return syntaxError(tree, expression) ?? typeError(tree, expression) ?? regexError(tree, expression);
}

function syntaxError(tree: Tree, text: string): PromqlProblem | undefined {
  let first: { from: number; to: number; before: SyntaxNode | null } | undefined;
  tree.iterate({
    enter: (node) => {
      if (first === undefined && node.type.isError) {
        first = { from: node.from, to: node.to, before: node.node.prevSibling };
      }
      return first === undefined;
    },
  });
  if (!first) return undefined;
  const unknown = unknownFunction(text, first.from);
  if (unknown) return unknown;
  // The parser puts what is missing right behind the last blank; what stands there is what surprises.
  const index = first.from + (/^\s*/.exec(text.slice(first.from))?.[0].length ?? 0);
  const given = /^(?:[A-Za-z_:][\w:]*|\d[\w.]*|"[^"]{0,40}"?|[=!<>~]{1,3}|.)/s.exec(text.slice(index))?.[0];
  if (given?.startsWith('"')) return { index, message: 'a text is not expected here' };
  return given === undefined
    ? { index: text.trimEnd().length, message: 'the expression ends too early' }
    : { index, message: `"${given.slice(0, 40)}" is not expected here` };
}

/** A name before a parenthesis is a function for whoever reads it; the parser takes it for a metric. */
function unknownFunction(text: string, at: number): PromqlProblem | undefined {
  const before = /([A-Za-z_][\w:]*)\s*$/.exec(text.slice(Math.max(0, at - 200), at));
  const name = before?.[1];
  if (name === undefined || !/^\s*\(/.test(text.slice(at)) || isKeyword(name)) return undefined;
  const index = Math.max(0, at - 200) + (before?.index ?? 0);
  return { index, message: `${name} is not a function of PromQL${didYouMean(name, functions())}` };
}

const isKeyword = (name: string): boolean =>
  /^(?:and|or|unless|by|without|on|ignoring|group_left|group_right|bool|offset|start|end)$/i.test(name);

let known: readonly string[] | undefined;

/** The functions of the grammar: a kind of node each, `AvgOverTime` for `avg_over_time`. */
function functions(): readonly string[] {
  known ??= parser.nodeSet.types
    .map(({ name }) => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase())
    .filter((name) => /^[a-z][a-z0-9_]*$/.test(name))
    .filter((name) => hasNode(parser.parse(`${name}(x)`), 'FunctionIdentifier', 'AggregateExpr'));
  return known;
}

function hasNode(tree: Tree, ...names: readonly string[]): boolean {
  let found = false;
  tree.iterate({
    enter: ({ name }) => {
      found ||= names.includes(name);
    },
  });
  return found;
}

/** Functions over time, https://prometheus.io/docs/prometheus/latest/querying/functions/ */
const overRanges =
  /^(?:rate|irate|increase|delta|idelta|deriv|predict_linear|changes|resets|holt_winters|double_exponential_smoothing|\w+_over_time)$/;

/** A range where one value is needed, or the other way round. */
function typeError(tree: Tree, text: string): PromqlProblem | undefined {
  let found: PromqlProblem | undefined;
  const top = tree.topNode.firstChild;
  if (top && isRange(top))
    return {
      index: top.from,
      message: 'a range cannot be the result of a rule; put a function such as rate() around it',
    };
  tree.iterate({
    enter: (node) => {
      if (node.name === 'FunctionCall') found ??= callError(node.node, text);
      else if (node.name === 'AggregateExpr' || node.name === 'BinaryExpr')
        found ??= operandError(node.node, text);
      return found === undefined;
    },
  });
  return found;
}

function callError(call: SyntaxNode, text: string): PromqlProblem | undefined {
  const identifier = call.getChild('FunctionIdentifier');
  const body = call.getChild('FunctionCallBody');
  if (!identifier || !body) return undefined;
  const name = text.slice(identifier.from, identifier.to);
  const given = childrenOf(body).filter(isExpression);
  const range = given.find(isRange);
  const first = given[0];
  if (overRanges.test(name)) {
    return range || !first
      ? undefined
      : { index: first.from, message: `${name} needs a range, such as ${example(first, text)}[5m]` };
  }
  return range
    ? {
        index: range.from,
        message: `${name} takes no range; a function such as rate() or avg_over_time() makes it a value`,
      }
    : undefined;
}

function example(node: SyntaxNode, text: string): string {
  const written = text.slice(node.from, node.to);
  return node.name === 'VectorSelector' && written.length <= 60 && !/\s/.test(written) ? written : 'metric';
}

function operandError(node: SyntaxNode, text: string): PromqlProblem | undefined {
  const parts =
    node.name === 'AggregateExpr' ? childrenOf(node.getChild('FunctionCallBody') ?? node) : childrenOf(node);
  const range = parts.find(isRange);
  const noun =
    node.name === 'AggregateExpr' ? text.slice(node.from, node.from + 30).split(/[\s(]/)[0] : 'an operator';
  return range
    ? { index: range.from, message: `${noun} takes no range; a function such as rate() makes it a value` }
    : undefined;
}

function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) found.push(child);
  return found;
}

const isExpression = ({ name }: SyntaxNode): boolean => /(?:Expr|Selector|Call|Literal)$/.test(name);

function isRange(node: SyntaxNode): boolean {
  if (node.name === 'MatrixSelector' || node.name === 'SubqueryExpr') return true;
  const isAround =
    node.name === 'ParenExpr' || node.name === 'OffsetExpr' || node.name === 'StepInvariantExpr';
  return isAround && childrenOf(node).some(isRange);
}

function regexError(tree: Tree, text: string): PromqlProblem | undefined {
  let found: PromqlProblem | undefined;
  tree.iterate({
    enter: ({ name, node }) => {
      if (name !== 'EqlRegex' && name !== 'NeqRegex') return;
      const literal = node.parent?.nextSibling ?? node.nextSibling;
      if (literal?.name !== 'StringLiteral') return;
      const written = text.slice(literal.from + 1, literal.to - 1);
      const pattern = text[literal.from] === '`' ? written : written.replace(/\\(["'\\])/g, '$1');
      const problem = re2Problem(pattern);
      if (problem !== undefined)
        found ??= { index: literal.from, message: `this regular expression is not valid: ${problem}` };
    },
  });
  return found;
}
