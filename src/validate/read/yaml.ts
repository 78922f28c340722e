import { constructFromEvents, EVENT_ID, type Event, YAMLException } from 'js-yaml';
import type { Document, SourceFile } from '../document.ts';
import type { Unreadable } from '../workspace.ts';
import { expansionProblem } from './expansion.ts';
import { documentOf, type Place } from './places.ts';
import { ProblemList, type Told } from './problem-list.ts';
import { type Parsed, parseYaml } from './yaml-events.ts';
import { yamlPlaces } from './yaml-places.ts';
import { manifestSchema, yamlSchema } from './yaml-schema.ts';
import { unclosed } from './yaml-unclosed.ts';

export interface ReadFile {
  documents: readonly Document[];
  problems: readonly Unreadable[];
}

interface Slice {
  text: string;
  /** Where it starts in the file. */
  start: number;
}

/** `---` at the start of a line is never part of a value, whatever is open (YAML 1.2.2, rule 206 c-forbidden). */
const marker = /^---(?=[\s]|$)/gm;

function slicesOf(text: string): Slice[] {
  // Nearly every file is one document.
  if (!text.includes('\n---')) return [{ text, start: 0 }];
  const starts = [...text.matchAll(marker)].map(({ index }) => index);
  if (starts[0] !== 0) starts.unshift(0);
  return starts.map((start, i) => ({ text: text.slice(start, starts[i + 1]), start }));
}

/**
 * The documents of a YAML file. One that is broken does not hide the others; one with keys that stand twice is read with
 * the last of each. Empty documents are left out.
 */
export function readYaml(file: SourceFile): ReadFile {
  const documents: Document[] = [];
  const problems = new ProblemList(file);
  for (const slice of slicesOf(file.text)) {
    if (problems.isFull) break;
    readSlice({ file, slice, documents, problems });
  }
  return { documents, problems: problems.all };
}

interface Reading {
  file: SourceFile;
  slice: Slice;
  documents: Document[];
  problems: ProblemList;
}

function readSlice(reading: Reading): void {
  const { file, slice, documents, problems } = reading;
  try {
    const parsed = parseYaml(slice.text);
    const { events } = parsed;
    const values = construct(reading, parsed);
    const message = expansionProblem(events, values);
    if (message !== undefined) {
      problems.add({ problem: 'alias-expansion', offset: slice.start + firstAlias(events), message });
      return;
    }
    values.forEach((value, nth) => {
      if (value === null || value === undefined) return;
      const index = documents.length;
      const places = () => placesOf(slice, nth);
      documents.push(documentOf({ file, index, value, places }));
    });
  } catch (error) {
    problems.add(syntaxProblem(slice, error));
  }
}

/** The values of a slice. What YAML forbids and still can be understood becomes a problem of its own. */
function construct({ slice, problems }: Reading, { events, source }: Parsed): unknown[] {
  const options = { source, schema: yamlSchema };
  try {
    return asKubectlDoes(source, events, constructFromEvents(events, options));
  } catch (error) {
    if (!(error instanceof YAMLException) || !error.reason.startsWith('duplicated mapping key')) throw error;
    const values = constructFromEvents(events, { ...options, json: true });
    for (const part of byDocument(events)) {
      for (const { key, offset, path } of yamlPlaces(source, part, slice.start).duplicates)
        problems.add({ problem: 'duplicate-key', offset, path, message: `the key "${key}" stands twice` });
    }
    return values;
  }
}

const truthWord = /(?:^|[\s:,[{-])(?:yes|no|on|off)\s*(?:$|[,\]}#])/im;

/** A manifest with `yes` or `no` is read again, as YAML 1.1. */
function asKubectlDoes(source: string, events: Event[], values: unknown[]): unknown[] {
  if (!values.some(isManifest) || !truthWord.test(source)) return values;
  const again = constructFromEvents(events, { source, schema: manifestSchema });
  return values.map((value, i) => (isManifest(value) ? again[i] : value));
}

const isManifest = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'apiVersion' in value && 'kind' in value;

/** The events of each document; nearly always there is one. */
function byDocument(events: readonly Event[]): (readonly Event[])[] {
  const starts = events.flatMap((event, i) => (event.type === EVENT_ID.DOCUMENT ? [i] : []));
  return starts.map((start, i) => events.slice(start, starts[i + 1]));
}

/** Parsed anew: to keep the events of all documents takes more memory than the documents themselves. */
function placesOf({ text, start }: Slice, nth: number): Place {
  const { events, source } = parseYaml(text);
  return yamlPlaces(source, byDocument(events)[nth] ?? [], start).root;
}

function firstAlias(events: readonly Event[]): number {
  const alias = events.find((event) => event.type === EVENT_ID.ALIAS);
  return alias?.type === EVENT_ID.ALIAS ? alias.anchorStart - 1 : 0;
}

/** Why the parser gave up, where something that was opened before is the likely reason. */
const openEnded = /^(?:deficient indentation|unexpected end of the stream)/;

function syntaxProblem(slice: Slice, error: unknown): Told {
  // Memory or a bug is not the file's fault.
  if (!(error instanceof YAMLException)) throw error;
  const at = error.mark?.position ?? 0;
  const tab = tabNear(slice.text, at);
  if (tab !== undefined) {
    const message = 'a tab is used for indentation, YAML allows blanks only';
    return { problem: 'tab-indentation', offset: slice.start + tab, message };
  }
  const open = openEnded.test(error.reason) ? unclosed(slice.text, at) : undefined;
  if (open !== undefined) {
    const message = `not valid YAML: the ${slice.text[open]} that opens here is never closed`;
    return { problem: 'syntax-error', offset: slice.start + open, message };
  }
  // The parser means the name, the alias begins with its star.
  const star = error.reason.startsWith('unidentified alias') ? 1 : 0;
  const offset = slice.start + Math.min(at - star, slice.text.trimEnd().length);
  return { problem: 'syntax-error', offset, message: `not valid YAML: ${reasonOf(error)}` };
}

/** The parser's words without those of the file: a password that begins with a star or an exclamation mark is among them. */
function reasonOf({ reason }: YAMLException): string {
  if (reason.startsWith('unidentified alias')) return 'this alias names no anchor before it';
  return reason.replace(/ !<.*>|: .*$| "[^"]*"/gs, '');
}

/** The first tab in the indentation of the line where the parser gave up, or of the next one when it did at its end. */
function tabNear(text: string, at: number): number | undefined {
  const start = text.lastIndexOf('\n', Math.max(at - 1, 0)) + 1;
  const next = text.indexOf('\n', at);
  const isAtEnd = next !== -1 && /^[\s,]*$/.test(text.slice(at, next));
  return tabAt(text, start) ?? (isAtEnd ? tabAt(text, next + 1) : undefined);
}

function tabAt(text: string, start: number): number | undefined {
  const indentation = /^ *\t[ \t]*(?=[^\s#])/.exec(text.slice(start, start + 1000));
  return indentation ? start + indentation[0].indexOf('\t') : undefined;
}
