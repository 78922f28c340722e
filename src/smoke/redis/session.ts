import { failedIn } from '../../platform/phase.ts';
import { dial, type Socket } from '../../platform/tcp.ts';
import type { Server } from '../server.ts';
import { encodeCommand, RedisError, type Reply, ReplyReader } from './resp.ts';

/** A connection on which commands are answered one after the other. */
export interface Session {
  /** Rejects when the connection breaks or the time is over; an error that Redis answers is an answer. */
  ask(...command: readonly string[]): Promise<Reply>;
  close(): void;
}

/** Redis takes neither our name nor our database. Its message says why. */
export class LoginRefused extends Error {
  override readonly name = 'LoginRefused';
}

/** Connects, logs in and selects the database. @throws LoginRefused, or the system error with its phase */
export async function openSession(
  server: Server,
  options: { ca: string | undefined; signal: AbortSignal },
): Promise<Session> {
  const { host, port } = server;
  const tls = server.tls ? { ca: options.ca } : undefined;
  const session = over(await dial({ host, port, tls, signal: options.signal }), options.signal);
  try {
    for (const command of greetings(server)) {
      const reply = await session.ask(...command);
      if (reply instanceof RedisError) throw new LoginRefused(reply.message);
    }
    return session;
  } catch (error) {
    session.close();
    throw error;
  }
}

function greetings({ user, password, database }: Server): string[][] {
  const login = password === undefined ? [] : [['AUTH', ...(user === undefined ? [] : [user]), password]];
  return [...login, ...(database === undefined ? [] : [['SELECT', database]])];
}

interface Waiting {
  resolve: (reply: Reply) => void;
  reject: (error: Error) => void;
}

function over(socket: Socket, signal: AbortSignal): Session {
  const waiting: Waiting[] = [];
  const reader = new ReplyReader();
  let broken: Error | undefined;
  const fail = (error: Error) => {
    broken ??= failedIn('answer', error);
    socket.destroy();
    for (const { reject } of waiting.splice(0)) reject(broken);
  };
  const late = () => fail(new Error('gave up', { cause: signal.reason }));
  socket.on('data', (chunk: Buffer) => {
    try {
      for (const reply of reader.push(chunk)) waiting.shift()?.resolve(reply);
    } catch (error) {
      fail(error as Error);
    }
  });
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('it closed the connection')));
  if (signal.aborted) late();
  else signal.addEventListener('abort', late, { once: true });
  return {
    ask: (...command) =>
      new Promise((resolve, reject) => {
        if (broken !== undefined) return reject(broken);
        waiting.push({ resolve, reject });
        socket.write(encodeCommand(command));
      }),
    close: () => {
      signal.removeEventListener('abort', late);
      socket.destroySoon();
    },
  };
}
