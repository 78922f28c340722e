import type { ClientRequest, IncomingMessage } from 'node:http';
import { failedIn, type Phase } from './phase.ts';
import { type Certificate, certificateOf, watchPhase } from './tcp.ts';

export interface HttpRequest {
  /** An absolute http:// or https:// URL. */
  url: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  /** From the call to the last byte of the answer. Default 5,000. */
  timeoutMs?: number;
  signal?: AbortSignal;
  /** PEM text of the certificate authorities to trust instead of the system's. */
  ca?: string;
  /** Bytes of the body from which on it is given up. Default 1 MiB. */
  largestBody?: number;
  /** `unverified`: whoever answers is believed. Default: certificates are verified. */
  tls?: 'unverified';
}

export interface HttpAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** Names and values in turn, as they were sent. */
  rawHeaders?: readonly string[];
  body: string;
  ms: number;
  /** What the server showed; absent on plain HTTP. */
  certificate?: Certificate;
  /** Address that answered, as the socket tells it. */
  remoteAddress?: string;
}

/** Single requests, for probes and checks. Load goes through src/traffic. */
export interface Http {
  /**
   * Rejects with the system error (`code`) when there is no answer, with `code: 'ETIMEDOUT'` after the time; the error
   * tells how far things had come (`phaseOf`). Redirects are answers like any other.
   */
  send(request: HttpRequest): Promise<HttpAnswer>;
}

const usualLargestBody = 1024 * 1024;

/** Loaded with the first request: it costs every start that sends none a millisecond or two. */
const loadHttp = async () => process.getBuiltinModule?.('node:http') ?? (await import('node:http'));
const loadHttps = async () => process.getBuiltinModule?.('node:https') ?? (await import('node:https'));

export const systemHttp: Http = {
  send: async (request) => {
    const url = new URL(request.url);
    const { request: open } = url.protocol === 'https:' ? await loadHttps() : await loadHttp();
    const started = performance.now();
    const outgoing = open(url, {
      method: request.method ?? 'GET',
      headers: { connection: 'close', ...request.headers },
      agent: false,
      ...(request.signal ? { signal: request.signal } : {}),
      ...(request.ca === undefined ? {} : { ca: request.ca }),
      ...(request.tls === 'unverified' ? { rejectUnauthorized: false } : {}),
    });
    const timer = giveUpAfter(outgoing, request.timeoutMs ?? 5_000);
    try {
      const { largestBody = usualLargestBody } = request;
      const answer = answerTo(outgoing, { host: url.hostname, largestBody });
      outgoing.end(request.body);
      return { ...(await answer), ms: performance.now() - started };
    } finally {
      clearTimeout(timer);
    }
  },
};

function giveUpAfter(outgoing: ClientRequest, ms: number): NodeJS.Timeout {
  const late = () => Object.assign(new Error(`no answer within ${ms} ms`), { code: 'ETIMEDOUT' });
  return setTimeout(() => outgoing.destroy(late()), ms);
}

function answerTo(
  outgoing: ClientRequest,
  { host, largestBody }: { host: string; largestBody: number },
): Promise<Omit<HttpAnswer, 'ms'>> {
  return new Promise((resolve, reject) => {
    let phase = (): Phase => 'lookup';
    const fail = (error: Error) => reject(failedIn(phase(), error));
    outgoing.on('socket', (socket) => {
      phase = watchPhase(socket, host.replace(/^\[(.*)\]$/, '$1'));
    });
    outgoing.on('error', fail);
    outgoing.on('response', (incoming) => {
      // Read now: a closed socket tells neither.
      const certificate = certificateOf(incoming.socket);
      const { remoteAddress } = incoming.socket;
      const connection = {
        ...(certificate ? { certificate } : {}),
        ...(remoteAddress === undefined ? {} : { remoteAddress }),
      };
      bodyOf(incoming, outgoing, largestBody).then((body) => {
        const { statusCode: status = 0, headers, rawHeaders } = incoming;
        resolve({ status, headers, rawHeaders, body, ...connection });
      }, fail);
    });
  });
}

function bodyOf(incoming: IncomingMessage, outgoing: ClientRequest, largestBody: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > largestBody) outgoing.destroy(new Error(`answer larger than ${largestBody} bytes`));
      else chunks.push(chunk);
    });
    incoming.on('error', reject);
    incoming.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
  });
}
