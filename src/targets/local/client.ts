import { codeOf, messageOf, UserError } from '../../platform/errors.ts';
import { connectUnix, type Socket } from '../../platform/sockets.ts';
import {
  type CallName,
  type Calls,
  decodeError,
  encodeLine,
  lineReader,
  type Progress,
  protocolVersion,
  type Reply,
} from './protocol.ts';

export interface CallOptions {
  /** Stops waiting at once and tells the supervisor. */
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: Progress) => void) | undefined;
}

/** A connection to a supervisor. It keeps the process alive only while a call is under way. */
export interface Connection {
  call<Name extends CallName>(
    name: Name,
    params: Calls[Name]['params'],
    options?: CallOptions,
  ): Promise<Calls[Name]['result']>;
  close(): void;
  readonly isOpen: boolean;
}

interface Waiting {
  name: string;
  resolve: (result: unknown) => void;
  reject: (error: unknown) => void;
  onProgress: ((progress: Progress) => void) | undefined;
}

/** Connects, or gives undefined where nobody listens. */
export async function connectTo(socketPath: string): Promise<Connection | undefined> {
  let socket: Socket;
  try {
    socket = await connectUnix(socketPath);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ECONNRESET') return undefined;
    throw new UserError(`cannot reach the supervisor at ${socketPath}: ${messageOf(error)}`, {
      cause: error,
    });
  }
  return connectionOver(socket);
}

function connectionOver(socket: Socket): Connection {
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let open = true;

  const settle = (id: number): Waiting | undefined => {
    const found = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0) socket.unref();
    return found;
  };
  const fail = (why: string) => {
    open = false;
    for (const [id, { name }] of [...waiting]) settle(id)?.reject(broken(name, why));
  };
  const receive = lineReader((message) => {
    const reply = message as Reply;
    if ('progress' in reply) return waiting.get(reply.id)?.onProgress?.(reply.progress);
    if ('error' in reply) return settle(reply.id)?.reject(decodeError(reply.error));
    return settle(reply.id)?.resolve(reply.result);
  });
  socket.on('data', (chunk) => {
    try {
      receive(chunk);
    } catch (error) {
      socket.destroy(error instanceof Error ? error : new Error(messageOf(error)));
    }
  });
  socket.on('error', (error) => fail(error.message));
  socket.on('close', () => fail('it was closed'));
  socket.unref();

  return {
    get isOpen() {
      return open;
    },
    close: () => {
      open = false;
      socket.destroy();
    },
    call: (name, params, options = {}) =>
      new Promise((resolve, reject) => {
        options.signal?.throwIfAborted();
        if (!open) throw broken(name, 'it was closed');
        lastId += 1;
        const id = lastId;
        const cancel = () => {
          socket.write(encodeLine({ v: protocolVersion, cancel: id }));
          settle(id)?.reject(options.signal?.reason);
        };
        const done = () => options.signal?.removeEventListener('abort', cancel);
        options.signal?.addEventListener('abort', cancel, { once: true });
        waiting.set(id, {
          name,
          onProgress: options.onProgress,
          resolve: (result) => {
            done();
            resolve(result as never);
          },
          reject: (error) => {
            done();
            reject(error);
          },
        });
        socket.ref();
        socket.write(encodeLine({ v: protocolVersion, id, method: name, params }));
      }),
  };
}

/** The supervisor ended, or was ended, while it was asked. */
export class ConnectionBroken extends UserError {}

const broken = (call: string, why: string) =>
  new ConnectionBroken(
    `the connection to the supervisor broke during \`${call}\`: ${why}; whether it was done is unknown`,
    { next: 'cutover recover', docs: 'docs/local-target.md#supervisor' },
  );
