import { colorHeader } from './request-template.ts';

/** How the end of a body is found. */
export type Framing =
  | { kind: 'length'; bytes: number }
  | { kind: 'chunked' }
  /** The body ends when the server closes. */
  | { kind: 'close' };

/** What the meter needs to know of a response's head. */
export interface ResponseHead {
  status: number;
  framing: Framing;
  keepAlive: boolean;
  /** The server's announced idle time, `Keep-Alive: timeout=5`, in milliseconds. */
  idleTimeoutMs: number | undefined;
  color: string | undefined;
  version: string | undefined;
}

/** What depends on the request. */
export interface Expected {
  /** Lower-case name of the header with the application's version. */
  versionHeader: string | undefined;
  /** HEAD is answered without a body whatever the head says (RFC 9112, 6.3). */
  method: string;
}

/** A problem with the bytes, in words. */
export type Malformed = { malformed: string };

const statusLine = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: |$)/;
const fieldLine = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/;

/**
 * Reads a head: status line and header lines, without the empty line. Strict where a lax reader could take one answer
 * for another: bare CR or LF, folded lines, differing lengths, length together with chunked are malformed.
 */
export function readHead(text: string, expected: Expected): ResponseHead | Malformed {
  const [first = '', ...lines] = text.split('\r\n');
  const start = statusLine.exec(first);
  if (!start || /[\r\n]/.test(first)) return { malformed: `not an HTTP/1.x status line: ${show(first)}` };
  const fields = new Map<string, string>();
  for (const line of lines) {
    const field = fieldLine.exec(line);
    if (!field || /[\r\n\0]/.test(line)) return { malformed: `not a header line: ${show(line)}` };
    const name = (field[1] ?? '').toLowerCase();
    const earlier = fields.get(name);
    fields.set(name, earlier === undefined ? (field[2] ?? '') : `${earlier}, ${field[2]}`);
  }
  const status = Number(start[2]);
  const framing = framingOf(status, fields, expected.method);
  if ('malformed' in framing) return framing;
  return {
    status,
    framing,
    keepAlive: framing.kind !== 'close' && keptAlive(start[1] === '1', fields),
    idleTimeoutMs: idleTimeout(fields.get('keep-alive')),
    color: fields.get(colorHeader),
    version: expected.versionHeader === undefined ? undefined : fields.get(expected.versionHeader),
  };
}

/** RFC 9112, 6.3: message body length. */
function framingOf(status: number, fields: Map<string, string>, method: string): Framing | Malformed {
  const coding = fields.get('transfer-encoding');
  const length = fields.get('content-length');
  if (status === 101) return { malformed: '101 Switching Protocols without having been asked' };
  if (coding !== undefined && length !== undefined)
    return { malformed: 'both Content-Length and Transfer-Encoding' };
  const lengths = new Set(length?.split(',').map((one) => one.trim()));
  if (lengths.size > 1) return { malformed: `differing Content-Length: ${show(length ?? '')}` };
  const [single] = lengths;
  if (single !== undefined && !/^\d{1,15}$/.test(single))
    return { malformed: `not a Content-Length: ${show(single)}` };
  if (method === 'HEAD' || status < 200 || status === 204 || status === 304)
    return { kind: 'length', bytes: 0 };
  if (coding !== undefined)
    return /(?:^|,)[ \t]*chunked$/i.test(coding) ? { kind: 'chunked' } : { kind: 'close' };
  return single === undefined ? { kind: 'close' } : { kind: 'length', bytes: Number(single) };
}

function keptAlive(isHttp11: boolean, fields: Map<string, string>): boolean {
  const options = (fields.get('connection') ?? '').toLowerCase();
  if (/(?:^|[, \t])close(?:$|[, \t])/.test(options)) return false;
  return isHttp11 || /(?:^|[, \t])keep-alive(?:$|[, \t])/.test(options);
}

function idleTimeout(keepAlive: string | undefined): number | undefined {
  const seconds = /(?:^|[, \t])timeout=(\d{1,6})(?:$|[, \t])/i.exec(keepAlive ?? '')?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1_000;
}

/** Bytes of a stranger, short and printable. */
export function show(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
