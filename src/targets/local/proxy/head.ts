/**
 * Heads of requests and answers, read strictly. Hand-written because no parser of a library fits: Node's own llhttp is
 * reachable only through internals (`process.binding`), undici's copy of it reads answers only, and both deliver header
 * by header through callbacks, where a proxy wants to pass the bytes on as they are.
 */
import { byteAt, CR, DIGIT, HOST, hasRole, LF, latin1, roles, SP, TARGET, TOKEN, VALUE } from './bytes.ts';
import { Fields, incomplete, lineEnd, passedOn, type Range, scanFields } from './fields.ts';
import { Refusal } from './refusal.ts';

/** The head of a request that may be passed on. */
export interface RequestHead {
  /** The place after the empty line. */
  end: number;
  /** The answer to HEAD has no body. */
  isHead: boolean;
  http10: boolean;
  /** Whether the client wants to keep the connection. */
  keepAlive: boolean;
  /** -1: none. */
  contentLength: number;
  chunked: boolean;
  /** The protocol to switch to, if the client asks for one that we pass on. */
  upgrade: string | undefined;
  /** Asks for the colour that answers. */
  probe: boolean;
  /** What goes to the backend, without the last CRLF: more header lines can be added. */
  text: string;
}

/** The head of an answer that may be passed on. */
export interface AnswerHead {
  end: number;
  status: number;
  /** Whether the backend keeps the connection. */
  keepAlive: boolean;
  /** Seconds for which it says to keep it idle; -1: it does not say. */
  keepAliveSeconds: number;
  contentLength: number;
  chunked: boolean;
  upgrade: string | undefined;
  fields: Fields;
  /** The place of the first byte, and whether the status line has to be raised to HTTP/1.1. */
  from: number;
  http10: boolean;
}

const longestMethod = 32;

/**
 * Reads a request's head from `from` on. Undefined: more bytes are needed. Pure; any fragmentation of the same bytes
 * comes to the same end, because what a prefix is refused for, the whole is refused for.
 */
export function parseRequestHead(
  bytes: Buffer,
  range: Range,
  limit: number,
): RequestHead | Refusal | undefined {
  const from = skipEmptyLine(bytes, range);
  const to = Math.min(range.to, from + limit);
  const line = requestLine(bytes, { from, to });
  if (line instanceof Refusal) return line;
  if (line !== undefined) {
    const fields = new Fields();
    const end = scanFields(bytes, { from: line.end, to }, fields);
    if (end instanceof Refusal) return end;
    if (end !== incomplete) return requestHead(bytes, { line, end }, fields);
  }
  return to - from >= limit ? new Refusal(431, `the head is larger than ${limit} bytes`) : undefined;
}

/** One empty line before a request is forgiven (RFC 9112 §2.2). */
function skipEmptyLine(bytes: Buffer, range: Range): number {
  const empty =
    range.from + 1 < range.to && byteAt(bytes, range.from) === CR && byteAt(bytes, range.from + 1) === LF;
  return empty ? range.from + 2 : range.from;
}

interface RequestLine {
  from: number;
  methodTo: number;
  targetTo: number;
  http10: boolean;
  end: number;
}

function requestLine(bytes: Buffer, range: Range): RequestLine | Refusal | undefined {
  const { from, to } = range;
  let at = from;
  while (at < to && ((roles[byteAt(bytes, at)] ?? 0) & TOKEN) !== 0) at += 1;
  const methodTo = at;
  if (methodTo - from > longestMethod) return new Refusal(400, 'the method is too long');
  if (at >= to) return undefined;
  if (byteAt(bytes, at) === CR && at === from && at + 1 >= to) return undefined;
  if (byteAt(bytes, at) !== SP || methodTo === from) return new Refusal(400, 'the method is not a token');
  at += 1;
  while (at < to && ((roles[byteAt(bytes, at)] ?? 0) & TARGET) !== 0) at += 1;
  if (at >= to) return undefined;
  const targetTo = at;
  if (byteAt(bytes, at) !== SP || targetTo === methodTo + 1)
    return new Refusal(400, 'the request target is not valid');
  const version = versionAt(bytes, { from: at + 1, to });
  if (typeof version !== 'number') return version;
  const broken = lineEnd(bytes, at + 9, to);
  if (broken === incomplete) return undefined;
  if (broken instanceof Refusal) return new Refusal(400, 'the request line does not end after the version');
  return { from, methodTo, targetTo, http10: version === 0, end: at + 11 };
}

