import {
  byteAt,
  COLON,
  CR,
  DIGIT,
  HT,
  hasRole,
  LF,
  latin1,
  listed,
  roles,
  SP,
  spells,
  TOKEN,
  VALUE,
} from './bytes.ts';
import { Refusal } from './refusal.ts';

/** The field lines that a proxy has to act on; every other line is passed on as it came. */
const known = [
  'connection',
  'content-length',
  'content_length',
  'expect',
  'host',
  'keep-alive',
  'proxy',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'transfer_encoding',
  'upgrade',
  'x-cutover-color',
  'x-cutover-probe',
] as const;
type Known = (typeof known)[number];

/** Known names by their length: most lines are told apart from them without reading the name twice. */
const knownByLength: (readonly Known[] | undefined)[] = [];
for (const name of known) knownByLength[name.length] = [...(knownByLength[name.length] ?? []), name];

/** A `Connection` header must not make us drop these: they frame or route the message, or are ours. */
const indispensable = new Set([
  'content-length',
  'transfer-encoding',
  'host',
  'x-cutover-probe',
  'x-cutover-color',
]);

/** A place in a message: from its first byte to the one after its last. */
export interface Range {
  from: number;
  to: number;
}

/** What the field lines of one head say about framing, persistence and routing. */
export class Fields {
  /** -1: there was none. */
  contentLength = -1;
  chunked = false;
  /** `Connection: close` */
  close = false;
  /** `Connection: keep-alive` */
  keepAlive = false;
  /** `Connection: upgrade` */
  upgradeOption = false;
  /** The protocol that `Upgrade` names. */
  upgrade: string | undefined;
  hosts = 0;
  host: Range | undefined;
  probe = false;
  /** Seconds of `Keep-Alive: timeout=`; -1: there was none. */
  keepAliveSeconds = -1;
  /** Further names that `Connection` lists: their lines are for this hop only. */
  nominated: string[] | undefined;
  /** Lines that are not passed on, flat: from, to, from, to …, ascending. */
  readonly cuts: number[] = [];
  /** Lines that say where the body ends, as in `cuts`. */
  framingLine: Range | undefined;
}

/** More bytes are needed. */
export const incomplete = 0;

/**
 * Reads field lines up to and including the empty line, strictly after RFC 9112 §5: CRLF only, no folding, no space
 * before the colon, no control bytes. Returns the place after the empty line, `incomplete`, or why it is refused.
 */
export function scanFields(bytes: Buffer, range: Range, fields: Fields): number | Refusal {
  const to = range.to;
  let at = range.from;
  for (;;) {
    const lineFrom = at;
    while (at < to && ((roles[byteAt(bytes, at)] ?? 0) & TOKEN) !== 0) at += 1;
    if (at >= to) return incomplete;
    const nameTo = at;
    if (byteAt(bytes, at) !== COLON || nameTo === lineFrom) {
      if (nameTo !== lineFrom || byteAt(bytes, at) !== CR) return refuseName(bytes, lineFrom, at);
      if (at + 1 >= to) return incomplete;
      return byteAt(bytes, at + 1) === LF ? at + 2 : new Refusal(400, 'a bare CR stands in the head');
    }
    at += 1;
    const valueFrom = at;
    while (at < to && ((roles[byteAt(bytes, at)] ?? 0) & VALUE) !== 0) at += 1;
    const broken = lineEnd(bytes, at, to);
    if (broken !== undefined) return broken;
    const candidates = knownByLength[nameTo - lineFrom];
    if (candidates !== undefined) {
      const refusal = noteLine(bytes, { lineFrom, nameTo, valueFrom, valueTo: at }, { candidates, fields });
      if (refusal !== undefined) return refusal;
    }
    at += 2;
  }
}

/** Undefined when a CRLF stands at `at`; otherwise `incomplete` or what is wrong. */
export function lineEnd(bytes: Buffer, at: number, to: number): number | Refusal | undefined {
  if (at >= to) return incomplete;
  const byte = byteAt(bytes, at);
  if (byte === LF) return new Refusal(400, 'a line ends in a bare LF');
  if (byte !== CR) return new Refusal(400, `a control byte (${byte}) stands in the head`);
  if (at + 1 >= to) return incomplete;
  return byteAt(bytes, at + 1) === LF ? undefined : new Refusal(400, 'a bare CR stands in the head');
}

function refuseName(bytes: Buffer, from: number, at: number): Refusal {
  const byte = byteAt(bytes, at);
  const blank = byte === SP || byte === HT;
  if (blank && at === from) return new Refusal(400, 'a header line is folded or begins with a blank');
  if (blank) return new Refusal(400, 'a blank stands between a header name and its colon');
  if (byte === LF) return new Refusal(400, 'a line ends in a bare LF');
  return new Refusal(400, 'a header name is not a token');
}

interface Line {
  lineFrom: number;
  nameTo: number;
  valueFrom: number;
  valueTo: number;
}

function noteLine(
  bytes: Buffer,
  line: Line,
  into: { candidates: readonly Known[]; fields: Fields },
): Refusal | undefined {
  for (const name of into.candidates) {
    if (spells(bytes, line.lineFrom, name)) {
      trim(bytes, line);
      return note(name, bytes, { line, fields: into.fields });
    }
  }
  return undefined;
}

/** Optional white space around a value is no part of it (RFC 9112 §5). */
function trim(bytes: Buffer, line: Line): void {
  const end = line.valueTo;
  const blank = (at: number) => byteAt(bytes, at) === SP || byteAt(bytes, at) === HT;
  while (line.valueFrom < end && blank(line.valueFrom)) line.valueFrom += 1;
  while (line.valueTo > line.valueFrom && blank(line.valueTo - 1)) line.valueTo -= 1;
}

