/** A line of a Dockerfile with its continuation lines joined, and where each of its characters stands in the file. */
export interface LogicalLine {
  text: string;
  /** Offset in the file of every character of `text`, and of its end. */
  offsets: readonly number[];
}

interface PhysicalLine {
  text: string;
  start: number;
}

/** The lines of a text without their ends; a byte order mark belongs to none. */
function physicalLines(source: string): PhysicalLine[] {
  const lines: PhysicalLine[] = [];
  let start = source.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (start <= source.length) {
    const at = source.indexOf('\n', start);
    const end = at === -1 ? source.length : at;
    const isCrLf = end > start && source[end - 1] === '\r';
    lines.push({ text: source.slice(start, isCrLf ? end - 1 : end), start });
    start = end + 1;
  }
  return lines;
}

const directive = /^#[ \t]*([a-zA-Z][\w-]*)[ \t]*=[ \t]*(.*?)[ \t]*$/;

/** The escape character that a parser directive at the top sets, a backslash where none does. */
function escapeOf(lines: readonly PhysicalLine[]): string {
  for (const { text } of lines) {
    const found = directive.exec(text.trimStart());
    if (!found) break;
    if (found[1]?.toLowerCase() === 'escape') return found[2] === '`' ? '`' : '\\';
  }
  return '\\';
}

/** Reads a Dockerfile line by line; `heredoc` takes lines as they are. */
export class DockerfileLines {
  readonly escape: string;
  readonly #lines: readonly PhysicalLine[];
  #next = 0;

  constructor(source: string) {
    this.#lines = physicalLines(source);
    this.escape = escapeOf(this.#lines);
  }

  /** The next instruction; undefined at the end. Comments and empty lines are left out, also within one. */
  next(): LogicalLine | undefined {
    const text: string[] = [];
    const offsets: number[] = [];
    let end = 0;
    for (let line = this.#take(); line; line = this.#take()) {
      const isLeftOut = /^[ \t]*(?:#|$)/.test(line.text);
      if (isLeftOut) continue;
      const body = this.#withoutEscape(line.text);
      end = line.start + line.text.length;
      append(text, offsets, { text: body ?? line.text, start: line.start });
      if (body === undefined) break;
    }
    if (text.length === 0) return undefined;
    return { text: text.join(''), offsets: [...offsets, end] };
  }

  /** The lines of a here-document up to the one that ends it; undefined when none does. */
  heredoc(name: string, stripsTabs: boolean): string | undefined {
    const lines: string[] = [];
    for (let line = this.#take(); line; line = this.#take()) {
      const text = stripsTabs ? line.text.replace(/^\t+/, '') : line.text;
      if (text === name) return lines.map((each) => `${each}\n`).join('');
      lines.push(text);
    }
    return undefined;
  }

  #take(): PhysicalLine | undefined {
    const line = this.#lines[this.#next];
    this.#next += 1;
    return line;
  }

  /** The line without the escape character that continues it; undefined when it ends there. */
  #withoutEscape(text: string): string | undefined {
    const trimmed = text.replace(/[ \t]+$/, '');
    if (!trimmed.endsWith(this.escape)) return undefined;
    const body = trimmed.slice(0, -1);
    // An escaped escape character continues nothing.
    return body.endsWith(this.escape) ? undefined : body;
  }
}

/** Adds a line; blanks at the seam become one. */
function append(text: string[], offsets: number[], line: PhysicalLine): void {
  const lead = line.text.length - line.text.trimStart().length;
  const body = line.text.trimStart();
  const isSeam = text.length > 0;
  const kept = body.trimEnd();
  if (isSeam && lead > 0 && text.at(-1) !== ' ') push(' ', line.start + lead - 1);
  for (let i = 0; i < kept.length; i += 1) push(kept[i] ?? '', line.start + lead + i);
  if (kept.length < body.length) push(' ', line.start + lead + kept.length);

  function push(character: string, offset: number): void {
    text.push(character);
    offsets.push(offset);
  }
}
