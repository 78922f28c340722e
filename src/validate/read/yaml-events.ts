import { type Event, parseEvents, YAMLException } from 'js-yaml';

/** Levels of mappings and lists. Manifests have about 15. */
export const deepest = 100;

/** So many lines of one document may stand too far to the left. */
const mostLines = 200;

export interface Parsed {
  events: Event[];
  /** What the offsets of the events are of: as long as what was given, and the same but for line breaks. */
  source: string;
}

/**
 * The events of a text. Between brackets a line may stand as far to the left as it likes, as for the parsers of kubectl,
 * Compose and GitHub: `]` below the key that its list belongs to is common, and YAML 1.2 alone forbids it. Such a line is joined
 * to the one before.
 * @throws YAMLException where it still cannot be read: of the text as it was given
 */
export function parseYaml(text: string): Parsed {
  let source = text;
  let first: unknown;
  for (let i = 0; i <= mostLines; i += 1) {
    try {
      return { events: parseEvents(source, { maxDepth: deepest }), source };
    } catch (error) {
      first ??= error;
      const joined = joinedLine(source, error);
      if (joined === undefined) break;
      source = joined;
    }
  }
  throw first;
}

function joinedLine(source: string, error: unknown): string | undefined {
  if (!(error instanceof YAMLException) || error.reason !== 'deficient indentation') return undefined;
  const at = error.mark?.position ?? 0;
  const end = contentEnd(source, at);
  if (end === undefined) return undefined;
  // Only where the break is no part of a scalar: there it would be one blank and not several.
  if (!'[{,'.includes(source[end - 1] ?? '') && !']},'.includes(source[at] ?? '')) return undefined;
  return source.slice(0, end) + ' '.repeat(at - end) + source.slice(at);
}

/** Behind the last character before `at` that is neither blank nor comment; undefined where that is on the same line. */
function contentEnd(source: string, at: number): number | undefined {
  let lineEnd = source.lastIndexOf('\n', at - 1);
  if (lineEnd === -1 || !/^\n *$/.test(source.slice(lineEnd, at))) return undefined;
  while (lineEnd > 0) {
    const start = source.lastIndexOf('\n', lineEnd - 1) + 1;
    const content = withoutComment(source.slice(start, lineEnd)).trimEnd();
    if (content !== '') return start + content.length;
    lineEnd = start - 1;
  }
  return undefined;
}

/** A `#` begins a comment at the start of a line and behind a blank, unless it is in quotes. */
function withoutComment(line: string): string {
  let quote = '';
  for (let i = 0; i < line.length; i += 1) {
    const character = line[i] ?? '';
    const before = line[i - 1] ?? ' ';
    if (quote !== '') {
      if (character === '\\' && quote === '"') i += 1;
      else if (character === quote) quote = '';
    } else if (character === '#' && /\s/.test(before)) return line.slice(0, i);
    // Two quotes in a row stand for one that is part of the text.
    else if ((character === '"' || character === "'") && /[\s[{,:'"]/.test(before)) quote = character;
  }
  return line;
}
