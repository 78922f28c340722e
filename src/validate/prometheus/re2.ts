/** What JavaScript and others know and RE2 does not, https://github.com/google/re2/wiki/Syntax. */
const foreign: readonly (readonly [RegExp, string])[] = [
  [/\(\?[=!]/, 'lookahead'],
  [/\(\?<[=!]/, 'lookbehind'],
  [/\(\?>/, 'atomic groups'],
  [/\(\?\(/, 'conditions'],
  [/\\[1-9]/, 'back-references'],
  [/\\k</, 'back-references'],
  [/[*+?}]\+/, 'possessive repetition'],
  [/\\[GRXZ]/, 'this escape'],
];

/** Largest count of a repetition that RE2 takes. */
const mostRepetitions = 1_000;

/** Why a regular expression is none for RE2, which Prometheus uses; undefined where it is one. */
export function re2Problem(pattern: string): string | undefined {
  const plain = pattern
    .replace(/\\\\/g, '__')
    .replace(/\\Q[\s\S]*?(?:\\E|$)/g, '')
    .replace(/\[\^?\]?(?:\\.|\[:\^?[a-z]{1,10}:\]|[^\]\\])*\]/g, (set) =>
      /\\[1-9]/.test(set) ? set : '[a]',
    );
  const found = foreign.find(([form]) => form.test(plain));
  if (found) return `RE2 has no ${found[1]}`;
  for (const [, least, most] of plain.matchAll(/\{(\d{1,9})(?:,(\d{0,9}))?\}/g)) {
    if (Number(least) > mostRepetitions || Number(most ?? 0) > mostRepetitions)
      return `RE2 repeats at most ${mostRepetitions} times`;
  }
  return syntaxProblem(plain);
}

/** What is left is close enough to JavaScript for brackets, sets and repetitions to be checked by it. */
function syntaxProblem(plain: string): string | undefined {
  const translated = plain
    .replace(/\(\?P</g, '(?<')
    .replace(/\(\?[imsU]{0,4}(?:-[imsU]{1,4})?(\)|:)/g, (_, end: string) => (end === ')' ? '' : '(?:'))
    .replace(/\\[Az]/g, '')
    .replace(/\\C/g, '.');
  try {
    new RegExp(translated);
    return undefined;
  } catch (error) {
    const text = error instanceof Error ? error.message : '';
    return text
      .slice(text.lastIndexOf(':') + 1)
      .trim()
      .toLowerCase();
  }
}
