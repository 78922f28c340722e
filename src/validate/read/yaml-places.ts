import {
  COLLECTION_STYLE,
  EVENT_ID,
  type Event,
  getScalarValue,
  load,
  SCALAR_STYLE,
  type ScalarEvent,
} from 'js-yaml';
import type { Path } from '../document.ts';
import type { Entry, Place } from './places.ts';
import { yamlSchema } from './yaml-schema.ts';

/** A key that its mapping holds already. */
export interface DuplicateKey {
  path: Path;
  key: string;
  /** Of the second one and of the first one. */
  offset: number;
  firstOffset: number;
}

export interface YamlPlaces {
  root: Place;
  duplicates: readonly DuplicateKey[];
}

interface Mapping {
  kind: 'mapping';
  place: Place;
  isFlow: boolean;
  /** The key that waits for its value. */
  key: { text: string; start: number; end: number } | undefined;
  /** The last key, which what is open above it belongs to. */
  at: string;
  merged: Place[];
}

interface Sequence {
  kind: 'sequence';
  place: Place;
  isFlow: boolean;
  count: number;
}

interface Root {
  kind: 'document';
  place: Place | undefined;
}

type Open = Root | Mapping | Sequence;

/**
 * Where everything of one YAML document is written, from the parser's events. Aliases and merge keys lead to where the
 * value stands. `shift` is added to every offset: the events are those of a part of the file.
 */
export function yamlPlaces(source: string, events: readonly Event[], shift: number): YamlPlaces {
  return new Walk(source, shift).run(events);
}

class Walk {
  readonly #source: string;
  readonly #shift: number;
  readonly #stack: Open[] = [];
  readonly #anchors = new Map<string, Place>();
  readonly #duplicates: DuplicateKey[] = [];
  /** Behind the last token. */
  #cursor = 0;
  #root: Place | undefined;

  constructor(source: string, shift: number) {
    this.#source = source;
    this.#shift = shift;
  }

  run(events: readonly Event[]): YamlPlaces {
    for (const event of events) this.#take(event);
    return { root: this.#root ?? this.#place(0, 0), duplicates: this.#duplicates };
  }

  #place(start: number, end: number): Place {
    return { start: start + this.#shift, end: end + this.#shift };
  }

  #take(event: Event): void {
    switch (event.type) {
      case EVENT_ID.DOCUMENT:
        this.#stack.push({ kind: 'document', place: undefined });
        break;
      case EVENT_ID.MAPPING:
      case EVENT_ID.SEQUENCE:
        this.#open(event);
        break;
      case EVENT_ID.SCALAR:
        this.#scalar(event);
        break;
      case EVENT_ID.ALIAS: {
        this.#cursor = event.anchorEnd;
        const name = this.#source.slice(event.anchorStart, event.anchorEnd);
        const here = this.#place(event.anchorStart - 1, event.anchorEnd);
        this.#add(this.#anchors.get(name) ?? here, undefined);
        break;
      }
      case EVENT_ID.POP:
        this.#close();
    }
  }

  #open(event: Event & { type: typeof EVENT_ID.MAPPING | typeof EVENT_ID.SEQUENCE }): void {
    const place: Place = { ...this.#place(event.start, event.start), children: new Map() };
    this.#anchor(event, place);
    this.#cursor = event.start;
    const isFlow = event.style === COLLECTION_STYLE.FLOW;
    if (isFlow) this.#cursor += 1;
    this.#add(place, undefined);
    if (event.type === EVENT_ID.MAPPING)
      this.#stack.push({ kind: 'mapping', place, isFlow, key: undefined, at: '', merged: [] });
    else this.#stack.push({ kind: 'sequence', place, isFlow, count: 0 });
  }

