import type { SourceFile } from './document.ts';
import type { Finding } from './finding.ts';
import { kindOf } from './read/classify.ts';

/** Rules about secrets or configuration files, by their ids: of these no source is ever shown or hashed. */
const aboutSecrets = /^config-|secret|credential|password|token|api-key|private-key/;

const secretWord =
  /secret|token|passw|passphrase|pwd|credential|api[-_]?key|access[-_]?key|private[-_]?key|signing[-_]?key|auth|dsn|salt/i;
const urlWithUser = /:\/\/[^\s/@]*@/;
/** Mixed case, digits and a length that no name has: what keys and tokens look like, wherever they stand. */
const randomLooking =
  /(?=[A-Za-z0-9+/=_-]{0,64}\d)(?=[A-Za-z0-9+/=_-]{0,64}[a-z])(?=[A-Za-z0-9+/=_-]{0,64}[A-Z])[A-Za-z0-9+/=_-]{20}/;
const armor = /-----BEGIN |-----END /;

/** `token:`, `debug-auth: false`, `ttl = 30`: nothing that is secret. */
const harmlessValue = /^[^:=]{0,200}[:=]\s*(?:true|false|null|~|\d{1,5})?\s*$/i;

/** `curl -u name:password` */
const userOption = /\s(?:-u|--user|--proxy-user)[\s=]+["']?[^\s:]+:/;

/** Whether a line could hold a secret by what is in it. Errs on the side of yes. */
function looksSecret(line: string): boolean {
  const text = line.slice(0, 4_000).trimEnd();
  if (harmlessValue.test(text)) return false;
  return [secretWord, urlWithUser, userOption, armor, randomLooking].some((form) => form.test(text));
}

/** `value: …` beside `name: DB_PASSWORD`, as variables of containers are written. */
const namedValue = /^\s*(?:-\s+)?["']?value["']?\s*:/;
const secretName = new RegExp(`\\bname["']?\\s*:.*(?:${secretWord.source})`, 'i');

/** A key that secrets stand below, in lists, blocks of text or mappings. */
const secretParent = new RegExp(
  `^\\s*(?:-\\s+)*["']?(?:stringData|[\\w.-]*(?:${secretWord.source})[\\w.-]*)["']?\\s*:`,
  'i',
);

/** Whether a line, from 0, could hold a secret: by itself, by the name beside it or by the keys above it. */
export function couldHoldSecret(lines: readonly string[], index: number): boolean {
  const line = lines[index] ?? '';
  if (looksSecret(line)) return true;
  if (namedValue.test(line) && besideInItem(lines, index).some((other) => secretName.test(other)))
    return true;
  const above = keysAbove(lines, index);
  if (above.some((key) => secretParent.test(key))) return true;
  return above.some((key) => dataParent.test(key)) && isInSecret(lines, index);
}

/** What every Kubernetes Secret has, and ConfigMaps have too. */
const dataParent = /^\s*["']?data["']?\s*:/;
const secretKind = /^\s*(?:-\s+)?["']?kind["']?\s*:\s*["']?Secret\b/;

function isInSecret(lines: readonly string[], index: number): boolean {
  for (const step of [-1, 1]) {
    for (let at = index; at >= 0 && at < lines.length && Math.abs(at - index) < mostLinesAbove; at += step) {
      if (/^---/.test(lines[at] ?? '')) break;
      if (secretKind.test(lines[at] ?? '')) return true;
    }
  }
  return false;
}

/** The lines next to one that are of the same item of a list. */
function besideInItem(lines: readonly string[], index: number): readonly string[] {
  const before = startsItem(lines[index] ?? '') ? [] : [lines[index - 1] ?? ''];
  const next = lines[index + 1] ?? '';
  return startsItem(next) ? before : [...before, next];
}

const startsItem = (line: string): boolean => /^\s*-\s/.test(line);

/** The lines of which this one is indented more, up to the start of its document. */
function keysAbove(lines: readonly string[], index: number): readonly string[] {
  const found: string[] = [];
  let depth = indentOf(lines[index] ?? '');
  for (let at = index - 1; at >= 0 && depth > 0 && at > index - mostLinesAbove; at -= 1) {
    const line = lines[at] ?? '';
    if (line.trim() === '' || indentOf(line) >= depth) continue;
    depth = indentOf(line);
    found.push(line);
  }
  return found;
}

/** A key further up than this is not looked for. */
const mostLinesAbove = 2_000;

const indentOf = (line: string): number => line.length - line.trimStart().length;

/** Whether the text around a finding must stay out of every output. */
export function isConfidential(
  { rule, path, file, line }: Omit<Finding, 'severity' | 'message' | 'column'>,
  source: SourceFile,
): boolean {
  if (aboutSecrets.test(rule) || kindOf(file) === 'env') return true;
  if (/(?:^|\/)(?:data|stringData|binaryData)(?:\/|$)/.test(path)) return true;
  return couldHoldSecret(linesOf(source), line - 1);
}

const cache = new WeakMap<SourceFile, readonly string[]>();

function linesOf(file: SourceFile): readonly string[] {
  const lines = cache.get(file) ?? file.text.split('\n');
  cache.set(file, lines);
  return lines;
}

/** A line of a file, from 1, without its end; empty where there is none. */
export function lineOf(file: SourceFile, line: number): string {
  return (linesOf(file)[line - 1] ?? '').replace(/\r$/, '').replace(/^\ufeff/, '');
}

/** The line of a finding, to be shown with it; undefined where it could hold a secret, or there is nothing to see. */
export function sourceLineOf(
  finding: Omit<Finding, 'severity' | 'message'>,
  files: ReadonlyMap<string, SourceFile>,
): string | undefined {
  const source = files.get(finding.file);
  if (source === undefined || isConfidential(finding, source)) return undefined;
  const line = lineOf(source, finding.line);
  return line.trim() === '' ? undefined : line;
}
