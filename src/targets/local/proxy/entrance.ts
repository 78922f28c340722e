import { createServer, type Server, type Socket } from 'node:net';
import { codeOf, UserError } from '../../../platform/errors.ts';
import type { Color } from '../../target.ts';
import { ClientConnection } from './client-connection.ts';
import type { Core } from './core.ts';

export interface Address {
  host: string;
  port: number;
}

/** One address at which clients come in, and their connections. */
export class Entrance {
  private readonly core: Core;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  /** `color`: where all requests go; undefined: to the colour that is live. */
  constructor(core: Core, color?: Color) {
    this.core = core;
    // Half-open: a client may end its side after the request and still gets the answer.
    this.server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (accepted) => {
      const { socket } = new ClientConnection(core, accepted, color);
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  /** @throws UserError when the port is taken or not allowed */
  listen(address: Address): Promise<Address> {
    return new Promise((resolve, reject) => {
      const failed = (error: Error) => reject(listenError(this.core.component, address, error));
      this.server.once('error', failed);
      // The backlog holds the connections of a burst that arrive while other events are served.
      this.server.listen({ ...address, backlog: 1024 }, () => {
        this.server.off('error', failed);
        // An accept that fails (EMFILE) leaves the client in the backlog; the next one is tried again.
        this.server.on('error', () => {});
        const bound = this.server.address();
        const port = typeof bound === 'object' && bound !== null ? bound.port : address.port;
        resolve({ host: address.host, port });
      });
    });
  }

  /** Stops listening and cuts every connection that came in here. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.server.close(() => resolve());
    });
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}

function listenError(component: string, address: Address, error: Error): Error {
  const where = `${address.host}:${address.port}`;
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return new UserError(`${component} cannot listen on ${where}: another process uses the port`, {
        next: `ss -ltnp 'sport = :${address.port}'`,
        cause: error,
      });
    case 'EACCES':
    case 'EADDRNOTAVAIL':
      return new UserError(`${component} cannot listen on ${where}: ${error.message}`, { cause: error });
    default:
      return error;
  }
}