  #close(): void {
    const open = this.#stack.pop();
    if (!open || open.kind === 'document') return;
    if (open.isFlow) this.#cursor = this.#past(open.kind === 'mapping' ? '}' : ']', ',');
    open.place.end = this.#cursor + this.#shift;
    if (open.kind === 'mapping') merge(open);
  }

  #scalar(event: ScalarEvent): void {
    const top = this.#stack.at(-1);
    const isKey = top?.kind === 'mapping' && top.key === undefined;
    if (event.valueStart < 0 && !isKey) {
      const at = top?.kind === 'sequence' ? this.#past('-') : this.#past(':');
      this.#cursor = Math.max(at, event.tagEnd, event.anchorEnd);
    }
    const place = event.valueStart < 0 ? this.#place(this.#cursor, this.#cursor) : this.#written(event);
    this.#anchor(event, place);
    this.#add(place, event);
  }

  /** From the first character that belongs to it (a quote, the mark of a block) to behind the last. */
  #written(event: ScalarEvent): Place {
    const { style, valueStart, valueEnd } = event;
    if (style === SCALAR_STYLE.LITERAL_BLOCK || style === SCALAR_STYLE.FOLDED_BLOCK) {
      this.#cursor = valueEnd;
      return this.#place(this.#blockMark(event), valueEnd);
    }
    const quote = style === SCALAR_STYLE.PLAIN ? 0 : 1;
    this.#cursor = valueEnd + quote;
    return this.#place(valueStart - quote, valueEnd + quote);
  }

  /** The `|` or `>` behind the last token. */
  #blockMark({ valueStart, tagEnd, anchorEnd }: ScalarEvent): number {
    const from = Math.max(this.#cursorBeforeBlock, tagEnd, anchorEnd);
    for (let at = from; at < valueStart; at += 1) {
      const character = this.#source[at];
      if (character === '|' || character === '>') return at;
      if (character === '#') at = this.#lineEnd(at);
    }
    return valueStart;
  }

  #cursorBeforeBlock = 0;

  #lineEnd(at: number): number {
    const end = this.#source.indexOf('\n', at);
    return end === -1 ? this.#source.length : end;
  }

  /** Behind `mark`, when only blanks, comments and `skipped` stand before it; else the cursor. */
  #past(mark: string, skipped = ''): number {
    for (let at = this.#cursor; at < this.#source.length; at += 1) {
      const character = this.#source[at] ?? '';
      if (character === mark) return at + 1;
      if (character === '#') at = this.#lineEnd(at);
      else if (!' \t\r\n'.includes(character) && character !== skipped) break;
    }
    return this.#cursor;
  }

  #anchor(event: { anchorStart: number; anchorEnd: number }, place: Place): void {
    if (event.anchorStart < 0) return;
    this.#anchors.set(this.#source.slice(event.anchorStart, event.anchorEnd), place);
  }

  #add(place: Place, scalar: ScalarEvent | undefined): void {
    this.#cursorBeforeBlock = this.#cursor;
    const top = this.#stack.at(-1);
    if (!top) return;
    if (top.kind === 'document') {
      this.#root ??= place;
    } else if (top.kind === 'sequence') {
      top.place.children?.set(String(top.count), { key: undefined, place });
      top.count += 1;
    } else if (top.key === undefined) {
      top.key = { text: scalar ? this.#keyText(scalar) : '', start: place.start, end: place.end };
    } else {
      this.#pair(top, top.key, place);
      top.at = top.key.text;
      top.key = undefined;
    }
  }

  #pair(mapping: Mapping, key: { text: string; start: number; end: number }, place: Place): void {
    if (key.text === '<<') {
      mapping.merged.push(place);
      return;
    }
    const first = mapping.place.children?.get(key.text);
    if (first) {
      const path = [...this.#path(), key.text];
      const firstOffset = first.key?.start ?? first.place.start;
      this.#duplicates.push({ path, key: key.text, offset: key.start, firstOffset });
    }
    mapping.place.children?.set(key.text, { key: { start: key.start, end: key.end }, place });
  }

  /** The keys and indexes of all that is open. */
  #path(): Path {
    return this.#stack.slice(0, -1).flatMap((open): Path => {
      if (open.kind === 'mapping') return [open.at];
      return open.kind === 'sequence' ? [open.count - 1] : [];
    });
  }

  /** As the values have it: `0x10` is the key `16`. */
  #keyText(scalar: ScalarEvent): string {
    if (scalar.valueStart < 0) return 'null';
    const text = getScalarValue(this.#source, scalar);
    if (scalar.style !== SCALAR_STYLE.PLAIN || !notText.test(text)) return text;
    return String(load(text, { schema: yamlSchema }));
  }
}

/** Plain scalars that may be a number, a truth value or nothing; others are the text that they are. */
const notText = /^(?:[-+]?\.?\d|[-+]?\.(?:inf|nan)$|(?:true|false|null|~)$)/i;

/** Own keys win over merged ones, and an earlier merged mapping over a later one. */
function merge({ place, merged }: Mapping): void {
  for (const from of merged.flatMap(mergedMappings)) {
    for (const [key, entry] of from.children ?? []) {
      if (!place.children?.has(key)) place.children?.set(key, entry);
    }
  }
}

/** `<<: *a` or `<<: [*a, *b]`; list items have no key. */
function mergedMappings(place: Place): Place[] {
  const entries: Entry[] = [...(place.children?.values() ?? [])];
  const isList = entries.length > 0 && entries.every(({ key }) => key === undefined);
  return isList ? entries.map((entry) => entry.place) : [place];
}
