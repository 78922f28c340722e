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

/** Whether a line could hold a secret. Errs on the side of yes. */
export function couldHoldSecret(line: string): boolean {
  const text = line.slice(0, 4_000).trimEnd();
  if (harmlessValue.test(text)) return false;
  return secretWord.test(text) || urlWithUser.test(text) || armor.test(text) || randomLooking.test(text);
}

/** Whether the text around a finding must stay out of every output. */
export function isConfidential(
  { rule, path, file, line }: Omit<Finding, 'severity' | 'message' | 'column'>,
  source: SourceFile,
): boolean {
  if (aboutSecrets.test(rule) || kindOf(file) === 'env') return true;
  if (/(?:^|\/)(?:data|stringData|binaryData)(?:\/|$)/.test(path)) return true;
  return couldHoldSecret(lineOf(source, line));
}

const cache = new WeakMap<SourceFile, readonly string[]>();

/** A line of a file, from 1, without its end; empty where there is none. */
export function lineOf(file: SourceFile, line: number): string {
  const lines = cache.get(file) ?? file.text.split('\n');
  cache.set(file, lines);
  return (lines[line - 1] ?? '').replace(/\r$/, '').replace(/^\ufeff/, '');
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
