import { codeOf, messageOf, UserError } from '../../../platform/errors.ts';
import { listenerOf } from '../../../platform/sockets.ts';
import type { EmbeddedProxy } from '../proxy/proxy.ts';
import { host, type Supervision } from './supervision.ts';

/** How often a port is tried again that was taken while no supervisor ran. */
const retryMs = 500;

/** The public port of a component and whether it is open. */
export class Gate {
  readonly #supervision: Supervision;
  readonly #component: string;
  readonly #proxy: EmbeddedProxy;
  #port: number | undefined;
  #closed = new AbortController();

  constructor(supervision: Supervision, component: string, proxy: EmbeddedProxy) {
    this.#supervision = supervision;
    this.#component = component;
    this.#proxy = proxy;
  }

  /** Undefined while it is not open. */
  get port(): number | undefined {
    return this.#port;
  }

  /**
   * Opens the port; 0 takes a free one. Nothing happens where it is open.
   * @throws UserError when somebody else listens there, naming them where that can be seen
   */
  async open(port: number): Promise<number> {
    if (this.#port !== undefined) return this.#port;
    try {
      this.#port = (await this.#proxy.listen({ host, port })).port;
      return this.#port;
    } catch (error) {
      throw await this.#explained(error, port);
    }
  }

  /**
   * Opens the configured port, or the one that was found for 0 before.
   * @throws UserError when clients use another one already
   */
  async openFor(configured: number, known: number): Promise<number> {
    const used = this.#port ?? known;
    if (configured !== 0 && used !== 0 && configured !== used) {
      throw new UserError(
        `components/${this.#component}/port: clients use port ${used}; ${configured} would cut them off`,
        { next: `set the port back to ${used}`, docs: 'docs/local-target.md#limits' },
      );
    }
    return this.open(used === 0 ? configured : used);
  }

  /** Opens the port that clients know from before, and goes on trying while somebody else has it. */
  async reopen(port: number): Promise<void> {
    try {
      await this.open(port);
    } catch (error) {
      this.#supervision.log(`${messageOf(error)}; trying again every ${retryMs} ms`);
      void this.#retry(port);
    }
  }

  async close(): Promise<void> {
    this.#closed.abort(new Error('closed'));
    this.#port = undefined;
    await this.#proxy.close();
  }

  async #retry(port: number): Promise<void> {
    while (this.#port === undefined && !this.#closed.signal.aborted) {
      await this.#supervision.platform.clock.sleep(retryMs, this.#closed.signal).catch(() => {});
      if (!this.#closed.signal.aborted) await this.open(port).catch(() => {});
    }
  }

  async #explained(error: unknown, port: number): Promise<unknown> {
    const path = `components/${this.#component}/port`;
    switch (codeOf(error) ?? codeOf(error instanceof Error ? error.cause : undefined)) {
      case 'EADDRINUSE': {
        const listener = await listenerOf(port);
        const by = listener ? `${listener} listens there` : 'another process listens there';
        return new UserError(`${path}: port ${port} is taken: ${by}`, {
          docs: 'docs/local-target.md#limits',
        });
      }
      case 'EACCES':
        return new UserError(`${path}: port ${port} may not be opened by this user`, {
          docs: 'docs/local-target.md#limits',
        });
      default:
        return error;
    }
  }
}
