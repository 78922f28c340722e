/** Variables in Compose files: https://docs.docker.com/reference/compose-file/interpolation/ */

/** The text with the defaults of its variables; undefined where one has none. */
export function filledIn(text: string): string | undefined {
  if (!text.includes('$')) return text;
  let isKnown = true;
  const filled = text.replace(
    /\$\$|\$\{\w+(?::?([-+?])([^{}]*))?\}|\$\w+/g,
    (whole: string, operator: string | undefined, other: string | undefined) => {
      if (whole === '$$') return '$';
      if (operator === '-') return other ?? '';
      isKnown = false;
      return '';
    },
  );
  return isKnown && !filled.includes('${') ? filled : undefined;
}

/** What is wrong with the variables in a text; undefined: nothing. */
export function interpolationProblem(text: string): string | undefined {
  for (let at = text.indexOf('$'); at !== -1; at = text.indexOf('$', at + 1)) {
    const next = text[at + 1] ?? '';
    if (next === '$') {
      at += 1;
    } else if (next === '{') {
      const problem = bracedProblem(text, at);
      if (problem !== undefined) return problem;
    } else if (!/[A-Za-z_]/.test(next)) {
      return `"$${next}" is not a variable; a dollar sign of its own is written $$`;
    }
  }
  return undefined;
}

function bracedProblem(text: string, at: number): string | undefined {
  const rest = text.slice(at + 2);
  const [name = ''] = /^\w*/.exec(rest) ?? [];
  const behind = rest.slice(name.length);
  if (!closes(rest)) return `"\${${name.slice(0, 40)}" is never closed`;
  if (name === '' || /^\d/.test(name))
    return 'the name of a variable is letters, digits and underscores, and does not begin with a digit';
  if (behind.startsWith('}') || /^:?[-+?]/.test(behind)) return undefined;
  return `"\${${name}" is followed by "${behind.slice(0, 1)}"; allowed: }, :-default, -default, :?message, ?message, :+other, +other`;
}

/** Whether the brace that is open is closed; defaults may hold variables. */
function closes(rest: string): boolean {
  let depth = 1;
  for (let at = 0; at < rest.length; at += 1) {
    if (rest[at] === '$' && rest[at + 1] === '{') depth += 1;
    else if (rest[at] === '}') depth -= 1;
    if (depth === 0) return true;
  }
  return false;
}
