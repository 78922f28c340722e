export interface HttpRequest {
  /** An absolute http:// URL. */
  url: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  /** From the call to the last byte of the answer. Default 5,000. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

export interface HttpAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
  ms: number;
}

/** Single requests, for probes and checks. Load goes through src/traffic. */
export interface Http {
  /** Rejects with the system error (`code`) when there is no answer, with `code: 'ETIMEDOUT'` after the time. */
  send(request: HttpRequest): Promise<HttpAnswer>;
}

const largestBody = 1024 * 1024;

/** Loaded with the first request: it costs every start that sends none a millisecond or two. */
const loadHttp = async () => process.getBuiltinModule?.('node:http') ?? (await import('node:http'));

export const systemHttp: Http = {
  send: async (request) => {
    const { request: httpRequest } = await loadHttp();
    return new Promise((resolve, reject) => {
      const started = performance.now();
      const outgoing = httpRequest(
        request.url,
        {
          method: request.method ?? 'GET',
          headers: { connection: 'close', ...request.headers },
          agent: false,
          ...(request.signal ? { signal: request.signal } : {}),
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          let size = 0;
          incoming.on('data', (chunk: Buffer) => {
            size += chunk.length;
            if (size > largestBody) {
              outgoing.destroy(new Error(`answer larger than ${largestBody} bytes`));
            } else chunks.push(chunk);
          });
          incoming.on('error', reject);
          incoming.on('end', () => {
            clearTimeout(timer);
            resolve({
              status: incoming.statusCode ?? 0,
              headers: incoming.headers,
              body: Buffer.concat(chunks).toString('utf8'),
              ms: performance.now() - started,
            });
          });
        },
      );
      const timeoutMs = request.timeoutMs ?? 5_000;
      const timer = setTimeout(
        () =>
          outgoing.destroy(
            Object.assign(new Error(`no answer within ${timeoutMs} ms`), { code: 'ETIMEDOUT' }),
          ),
        timeoutMs,
      );
      outgoing.on('error', (error) => {
        clearTimeout(timer);
        reject(error);
      });
      outgoing.end(request.body);
    });
  },
};
