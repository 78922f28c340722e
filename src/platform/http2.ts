import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2';
import type { Socket } from './tcp.ts';

/** One request on a connection of its own. */
export interface Http2Request {
  /** Already connected; over TLS, `h2` was agreed on. It is not closed. */
  socket: Socket;
  /** `:method`, `:path`, `:scheme`, `:authority` and others. */
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
  signal?: AbortSignal;
}

export interface Http2Answer {
  headers: IncomingHttpHeaders;
  /** Those after the body; empty where there are none. */
  trailers: IncomingHttpHeaders;
  body: Buffer;
}

const largestBody = 1024 * 1024;

/** Loaded with the first request: few runs need it. */
const loadHttp2 = async () => process.getBuiltinModule?.('node:http2') ?? (await import('node:http2'));

/** Sends one request over HTTP/2. Rejects with the system's or the protocol's error, or with the signal's reason. */
export async function sendHttp2({ socket, headers, body, signal }: Http2Request): Promise<Http2Answer> {
  const { connect } = await loadHttp2();
  signal?.throwIfAborted();
  const session = connect('http://peer', { createConnection: () => socket });
  try {
    return await answerOn(session, { headers, body, signal });
  } finally {
    session.destroy();
  }
}

function answerOn(
  session: ClientHttp2Session,
  { headers, body, signal }: Pick<Http2Request, 'headers' | 'body'> & { signal: AbortSignal | undefined },
): Promise<Http2Answer> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    session.on('error', reject);
    session.on('close', () => {
      signal?.removeEventListener('abort', abort);
      reject(new Error('the connection was closed'));
    });
    const stream = session.request({ ...headers });
    collect(stream).then(resolve, reject);
    stream.end(body);
  });
}

function collect(stream: ClientHttp2Stream): Promise<Http2Answer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let headers: IncomingHttpHeaders = {};
    let trailers: IncomingHttpHeaders = {};
    stream.on('response', (given) => {
      headers = given;
    });
    stream.on('trailers', (given) => {
      trailers = given;
    });
    stream.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > largestBody) stream.destroy(new Error(`answer larger than ${largestBody} bytes`));
      else chunks.push(chunk);
    });
    stream.on('error', reject);
    stream.on('end', () => resolve({ headers, trailers, body: Buffer.concat(chunks) }));
    stream.on('close', () => reject(new Error('the stream was closed')));
  });
}