/** The minor version of `HTTP/1.x`; undefined when more bytes are needed. */
function versionAt(bytes: Buffer, range: Range): number | Refusal | undefined {
  const pattern = 'HTTP/';
  for (let index = 0; index < 8; index += 1) {
    const at = range.from + index;
    if (at >= range.to) return undefined;
    const byte = byteAt(bytes, at);
    const right =
      index < 5 ? byte === pattern.charCodeAt(index) : index === 6 ? byte === 0x2e : hasRole(byte, DIGIT);
    if (!right) return new Refusal(400, 'the HTTP version is not valid');
  }
  const minor = byteAt(bytes, range.from + 7) - 0x30;
  if (byteAt(bytes, range.from + 5) !== 0x31 || minor > 1)
    return new Refusal(505, 'only HTTP/1.0 and HTTP/1.1 are spoken here');
  return minor;
}

function requestHead(
  bytes: Buffer,
  parts: { line: RequestLine; end: number },
  fields: Fields,
): RequestHead | Refusal {
  const { line, end } = parts;
  const refusal = checkRequest(bytes, line, fields);
  if (refusal !== undefined) return refusal;
  const text = requestText(bytes, parts, fields);
  if (text instanceof Refusal) return text;
  return {
    end,
    isHead: line.methodTo - line.from === 4 && latin1(bytes, line.from, line.methodTo) === 'HEAD',
    http10: line.http10,
    keepAlive: line.http10 ? fields.keepAlive && !fields.close : !fields.close,
    contentLength: fields.contentLength,
    chunked: fields.chunked,
    upgrade: fields.upgrade === undefined ? undefined : upgradeOf(line, fields),
    probe: fields.probe,
    text,
  };
}

function checkRequest(bytes: Buffer, line: RequestLine, fields: Fields): Refusal | undefined {
  if (line.methodTo - line.from === 7 && latin1(bytes, line.from, line.methodTo) === 'CONNECT')
    return new Refusal(501, 'CONNECT is not offered here');
  if (fields.chunked && line.http10) return new Refusal(400, 'HTTP/1.0 has no Transfer-Encoding');
  if (fields.hosts > 1) return new Refusal(400, 'Host is given more than once');
  if (fields.host === undefined)
    return line.http10 ? undefined : new Refusal(400, 'HTTP/1.1 needs a Host header');
  for (let at = fields.host.from; at < fields.host.to; at += 1)
    if (!hasRole(byteAt(bytes, at), HOST)) return new Refusal(400, 'Host is not a host');
  return fields.host.from === fields.host.to ? new Refusal(400, 'Host is empty') : undefined;
}

/**
 * The protocol to switch to: none with a body (nobody agrees on where it would begin), from HTTP/1.0 (RFC 9110 §7.8), or
 * to h2c, through which requests would pass that we never see.
 */
function upgradeOf(line: RequestLine, fields: Fields): string | undefined {
  const body = fields.chunked || fields.contentLength > 0;
  if (!fields.upgradeOption || body || line.http10) return undefined;
  return /\bh2c?\b/i.test(fields.upgrade ?? '') ? undefined : fields.upgrade;
}

/** The head for the backend: HTTP/1.1, a path or `*` as target, and always a Host. */
function requestText(
  bytes: Buffer,
  parts: { line: RequestLine; end: number },
  fields: Fields,
): string | Refusal {
  const { line, end } = parts;
  const first = byteAt(bytes, line.methodTo + 1);
  if (first === 0x2f && !line.http10) return passedOn(bytes, { from: line.from, end }, fields);
  const method = latin1(bytes, line.from, line.methodTo);
  const target = targetOf(method, latin1(bytes, line.methodTo + 1, line.targetTo));
  if (target instanceof Refusal) return target;
  if (target.host !== undefined && fields.host !== undefined) cutHost(bytes, fields, fields.host);
  const host = target.host ?? (fields.host === undefined ? 'localhost' : undefined);
  const rest = passedOn(bytes, { from: line.end, end }, fields);
  return `${method} ${target.path} HTTP/1.1\r\n${host === undefined ? '' : `Host: ${host}\r\n`}${rest}`;
}

