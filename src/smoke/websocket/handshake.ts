import { createHash } from 'node:crypto';

/** What asks a server to speak WebSocket, RFC 6455 section 4. */
export interface Handshake {
  /** `example:8000` */
  authority: string;
  /** Path with query. */
  path: string;
  headers: Readonly<Record<string, string>>;
  protocols: readonly string[];
  /** 16 random bytes in base64. */
  key: string;
}

/** Purely: the bytes of the request. */
export function handshakeRequest({ authority, path, headers, protocols, key }: Handshake): string {
  const names = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  const lines = [
    `GET ${path} HTTP/1.1`,
    ...(names.has('host') ? [] : [`host: ${authority}`]),
    'connection: Upgrade',
    'upgrade: websocket',
    'sec-websocket-version: 13',
    `sec-websocket-key: ${key}`,
    ...(protocols.length === 0 ? [] : [`sec-websocket-protocol: ${protocols.join(', ')}`]),
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

export interface HandshakeAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
}

const mostBytes = 64 * 1024;

/** The head of an answer and what follows it; undefined while it is not complete. */
export function headIn(
  bytes: Buffer,
): { answer: HandshakeAnswer; rest: Buffer } | { problem: string } | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return bytes.length > mostBytes ? { problem: 'the answer has no end of its head' } : undefined;
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const [, status] = /^HTTP\/1\.[01] (\d{3})/.exec(first) ?? [];
  if (status === undefined) return { problem: 'the answer is not HTTP' };
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
  });
  return {
    answer: { status: Number(status), headers: Object.fromEntries(headers) },
    rest: bytes.subarray(end + 4),
  };
}

/** Purely: why an answer opens no WebSocket; undefined: it does. */
export function handshakeObjection(
  { status, headers }: HandshakeAnswer,
  { key, protocols }: Pick<Handshake, 'key' | 'protocols'>,
): string | undefined {
  if (status !== 101) return `${status}, expected 101`;
  if (headers['upgrade']?.toLowerCase() !== 'websocket') return '101 without "Upgrade: websocket"';
  if (headers['sec-websocket-accept'] !== acceptFor(key)) return '101 with a wrong Sec-WebSocket-Accept';
  const chosen = headers['sec-websocket-protocol'];
  if (protocols.length === 0)
    return chosen === undefined ? undefined : 'it chose a subprotocol that was not asked for';
  if (chosen === undefined) return `it speaks none of the subprotocols ${protocols.join(', ')}`;
  return protocols.includes(chosen) ? undefined : 'it chose a subprotocol that was not asked for';
}

/** RFC 6455 section 1.3. */
function acceptFor(key: string): string {
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
}
