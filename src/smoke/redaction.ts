/** Shorter values are ordinary words and numbers: blanking them would blank the messages. */
const shortest = 4;
const blank = '***';

/** Keys of records and events that hold words of our own: a secret that is such a word must not blank them. */
const ownWords = new Set([
  ...['verdict', 'finding', 'witnessed', 'steadyBefore', 'steadyAfter', 'rule'],
  ...['aim', 'color', 'kind', 'level', 'type', 'state'],
]);

/** Keeps values out of everything that is shown: those from the environment, and those captured from answers. */
export class Redaction {
  /** Longest first, so that a secret within a longer one does not break it up. */
  #secrets: readonly string[] = [];

  constructor(secrets: Iterable<string> = []) {
    this.add(secrets);
  }

  add(values: Iterable<string>): void {
    const all = new Set([...this.#secrets, ...[...values].flatMap(spellings)]);
    this.#secrets = [...all].sort((a, b) => b.length - a.length);
  }

  text(text: string): string {
    const whole = this.#secrets.reduce((left, secret) => left.replaceAll(secret, blank), text);
    return whole.includes('…') ? this.#withoutBeginnings(whole) : whole;
  }

  /** One line, without secrets, cut to so many characters. */
  shown(text: string, most = 200): string {
    const line = this.text(text).replace(/\s+/g, ' ').trim();
    return line.length > most ? `${line.slice(0, most - 1)}…` : line;
  }

  /** A copy with every text in it redacted; the names of keys stay, and words of our own. */
  all<T>(value: T): T {
    return this.#all(value) as T;
  }

  #all(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return value.map((item) => this.#all(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, ownWords.has(key) ? item : this.#all(item)]),
    );
  }

  /** Where a text was cut in the middle of a secret, its beginning is one, too. */
  #withoutBeginnings(text: string): string {
    const parts = text.split('…');
    const last = parts.pop() ?? '';
    return [...parts.map((part) => this.#withoutEnd(part)), last].join('…');
  }

  #withoutEnd(part: string): string {
    for (const secret of this.#secrets) {
      for (let length = Math.min(secret.length - 1, part.length); length >= shortest; length -= 1) {
        if (part.endsWith(secret.slice(0, length))) return `${part.slice(0, -length)}${blank}`;
      }
    }
    return part;
  }
}

/** How a value may be written: plain, on one line, in JSON, in a URL. */
function spellings(value: string): string[] {
  if (value.trim().length < shortest) return [];
  const inUrl = value.isWellFormed() ? [encodeURIComponent(value)] : [];
  return [value, value.replace(/\s+/g, ' ').trim(), JSON.stringify(value).slice(1, -1), ...inUrl];
}