/** A target in absolute form names the host by itself; Host is then ignored (RFC 9112 §3.2.2). */
function targetOf(method: string, target: string): { path: string; host?: string } | Refusal {
  if (target.startsWith('/')) return { path: target };
  if (target === '*' && method === 'OPTIONS') return { path: '*' };
  const absolute = /^http:\/\/([^/?]+)(.*)$/i.exec(target);
  const host = absolute?.[1] ?? '';
  if (host === '' || ![...host].every((character) => hasRole(character.charCodeAt(0), HOST)))
    return new Refusal(400, 'the request target is neither a path nor an http address');
  const path = absolute?.[2] ?? '';
  // RFC 9112 §3.2.4: OPTIONS for a whole server is sent on as `*`.
  if (path === '') return { path: method === 'OPTIONS' ? '*' : '/', host };
  return { path: path.startsWith('/') ? path : `/${path}`, host };
}

function cutHost(bytes: Buffer, fields: Fields, host: Range): void {
  const lineFrom = bytes.lastIndexOf(LF, host.from) + 1;
  const cuts = fields.cuts;
  let index = 0;
  while (index < cuts.length && (cuts[index] ?? 0) < lineFrom) index += 2;
  cuts.splice(index, 0, lineFrom, bytes.indexOf(LF, host.to) + 1);
}

/** Reads an answer's head from `from` on. Undefined: more bytes are needed. Pure, as `parseRequestHead`. */
export function parseAnswerHead(
  bytes: Buffer,
  range: Range,
  limit: number,
): AnswerHead | Refusal | undefined {
  const from = range.from;
  const to = Math.min(range.to, from + limit);
  const line = statusLine(bytes, { from, to });
  if (line instanceof Refusal) return line;
  if (line !== undefined) {
    const fields = new Fields();
    const end = scanFields(bytes, { from: line.end, to }, fields);
    if (end instanceof Refusal) return end;
    if (end !== incomplete) return answerHead({ ...line, from, end }, fields);
  }
  return to - from >= limit ? new Refusal(431, `the head is larger than ${limit} bytes`) : undefined;
}

function statusLine(
  bytes: Buffer,
  range: Range,
): { status: number; http10: boolean; end: number } | Refusal | undefined {
  const { from, to } = range;
  const version = versionAt(bytes, range);
  if (typeof version !== 'number') return version;
  if (from + 13 > to) return undefined;
  const status = threeDigits(bytes, from + 9);
  const after = byteAt(bytes, from + 12);
  if (byteAt(bytes, from + 8) !== SP || status < 100 || (after !== SP && after !== CR))
    return new Refusal(400, 'the status line is not valid');
  let at = from + 12;
  while (at < to && ((roles[byteAt(bytes, at)] ?? 0) & VALUE) !== 0) at += 1;
  const broken = lineEnd(bytes, at, to);
  if (broken === incomplete) return undefined;
  return broken instanceof Refusal ? broken : { status, http10: version === 0, end: at + 2 };
}

/** Below 100 when it is not a status. */
function threeDigits(bytes: Buffer, at: number): number {
  let number = 0;
  for (let index = 0; index < 3; index += 1) {
    const byte = byteAt(bytes, at + index);
    if (!hasRole(byte, DIGIT)) return 0;
    number = number * 10 + byte - 0x30;
  }
  return number;
}

function answerHead(
  parts: { from: number; end: number; status: number; http10: boolean },
  fields: Fields,
): AnswerHead | Refusal {
  if (fields.chunked && parts.http10) return new Refusal(400, 'HTTP/1.0 has no Transfer-Encoding');
  return {
    ...parts,
    keepAlive: parts.http10 ? fields.keepAlive && !fields.close : !fields.close,
    keepAliveSeconds: fields.keepAliveSeconds,
    contentLength: fields.contentLength,
    chunked: fields.chunked,
    upgrade: fields.upgradeOption ? fields.upgrade : undefined,
    fields,
  };
}

/** The head for the client without its last CRLF, so that more header lines can be added. */
export function answerText(bytes: Buffer, head: AnswerHead): string {
  const text = passedOn(bytes, head, head.fields);
  return head.http10 ? `HTTP/1.1${text.slice(8)}` : text;
}

/** Takes the line that frames the body out of what is passed on, for an answer whose framing we change. */
export function cutFraming(head: AnswerHead): void {
  const line = head.fields.framingLine;
  if (line === undefined) return;
  const cuts = head.fields.cuts;
  let index = 0;
  while (index < cuts.length && (cuts[index] ?? 0) < line.from) index += 2;
  cuts.splice(index, 0, line.from, line.to);
}
