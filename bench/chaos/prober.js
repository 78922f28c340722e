import { request } from 'node:http';

const everyMs = 5;
const timeoutMs = 500;

/** Asks for `/health` every 5 ms, each time on a connection of its own, and keeps when each was sent and how it ended. */
export class Prober {
  #port;
  #seen = [];
  #pending = new Set();
  #timer;

  constructor(port) {
    this.#port = port;
  }

  start() {
    this.#timer = setInterval(() => this.#ask(), everyMs);
  }

  async stop() {
    clearInterval(this.#timer);
    await Promise.all(this.#pending);
  }

  /** From the first request after `at` that failed to the first one from which on none failed. Milliseconds since 1970. */
  outageAfter(at) {
    const after = this.#seen.filter((one) => one.at >= at).toSorted((a, b) => a.at - b.at);
    const first = after.findIndex(({ ok }) => !ok);
    const last = after.findLastIndex(({ ok }) => !ok);
    if (first < 0 || last + 1 >= after.length) throw new Error('the prober saw no outage with an end');
    return { from: after[first].at, to: after[last + 1].at };
  }

  #ask() {
    const at = Date.now();
    const done = new Promise((resolve) => {
      const end = (ok) => {
        this.#seen.push({ at, ok });
        resolve();
      };
      const asked = request(
        { host: '127.0.0.1', port: this.#port, path: '/health', agent: false, timeout: timeoutMs },
        (answer) => {
          answer.resume();
          answer.on('end', () => end(answer.statusCode === 200)).on('error', () => end(false));
        },
      );
      asked.on('timeout', () => asked.destroy(new Error('no answer'))).on('error', () => end(false));
      asked.end();
    }).finally(() => this.#pending.delete(done));
    this.#pending.add(done);
  }
}
