import { leaf } from './leaf.ts';

/** A text that fits in a message; a regular expression of more characters is not one that people read. */
const longestPattern = 500;

/** The source of a regular expression (JavaScript, Unicode) that cannot take for ever to match. */
export function regularExpression(description: string) {
  return leaf<string>({
    description,
    noun: 'a regular expression',
    allowed: `a regular expression of at most ${longestPattern} characters, such as ^[a-z]+$`,
    parse: (given) => (regexProblem(String(given)) === undefined ? String(given) : undefined),
    explain: (given) => `{given} is not a regular expression: ${regexProblem(String(given))}`,
    json: { type: 'string', maxLength: longestPattern },
    examples: ['^https://'],
  });
}

function regexProblem(given: string): string | undefined {
  if (given.length > longestPattern) return `it has more than ${longestPattern} characters`;
  if (repeatedRepetition.test(given)) return 'a repetition of a repetition can take for ever to match';
  try {
    new RegExp(given, 'u');
    return undefined;
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).replace(/^.*:\s*/s, '').toLowerCase();
  }
}

/** `(a+)+` and its like: matching takes time that doubles with every character. */
const repeatedRepetition = /[+*}]\)(?:[+*]|\{\d+,)/;