function note(name: Known, bytes: Buffer, found: { line: Line; fields: Fields }): Refusal | undefined {
  const { line, fields } = found;
  const { valueFrom: from, valueTo: to } = line;
  switch (name) {
    case 'content-length':
      return noteLength(bytes, line, fields);
    case 'transfer-encoding':
      return noteEncoding(bytes, line, fields);
    case 'content_length':
    case 'transfer_encoding':
      // Gateways that turn both `-` and `_` into `_` (CGI, WSGI) would frame the message by it.
      return new Refusal(400, `${name} imitates a framing header`);
    case 'connection':
      cutLine(bytes, line, fields);
      return noteConnection(bytes, { from, to }, fields);
    case 'host':
      fields.hosts += 1;
      fields.host = { from, to };
      return undefined;
    case 'upgrade':
      cutLine(bytes, line, fields);
      fields.upgrade = latin1(bytes, from, to);
      return undefined;
    case 'keep-alive':
      cutLine(bytes, line, fields);
      fields.keepAliveSeconds = timeoutOf(latin1(bytes, from, to));
      return undefined;
    case 'x-cutover-probe':
      fields.probe = true;
      return undefined;
    case 'expect':
      return undefined;
    default:
      cutLine(bytes, line, fields);
      return undefined;
  }
}

function cutLine(bytes: Buffer, line: Line, fields: Fields): void {
  fields.cuts.push(line.lineFrom, bytes.indexOf(LF, line.valueTo) + 1);
}

function noteLength(bytes: Buffer, line: Line, fields: Fields): Refusal | undefined {
  if (fields.contentLength !== -1) return new Refusal(400, 'Content-Length is given more than once');
  const { valueFrom: from, valueTo: to } = line;
  // 15 digits are below Number.MAX_SAFE_INTEGER.
  if (from === to || to - from > 15) return new Refusal(400, 'Content-Length is not a length');
  let length = 0;
  for (let at = from; at < to; at += 1) {
    const byte = byteAt(bytes, at);
    if (!hasRole(byte, DIGIT)) return new Refusal(400, 'Content-Length is not a length');
    length = length * 10 + (byte - 0x30);
  }
  fields.contentLength = length;
  fields.framingLine = { from: line.lineFrom, to: bytes.indexOf(LF, to) + 1 };
  return fields.chunked ? bothFramings() : undefined;
}

function noteEncoding(bytes: Buffer, line: Line, fields: Fields): Refusal | undefined {
  if (fields.chunked) return new Refusal(400, 'Transfer-Encoding is given more than once');
  const { valueFrom: from, valueTo: to } = line;
  if (to - from !== 7 || !spells(bytes, from, 'chunked'))
    return new Refusal(400, 'Transfer-Encoding is not exactly chunked');
  fields.chunked = true;
  fields.framingLine = { from: line.lineFrom, to: bytes.indexOf(LF, to) + 1 };
  return fields.contentLength !== -1 ? bothFramings() : undefined;
}

const bothFramings = () => new Refusal(400, 'both Content-Length and Transfer-Encoding are given');

function noteConnection(bytes: Buffer, value: Range, fields: Fields): Refusal | undefined {
  for (const option of listed(latin1(bytes, value.from, value.to))) {
    if (option === 'close') fields.close = true;
    else if (option === 'keep-alive') fields.keepAlive = true;
    else if (option === 'upgrade') fields.upgradeOption = true;
    else if (indispensable.has(option)) return new Refusal(400, `Connection lists ${option}`);
    else if (option !== 'te') fields.nominated = [...(fields.nominated ?? []), option];
  }
  return undefined;
}

/** Seconds in `timeout=5, max=100`; -1 where there is none. */
function timeoutOf(value: string): number {
  const digits = /(?:^|[\s,])timeout=(\d{1,6})/i.exec(value)?.[1];
  return digits === undefined ? -1 : Number(digits);
}

/**
 * The head's text from `from` without its last CRLF and without the lines that are for one hop only. `end` is the place
 * after the empty line.
 */
export function passedOn(bytes: Buffer, head: { from: number; end: number }, fields: Fields): string {
  const end = head.end - 2;
  if (fields.nominated !== undefined) cutNominated(bytes, { from: head.from, to: end }, fields);
  const cuts = fields.cuts;
  if (cuts.length === 0) return latin1(bytes, head.from, end);
  let text = '';
  let at = head.from;
  for (let index = 0; index < cuts.length; index += 2) {
    const cutFrom = cuts[index] ?? end;
    if (cutFrom > at) text += latin1(bytes, at, cutFrom);
    at = Math.max(at, cuts[index + 1] ?? end);
  }
  return at < end ? text + latin1(bytes, at, end) : text;
}

function cutNominated(bytes: Buffer, lines: Range, fields: Fields): void {
  const names = new Set(fields.nominated);
  const pairs: [number, number][] = [];
  for (let index = 0; index < fields.cuts.length; index += 2)
    pairs.push([fields.cuts[index] ?? 0, fields.cuts[index + 1] ?? 0]);
  for (let at = lines.from; at < lines.to; ) {
    const next = bytes.indexOf(LF, at) + 1;
    const name = latin1(bytes, at, next).split(':', 1)[0] ?? '';
    if (names.has(name.toLowerCase())) pairs.push([at, next]);
    at = next;
  }
  pairs.sort((a, b) => a[0] - b[0]);
  fields.cuts.splice(0, fields.cuts.length, ...pairs.flat());
}
