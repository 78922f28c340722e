import type { Socket } from 'node:net';
import type { Core } from './core.ts';
import type { Outlet } from './faults/outlet.ts';
import type { Range } from './fields.ts';
import { closeFromClient, closeFromServer, FrameBoundary } from './websocket.ts';

/** A connection, and the way out to it. */
export interface End {
  readonly socket: Socket;
  readonly outlet: Outlet;
}

/** An upgraded connection: bytes go both ways as they are, until both sides have ended or one is lost. */
export class Tunnel {
  private readonly core: Core;
  private readonly client: End;
  private readonly backend: End;
  /** Frame positions by the side that sends; undefined when it is no WebSocket. */
  private readonly frames: { client: FrameBoundary; backend: FrameBoundary } | undefined;
  private ending = false;

  constructor(core: Core, ends: { client: End; backend: End; protocol: string }) {
    this.core = core;
    this.client = ends.client;
    this.backend = ends.backend;
    const webSocket = ends.protocol.toLowerCase() === 'websocket';
    this.frames = webSocket ? { client: new FrameBoundary(), backend: new FrameBoundary() } : undefined;
  }

  fromClient(bytes: Buffer): void {
    if (this.ending) return;
    const range = { from: 0, to: bytes.length };
    this.frames?.client.see(bytes, range);
    if (!this.backend.outlet.send({ text: '', bytes, ...range })) this.client.socket.pause();
  }

  fromBackend(bytes: Buffer, range: Range): void {
    if (this.ending) return;
    this.frames?.backend.see(bytes, range);
    if (!this.client.outlet.send({ text: '', bytes, ...range })) this.backend.socket.pause();
  }

  clientEnded(): void {
    if (!this.ending) this.backend.outlet.end(() => this.backend.socket.end());
  }

  backendEnded(): void {
    if (!this.ending) this.client.outlet.end(() => this.client.socket.end());
  }

  /** The backend's connection is gone: what it sent before its end still goes out, everything else is cut. */
  backendLost(): void {
    if (!this.client.outlet.hasEnded) this.client.socket.resetAndDestroy();
  }

  clientDrained(): void {
    this.backend.socket.resume();
  }

  backendDrained(): void {
    this.client.socket.resume();
  }

  /**
   * Ends both sides: a WebSocket with a close frame 1001 where a frame may begin, everything else at once. Peers that do
   * not end their side in time are cut.
   */
  goAway(): void {
    this.ending = true;
    // From the proxy the client sees what a server sends, and the backend what a client sends.
    this.leave(this.client, this.frames?.backend.atBoundary ? closeFromServer() : '');
    const mask = Buffer.from(this.core.random.hex(4), 'hex');
    this.leave(this.backend, this.frames?.client.atBoundary ? closeFromClient(mask) : '');
    this.client.socket.resume();
    this.backend.socket.resume();
    const cut = {
      deadline: this.core.clock.monotonic() + this.core.limits.lingerMs,
      expire: () => {
        this.core.expiring.delete(cut);
        this.client.socket.destroy();
        this.backend.socket.destroy();
      },
    };
    this.core.expiring.add(cut);
  }

  /** What a fault holds back goes out first, as its frames are counted already; what a fault has stopped never does. */
  private leave({ socket, outlet }: End, lastWords: Buffer | string): void {
    if (outlet.isStopped) return void socket.resetAndDestroy();
    outlet.flush();
    if (!socket.writableEnded) socket.end(lastWords);
  }
}
