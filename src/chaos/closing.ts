import type { Clock } from '../platform/clock.ts';
import { dial, type Socket } from '../platform/tcp.ts';

export interface Closing {
  /** Undefined: no answer came. */
  status: number | undefined;
  /** Of the whole answer, with its headers. */
  bytes: number;
  /** From the last byte until the other side closed the connection, or until nobody waited any more, in milliseconds. */
  openMs: number;
}

const ports: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/**
 * Asks once, saying that the connection is to be closed after the answer, and leaves the closing to the other side, which no
 * client does that wants its answer only. Waits until it is closed, or until the signal aborts.
 * @throws the system error where there is no connection, or it is reset before an answer
 */
export async function awaitClosing(asked: {
  url: string;
  clock: Pick<Clock, 'monotonic'>;
  signal: AbortSignal;
}): Promise<Closing> {
  const { clock, signal } = asked;
  const url = new URL(asked.url);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = Number(url.port) || ports[url.protocol] || 80;
  const socket = await dial({ host, port, ...(url.protocol === 'https:' ? { tls: {} } : {}), signal });
  try {
    socket.write(
      `GET ${url.pathname}${url.search} HTTP/1.1\r\nhost: ${url.host}\r\nconnection: close\r\n\r\n`,
    );
    return await untilClosed(socket, { clock, signal });
  } finally {
    socket.destroy();
  }
}

function untilClosed(
  socket: Socket,
  { clock, signal }: { clock: Pick<Clock, 'monotonic'>; signal: AbortSignal },
): Promise<Closing> {
  return new Promise((resolve, reject) => {
    let head = '';
    let bytes = 0;
    let lastMs = clock.monotonic();
    const closed = (error?: unknown) => {
      const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1]) || undefined;
      signal.removeEventListener('abort', closed);
      if (status === undefined && !signal.aborted) reject(error instanceof Error ? error : unansweredError());
      else resolve({ status, bytes, openMs: clock.monotonic() - lastMs });
    };
    socket.on('data', (chunk: Buffer) => {
      if (head.length < 12) head += chunk.toString('latin1', 0, 12);
      bytes += chunk.length;
      lastMs = clock.monotonic();
    });
    socket.once('error', closed).once('end', closed).once('close', closed);
    if (signal.aborted) closed();
    else signal.addEventListener('abort', closed, { once: true });
  });
}

const unansweredError = () => Object.assign(new Error('closed without an answer'), { code: 'ECONNRESET' });
