/** Python's: the end, or before a line break at the end. */
const end = '(?=\\n?(?![\\s\\S]))';
const start = '(?<![\\s\\S])';

/** What JavaScript writes otherwise, outside of a character class; `undefined`: it is the same. */
function translated(piece: string): string | { problem: string } | undefined {
  if (piece === '$') return end;
  if (piece === '^' || piece === '\\A') return start;
  if (piece === '\\Z') return '(?![\\s\\S])';
  if (piece === '(?P<') return '(?<';
  const back = /^\(\?P=(\w+)\)$/.exec(piece)?.[1];
  if (back !== undefined) return `\\k<${back}>`;
  if (/^\(\?(?:\(|>|#|P>)/.test(piece) || /^[*+?}]\+$/.test(piece)) {
    return { problem: `${piece} is not supported` };
  }
  return undefined;
}

/** Escapes, classes and groups are one piece each, so that nothing inside them is taken for something else. */
const pieces =
  /\\[\s\S]|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]|\(\?P=\w+\)|\(\?P<|\(\?\(|\(\?>|\(\?#|[*+?}]\+|[\s\S]/g;
const flagsInFront = /^\(\?([aiLmsux]+)\)/;
const repeatedRepetition = /[+*}]\)(?:[+*]|\{\d+,)/;
const longest = 1_000;

/**
 * A regular expression of Python as one of JavaScript that matches the same texts; `$` matches before a last line break
 * there. @returns what is wrong with it, or not supported, otherwise
 */
export function pythonRegex(pattern: string): RegExp | { problem: string } {
  if (pattern.length > longest) return { problem: `it has more than ${longest} characters` };
  if (repeatedRepetition.test(pattern))
    return { problem: 'a repetition of a repetition can take for ever to match' };
  const flags = flagsInFront.exec(pattern)?.[1] ?? '';
  if (/[Lx]/.test(flags)) return { problem: `the flags ${flags} are not supported` };
  const isMultiline = flags.includes('m');
  const out: string[] = [];
  for (const [piece] of pattern.replace(flagsInFront, '').matchAll(pieces)) {
    const other = isMultiline && /^[$^]$/.test(piece) ? undefined : translated(piece);
    if (typeof other === 'object') return other;
    out.push(
      other ?? (piece.startsWith('[]') || piece.startsWith('[^]') ? piece.replace(']', '\\]') : piece),
    );
  }
  return compiled(out.join(''), [...new Set(flags.replace(/[au]/g, ''))].join(''));
}

function compiled(source: string, flags: string): RegExp | { problem: string } {
  try {
    return new RegExp(source, flags);
  } catch (error) {
    return {
      problem: error instanceof Error ? error.message.replace(/^.*:\s*/s, '').toLowerCase() : String(error),
    };
  }
}
