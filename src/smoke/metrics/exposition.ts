import { prometheusNumber, type Series } from '../series.ts';

/** What cannot be read, and where. */
export interface NotExposition {
  /** Counted from 1. */
  line: number;
  text: string;
}

/**
 * Reads Prometheus' text format 0.0.4 and OpenMetrics 1.0 (https://prometheus.io/docs/instrumenting/exposition_formats/), with
 * quoted names; comments, timestamps and exemplars are passed over.
 */
export function readExposition(body: string): readonly Series[] | NotExposition {
  const all: Series[] = [];
  let number = 0;
  for (const line of body.split('\n')) {
    number += 1;
    const text = line.trim();
    if (text === '' || text.startsWith('#')) continue;
    const series = readSample(text);
    if (series === undefined) return { line: number, text };
    all.push(series);
  }
  return all;
}

const barename = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const quotedName = /\s*"((?:[^"\\]|\\.)*)"\s*(?:,|(?=\}))/y;
const label = /\s*(?:([a-zA-Z_][a-zA-Z0-9_]*)|"((?:[^"\\]|\\.)*)")\s*=\s*"((?:[^"\\]|\\.)*)"\s*(?:,|(?=\}))/y;
const end = /\s*\}/y;
/** Value, timestamp, exemplar. */
const measured = /(?:(?<=\})\s*|\s+)(\S+)(?:\s+[-+.\deE]+)?(?:\s+#\s.*)?$/y;

/** Reads on from where the last pattern ended. */
class Cursor {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text) ?? undefined;
    if (found) this.#at = pattern.lastIndex;
    return found;
  }

  takeText(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }
}

function readSample(text: string): Series | undefined {
  const cursor = new Cursor(text);
  let name = cursor.take(barename)?.[0];
  const labels: Record<string, string> = {};
  cursor.take(/\s*(?=\{)/y);
  if (cursor.takeText('{')) {
    name ??= unescaped(cursor.take(quotedName)?.[1]);
    for (let found = cursor.take(label); found; found = cursor.take(label)) {
      labels[found[1] ?? unescaped(found[2]) ?? ''] = unescaped(found[3]) ?? '';
    }
    if (!cursor.take(end)) return undefined;
  }
  const value = prometheusNumber(cursor.take(measured)?.[1] ?? '');
  return name === undefined || value === undefined ? undefined : { name, labels, value };
}

const escapes: Readonly<Record<string, string>> = { n: '\n', '"': '"', '\\': '\\' };

/** What follows no known escape stays as it is. */
export function unescaped(text: string | undefined): string | undefined {
  return text?.replace(/\\(.)/gs, (whole, character: string) => escapes[character] ?? whole);
}
