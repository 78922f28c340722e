import { freePort } from '../../../platform/sockets.ts';
import { host } from './supervision.ts';

/**
 * Ports of instances. A free port is one until somebody uses it, so a port that was given out is not given out again: an
 * instance that does not end when its port is taken would pass for ready by the answers of another one.
 */
export class Ports {
  readonly #given = new Set<number>();

  async take(): Promise<number> {
    for (;;) {
      const port = await freePort(host);
      if (this.#given.has(port)) continue;
      this.#given.add(port);
      return port;
    }
  }

  /** Notes a port that an earlier supervisor gave out. */
  keep(port: number): void {
    this.#given.add(port);
  }

  giveBack(port: number): void {
    this.#given.delete(port);
  }
}
