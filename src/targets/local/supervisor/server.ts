import { messageOf, UserError } from '../../../platform/errors.ts';
import type { Socket } from '../../../platform/sockets.ts';
import {
  encodeError,
  encodeLine,
  type Incoming,
  lineReader,
  type Progress,
  protocolVersion,
  type Reply,
  type Request,
} from '../protocol.ts';

/** What a call may use besides its parameters. */
export interface CallContext {
  /** Aborted when the caller stops waiting or is gone. */
  signal: AbortSignal;
  onProgress: (progress: Progress) => void;
  /** Aborted when the connection is gone: whoever called is dead, or has let go. */
  gone: AbortSignal;
}

export type Methods = Readonly<Record<string, (params: never, context: CallContext) => unknown>>;

/** These keep their shape, so that a step of any version can end a supervisor of any other. */
const everlasting = new Set(['hello', 'shutdown', 'handover']);

/** Answers the calls of one connection, each as soon as it is done. */
export function serve(socket: Socket, methods: Methods, log: (text: string) => void): void {
  const underWay = new Map<number, AbortController>();
  const gone = new AbortController();
  const send = (reply: Reply) => {
    if (socket.writable) socket.write(encodeLine(reply));
  };
  const answer = async (request: Request) => {
    const { id } = request;
    const abort = new AbortController();
    underWay.set(id, abort);
    try {
      const onProgress = (progress: Progress) => send({ id, progress });
      const context = { signal: abort.signal, onProgress, gone: gone.signal };
      send({ id, result: (await invoke(methods, request, context)) ?? {} });
    } catch (error) {
      if (abort.signal.aborted) return;
      if (!(error instanceof UserError)) log(`${request.method}: ${stackOf(error)}`);
      send({ id, error: encodeError(error) });
    } finally {
      underWay.delete(id);
    }
  };
  const receive = lineReader((message) => {
    const incoming = asIncoming(message);
    if ('cancel' in incoming) underWay.get(incoming.cancel)?.abort(new Error('cancelled'));
    else void answer(incoming);
  });
  socket.on('data', (chunk) => {
    try {
      receive(chunk);
    } catch (error) {
      log(`a connection was closed: ${messageOf(error)}`);
      socket.destroy();
    }
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    gone.abort(new Error('the caller is gone'));
    for (const abort of underWay.values()) abort.abort(new Error('the caller is gone'));
  });
}

async function invoke(methods: Methods, request: Request, context: CallContext): Promise<unknown> {
  const { v, method, params } = request;
  if (v !== protocolVersion && !everlasting.has(method)) {
    throw new UserError(
      `the supervisor (pid ${process.pid}) speaks protocol ${protocolVersion}, this step ${v}: they are of different versions of Cutover`,
      {
        next: `kill -USR2 ${process.pid}`,
        docs: 'docs/local-target.md#supervisor',
      },
    );
  }
  const call = Object.hasOwn(methods, method) ? methods[method] : undefined;
  if (!call) {
    throw new UserError(
      `the supervisor (pid ${process.pid}) has no call ${JSON.stringify(method)}: it is of an older version of Cutover than this step`,
      { next: `kill -USR2 ${process.pid}`, docs: 'docs/local-target.md#supervisor' },
    );
  }
  return call(params as never, context);
}

/** @throws Error for what is no request */
function asIncoming(message: unknown): Incoming {
  if (typeof message === 'object' && message !== null) {
    const { id, cancel, method } = message as { id?: unknown; cancel?: unknown; method?: unknown };
    if (Number.isSafeInteger(cancel)) return message as Incoming;
    if (Number.isSafeInteger(id) && typeof method === 'string') return message as Incoming;
  }
  throw new Error('not a request');
}

const stackOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
