import { couldHoldSecret } from '../source-line.ts';

/** One change of lines: `count` lines from `from` (from 0) became `lines`. */
interface Change {
  from: number;
  count: number;
  lines: readonly string[];
}

const context = 3;

/**
 * A unified diff of one file, as `git apply` takes it. Lines around a change that could hold a secret are left out; a
 * change that touches such a line itself is not shown, and said so.
 */
export function unifiedDiff(path: string, before: string, after: string): string {
  if (before === after) return '';
  const old = splitLines(before);
  const hunks = changesBetween(old, splitLines(after));
  const name = quoted(path);
  const shown: string[] = [];
  const notes: string[] = [];
  let shift = 0;
  for (const hunk of hunks) {
    if (touchesSecret(old, hunk)) notes.push(noteOf(path, hunk));
    else {
      shown.push(drawHunk(old, hunk, shift));
      shift += hunk.lines.length - hunk.count;
    }
  }
  // Git takes text before the header for a comment, but drops all that follows text between two hunks.
  const header = shown.length > 0 ? `--- ${name('a/')}\n+++ ${name('b/')}\n` : '';
  return [...notes, header, ...shown].join('');
}

/** New lines are judged where they will stand: between the same lines as the old ones. */
function touchesSecret(old: readonly string[], { from, count, lines }: Change): boolean {
  const now = [...old.slice(0, from), ...lines, ...old.slice(from + count)];
  return anySecret(old, from, count) || anySecret(now, from, lines.length);
}

const anySecret = (lines: readonly string[], from: number, count: number): boolean =>
  Array.from({ length: count }, (_, i) => from + i).some((index) => couldHoldSecret(lines, index));

const noteOf = (path: string, { from }: Change): string =>
  `# ${JSON.stringify(path)}, line ${from + 1}: a change that is not shown, because the lines could hold a secret\n`;

/** Each with its end, so that a last line without one and CRLF stay as they are. */
const splitLines = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** Git quotes names with control characters, quotes or backslashes as C does. */
const quoted =
  (path: string) =>
  (prefix: string): string =>
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    /["\\\u0000-\u001f]/.test(path) ? JSON.stringify(prefix + path) : prefix + path;

/** The lines that differ. Longest common subsequence between the common start and end, in pieces where that is large. */
function changesBetween(old: readonly string[], now: readonly string[]): Change[] {
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end))
    end += 1;
  const a = old.slice(start, old.length - end);
  const b = now.slice(start, now.length - end);
  const most = 4_000_000;
  const changes = a.length * b.length > most ? [{ from: 0, count: a.length, lines: b }] : differences(a, b);
  return joined(
    changes.map((one) => ({ ...one, from: one.from + start })),
    old,
  );
}

function differences(a: readonly string[], b: readonly string[]): Change[] {
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const below = lengths[(i + 1) * width + j] ?? 0;
      const right = lengths[i * width + j + 1] ?? 0;
      lengths[i * width + j] =
        a[i] === b[j] ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1 : Math.max(below, right);
    }
  }
  const changes: Change[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const [from, to] = [i, j];
    while ((i < a.length || j < b.length) && !(i < a.length && j < b.length && a[i] === b[j])) {
      if (
        j >= b.length ||
        (i < a.length && (lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0))
      )
        i += 1;
      else j += 1;
    }
    if (i > from || j > to) changes.push({ from, count: i - from, lines: b.slice(to, j) });
    while (i < a.length && j < b.length && a[i] === b[j]) {
      i += 1;
      j += 1;
    }
  }
  return changes;
}

/** Changes whose context would touch become one hunk. */
function joined(changes: readonly Change[], old: readonly string[]): Change[] {
  const hunks: Change[] = [];
  for (const change of changes) {
    const last = hunks.at(-1);
    const end = last ? last.from + last.count : 0;
    const between = old.slice(end, change.from);
    if (last && between.length <= 2 * context && !anySecret(old, end, between.length)) {
      hunks[hunks.length - 1] = {
        from: last.from,
        count: change.from + change.count - last.from,
        lines: [...last.lines, ...between, ...change.lines],
      };
    } else hunks.push(change);
  }
  return hunks;
}

function drawHunk(old: readonly string[], { from, count, lines }: Change, shift: number): string {
  const removed = old.slice(from, from + count);
  const lead = old.slice(harmlessFrom(old, from), from);
  const trail = old.slice(from + count, harmlessTo(old, from + count));
  const first = from - lead.length;
  const oldCount = lead.length + count + trail.length;
  const newCount = lead.length + lines.length + trail.length;
  const range = (start: number, length: number) => `${length === 0 ? start : start + 1},${length}`;
  const body = [
    ...lead.map((line) => marked(' ', line)),
    ...common(removed, lines),
    ...trail.map((line) => marked(' ', line)),
  ];
  return `@@ -${range(first, oldCount)} +${range(first + shift, newCount)} @@\n${body.join('')}`;
}

/** The old lines, then the new ones; what a joined hunk has in common stays in between. */
function common(removed: readonly string[], added: readonly string[]): string[] {
  const out: string[] = [];
  let at = 0;
  for (const { from, count, lines } of differences(removed, added)) {
    out.push(...removed.slice(at, from).map((line) => marked(' ', line)));
    out.push(...removed.slice(from, from + count).map((line) => marked('-', line)));
    out.push(...lines.map((line) => marked('+', line)));
    at = from + count;
  }
  return [...out, ...removed.slice(at).map((line) => marked(' ', line))];
}

const marked = (sign: string, line: string): string =>
  line.endsWith('\n') ? sign + line : `${sign}${line}\n\\ No newline at end of file\n`;

/** Where the context before a change begins: behind the last line that could hold a secret. */
function harmlessFrom(old: readonly string[], end: number): number {
  let at = end;
  while (at > Math.max(0, end - context) && !couldHoldSecret(old, at - 1)) at -= 1;
  return at;
}

function harmlessTo(old: readonly string[], start: number): number {
  let at = start;
  while (at < Math.min(old.length, start + context) && !couldHoldSecret(old, at)) at += 1;
  return at;
}
