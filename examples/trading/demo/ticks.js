import { setTimeout as delay } from 'node:timers/promises';

const clients = 20;
const goingAway = 1001;
const retryMs = 100;
const settleMs = 5_000;

/** Twenty WebSocket clients of the tick stream that come back whenever they are closed. */
export class TickClients {
  #url;
  #sockets = new Set();
  #isStopping = false;
  ticks = 0;
  /** Closed with 1001, "going away": the server asked them to come back. */
  moved = 0;
  /** Ended in any other way. */
  cut = 0;

  constructor(origin) {
    this.#url = `${origin.replace('http', 'ws')}/ticks`;
  }

  /** Resolves when all of them are open. */
  start() {
    return Promise.all(Array.from({ length: clients }, () => this.#open()));
  }

  stop() {
    this.#isStopping = true;
    for (const socket of this.#sockets) socket.close();
  }

  /** Resolves once all of them are open again, or after five seconds: closing takes two messages and a new connection. */
  async settle() {
    const until = performance.now() + settleMs;
    while (this.counts.open < clients && performance.now() < until) await delay(20);
  }

  get counts() {
    const open = [...this.#sockets].filter((socket) => socket.readyState === WebSocket.OPEN).length;
    return { open, ticks: this.ticks, moved: this.moved, cut: this.cut };
  }

  #open() {
    return new Promise((resolve) => {
      const socket = new WebSocket(this.#url);
      this.#sockets.add(socket);
      socket.onopen = () => resolve();
      socket.onmessage = () => {
        this.ticks += 1;
      };
      socket.onclose = ({ code }) => {
        this.#sockets.delete(socket);
        if (this.#isStopping) return resolve();
        if (code === goingAway) this.moved += 1;
        else this.cut += 1;
        return setTimeout(
          () => !this.#isStopping && this.#open().then(resolve),
          code === goingAway ? 0 : retryMs,
        );
      };
    });
  }
}
