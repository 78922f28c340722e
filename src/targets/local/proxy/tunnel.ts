import type { Socket } from 'node:net';
import type { Core } from './core.ts';
import type { Range } from './fields.ts';
import { closeFromClient, closeFromServer, FrameBoundary } from './websocket.ts';
import { send } from './wire.ts';

/** An upgraded connection: bytes go both ways as they are, until both sides have ended or one is lost. */
export class Tunnel {
  private readonly core: Core;
  private readonly client: Socket;
  private readonly backend: Socket;
  /** Frame positions by the side that sends; undefined when it is no WebSocket. */
  private readonly frames: { client: FrameBoundary; backend: FrameBoundary } | undefined;
  private ending = false;

  constructor(core: Core, sockets: { client: Socket; backend: Socket; protocol: string }) {
    this.core = core;
    this.client = sockets.client;
    this.backend = sockets.backend;
    const webSocket = sockets.protocol.toLowerCase() === 'websocket';
    this.frames = webSocket ? { client: new FrameBoundary(), backend: new FrameBoundary() } : undefined;
  }

  fromClient(bytes: Buffer): void {
    if (this.ending) return;
    const range = { from: 0, to: bytes.length };
    this.frames?.client.see(bytes, range);
    if (!send(this.backend, { text: '', bytes, ...range })) this.client.pause();
  }

  fromBackend(bytes: Buffer, range: Range): void {
    if (this.ending) return;
    this.frames?.backend.see(bytes, range);
    if (!send(this.client, { text: '', bytes, ...range })) this.backend.pause();
  }

  clientEnded(): void {
    if (!this.ending) this.backend.end();
  }

  backendEnded(): void {
    if (!this.ending) this.client.end();
  }

  /** The backend's connection is gone: what it sent before its end still goes out, everything else is cut. */
  backendLost(): void {
    if (!this.client.writableEnded) this.client.resetAndDestroy();
  }

  clientDrained(): void {
    this.backend.resume();
  }

  backendDrained(): void {
    this.client.resume();
  }

  /**
   * Ends both sides: a WebSocket with a close frame 1001 where a frame may begin, everything else at once. Peers that do
   * not end their side in time are cut.
   */
  goAway(): void {
    this.ending = true;
    // From the proxy the client sees what a server sends, and the backend what a client sends.
    this.client.end(this.frames?.backend.atBoundary ? closeFromServer() : '');
    const mask = Buffer.from(this.core.random.hex(4), 'hex');
    this.backend.end(this.frames?.client.atBoundary ? closeFromClient(mask) : '');
    this.client.resume();
    this.backend.resume();
    const cut = {
      deadline: this.core.clock.monotonic() + this.core.limits.lingerMs,
      expire: () => {
        this.core.expiring.delete(cut);
        this.client.destroy();
        this.backend.destroy();
      },
    };
    this.core.expiring.add(cut);
  }
}
