import { didYouMean } from '../../../config/suggest.ts';
import type { Rule } from '../../rule.ts';
import { type Embedded, expressionsOf, nodesIn, referencesIn } from '../../workflows/expression/embedded.ts';
import { type Node, parseExpression } from '../../workflows/expression/parse.ts';
import { ExpressionError, ExpressionLimit } from '../../workflows/expression/tokens.ts';
import { contextNames, functionNames } from '../../workflows/keys.ts';
import { atIndex, workflowsOf } from '../../workflows/model.ts';

export const workflowExpressionSyntax: Rule = {
  id: 'workflow-expression-syntax',
  severity: 'error',
  layer: 'syntax',
  title: 'Expressions can be read',
  why: 'GitHub refuses the whole workflow when one expression has an open quote or parenthesis, or names a function or context that is not there.',
  fix: 'Close what is open, write texts in single quotes, and use the functions and contexts that GitHub documents.',
  source: 'https://docs.github.com/en/actions/reference/workflows-and-actions/expressions',
  check(workspace, report) {
    for (const workflow of workflowsOf(workspace)) {
      for (const embedded of expressionsOf(workflow)) {
        const faults = embedded.node ? nameFaults(embedded.node) : [syntaxFault(embedded)];
        for (const fault of faults) {
          if (fault instanceof ExpressionLimit)
            report.skip(workflow.file.document, `an expression ${fault.message} and is not checked`);
          else report.find(atIndex(workflow, embedded.path, faultAt(embedded, fault)), fault);
        }
      }
    }
  },
};

/** At the name that is told, if it is there as it is. */
function faultAt({ text, index, node }: Embedded, fault: string): number {
  const name = node && /"([^"]+)"/.exec(fault)?.[1];
  return index + Math.max(0, name === undefined ? 0 : text.toLowerCase().indexOf(name.toLowerCase()));
}

const knownFunctions = new Set(functionNames.map((name) => name.toLowerCase()));

/** Without its texts, of which one may be a secret. */
function shown(text: string): string {
  const plain = text.replaceAll(/'[^']+'?|"[^"]+"?/g, (part) => `${part[0]}…${part[0]}`);
  return (plain.length > 80 ? `${plain.slice(0, 80)}…` : plain).replaceAll('\n', ' ');
}

function syntaxFault({ text, isOpen }: Embedded): string | ExpressionLimit {
  if (isOpen) return 'an expression is not closed with }}';
  try {
    parseExpression(text);
  } catch (error) {
    if (error instanceof ExpressionLimit) return error;
    if (error instanceof ExpressionError) return `the expression "${shown(text)}" ${error.message}`;
    throw error;
  }
  return `the expression "${shown(text)}" cannot be read`;
}

function nameFaults(node: Node): readonly string[] {
  const calls = [...nodesIn(node)].flatMap((one) => (one.kind === 'call' ? [one.name] : []));
  const contexts = referencesIn(node).map((reference) => reference.split('.')[0] ?? '');
  return [
    ...calls
      .filter((name) => !knownFunctions.has(name.toLowerCase()))
      .map((name) => `there is no function "${name}"${didYouMean(name, functionNames)}`),
    ...contexts
      .filter((name) => !contextNames.includes(name))
      .map(
        (name) =>
          `there is no context "${name}"${didYouMean(name, contextNames) || '; texts stand in single quotes'}`,
      ),
  ];
}
