import { createServer as createHttpServer, type Server as HttpServer, type RequestListener } from 'node:http';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { NetworkEffect } from '../../../../src/targets/fault.ts';
import {
  type Backend,
  createProxy,
  type EmbeddedProxy,
  type Limits,
  type ProxyFault,
} from '../../../../src/targets/local/proxy/proxy.ts';
import { seededRandom } from '../../../support/seeded-random.ts';

/** What a test has opened; `closeAll` after each test. */
const open: (() => Promise<void> | void)[] = [];

export async function closeAll(): Promise<void> {
  for (const close of open.splice(0).reverse()) await close();
}

function listenOn(server: Server | HttpServer): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

export interface RawBackend {
  port: number;
  /** Everything received so far on all connections. */
  received(): string;
  connections(): number;
  close(): Promise<void>;
}

/** A backend of raw sockets: `onData` sees each read and the text of its connection so far. */
export async function rawBackend(
  onData: (socket: Socket, chunk: string, soFar: string) => void,
): Promise<RawBackend> {
  const sockets = new Set<Socket>();
  let all = '';
  let count = 0;
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    count += 1;
    let soFar = '';
    socket.on('error', () => {});
    socket.on('end', () => socket.end());
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (bytes) => {
      const chunk = bytes.toString('latin1');
      soFar += chunk;
      all += chunk;
      onData(socket, chunk, soFar);
    });
  });
  const port = await listenOn(server);
  const close = () =>
    new Promise<void>((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    });
  open.push(close);
  return { port, received: () => all, connections: () => count, close };
}

/** A backend that answers every request head with the same bytes. */
export function cannedBackend(answer: string): Promise<RawBackend> {
  return rawBackend((socket, chunk) => {
    for (let left = chunk.split('\r\n\r\n').length - 1; left > 0; left -= 1) socket.write(answer, 'latin1');
  });
}

export async function httpBackend(listener: RequestListener): Promise<{ port: number; server: HttpServer }> {
  const server = createHttpServer(listener);
  const sockets = new Set<Socket>();
  // Upgraded sockets too, which the server itself forgets.
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const port = await listenOn(server);
  open.push(
    () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  );
  return { port, server };
}

/** A port on which nobody listens. */
export async function deadPort(): Promise<number> {
  const server = createServer();
  const port = await listenOn(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export function instance(id: string, port: number, usable = true): Backend {
  return { id, host: '127.0.0.1', port, usable };
}

/** Faults of these effects, named after them, on all instances. */
export function faultsOf(effects: readonly NetworkEffect[]): ProxyFault[] {
  return effects.map((effect) => ({ id: effect.effect, instances: 'all', effect }));
}

/** A proxy that listens; blue, with instances on the given ports, is live. */
export async function proxyTo(
  blue: readonly number[],
  options: { green?: readonly number[]; limits?: Partial<Limits>; seed?: number } = {},
): Promise<{ proxy: EmbeddedProxy; port: number }> {
  const random = options.seed === undefined ? {} : { random: seededRandom(options.seed) };
  const proxy = createProxy({ component: 'gateway', limits: options.limits ?? {}, ...random });
  proxy.setBackends(
    'blue',
    blue.map((port, index) => instance(`gateway/blue-${index + 1}`, port)),
  );
  proxy.setBackends(
    'green',
    (options.green ?? []).map((port, index) => instance(`gateway/green-${index + 1}`, port)),
  );
  proxy.setLive('blue');
  const { port } = await proxy.listen({ host: '127.0.0.1', port: 0 });
  open.push(() => proxy.close());
  return { proxy, port };
}

/** A client of raw sockets. */
export class RawClient {
  readonly socket: Socket;
  text = '';
  ended = false;
  errorCode: string | undefined;
  private waiting: (() => void)[] = [];

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    open.push(() => {
      this.socket.destroy();
    });
    this.socket.on('data', (bytes) => {
      this.text += bytes.toString('latin1');
      this.wake();
    });
    this.socket.on('end', () => {
      this.ended = true;
      this.wake();
    });
    this.socket.on('error', (error: NodeJS.ErrnoException) => {
      this.errorCode = error.code;
    });
    this.socket.on('close', () => {
      this.ended = true;
      this.wake();
    });
  }

  send(text: string): this {
    this.socket.write(text, 'latin1');
    return this;
  }

  /** Ends our side; the other one stays open. */
  finish(): this {
    this.socket.end();
    return this;
  }

  /** Resolves with all that was received, once it contains `part`; rejects when the connection ends before. */
  async until(part: string): Promise<string> {
    await this.when(() => this.text.includes(part) || this.ended);
    if (!this.text.includes(part)) throw new Error(`ended before ${JSON.stringify(part)}: ${this.text}`);
    return this.text;
  }

  /** Resolves with all that was received, once the other side has ended. */
  async all(): Promise<string> {
    await this.when(() => this.ended);
    return this.text;
  }

  private async when(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}

/** Resolves as soon as the condition holds; jest's own time limit ends it otherwise. */
export async function eventually(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(5);
}

export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
