import { messageOf, UserError } from '../../../platform/errors.ts';
import type { Inventory } from '../../target.ts';
import type { Calls, PrepareParams, Progress } from '../protocol.ts';
import type { EmbeddedProxy } from '../proxy/proxy.ts';
import { ManagedComponent } from './component.ts';
import { execBeside } from './exec.ts';
import { FaultBoard } from './faults/board.ts';
import type { SupervisedInstance } from './instance.ts';
import { acquired, heldAt, refuseFenced, released, renewed } from './lease.ts';
import { boundLog } from './logs.ts';
import type { Supervision } from './supervision.ts';

/** All components of a state folder, the lease and the journal. */
export class Supervisor {
  readonly #supervision: Supervision;
  readonly #proxyFor: (component: string) => EmbeddedProxy;
  readonly #components = new Map<string, ManagedComponent>();
  readonly faults: FaultBoard;
  #isEnding = false;
  #leaseHeldBy: AbortSignal | undefined;

  constructor(supervision: Supervision, proxyFor: (component: string) => EmbeddedProxy) {
    this.#supervision = supervision;
    this.#proxyFor = proxyFor;
    this.faults = new FaultBoard(supervision, {
      member: (id) => this.#member(id),
      proxy: (component) => this.#components.get(component)?.proxy,
    });
  }

  /** Takes up what the state says. */
  async resume(): Promise<void> {
    const names = Object.keys(this.#supervision.store.current.components);
    await Promise.all(names.map((name) => this.#component(name).resume()));
    this.faults.heal();
  }

  inspect(): Inventory {
    const names = Object.keys(this.#supervision.store.current.components);
    return { components: Object.fromEntries(names.map((name) => [name, this.#known(name).describe()])) };
  }

  async prepare(
    params: PrepareParams,
    waiting: { signal: AbortSignal; onProgress: (progress: Progress) => void },
  ): Promise<void> {
    if (this.#isEnding) throw new UserError('the supervisor is being stopped');
    return this.#component(params.component.name).prepare(params, waiting);
  }

  switchTo(params: Calls['switch']['params']): Promise<Calls['switch']['result']> {
    return this.#known(params.component).switchTo(params);
  }

  follows(params: Calls['follows']['params']): Calls['follows']['result'] {
    return this.#known(params.component).follows(params.color);
  }

  traffic(params: Calls['traffic']['params']): Calls['traffic']['result'] {
    return this.#known(params.component).traffic();
  }

  endpoint(params: Calls['endpoint']['params']): Promise<Calls['endpoint']['result']> {
    return this.#known(params.component).endpoint(params.color);
  }

  retire(params: Calls['retire']['params']): Promise<Calls['retire']['result']> {
    return this.#component(params.component).retire(params);
  }

  exec(params: Calls['exec']['params'], signal: AbortSignal): Promise<Calls['exec']['result']> {
    return execBeside(this.#member(params.instance), params, signal);
  }

  /** The lease ends early when `gone` aborts: on one machine a dead holder need not be waited for. */
  async acquireLease(
    request: { holder: string; ttlMs: number },
    gone: AbortSignal,
  ): Promise<{ token: number }> {
    let token = 0;
    await this.#supervision.store.update((state) => {
      const lease = acquired(state.lease, { ...request, now: this.#now() });
      token = lease.token;
      return { ...state, lease };
    });
    this.#holdWhile(gone, token);
    return { token };
  }

  async renewLease(token: number, gone: AbortSignal): Promise<void> {
    await this.#supervision.store.update((state) => ({
      ...state,
      lease: renewed(state.lease, token, this.#now()),
    }));
    this.#holdWhile(gone, token);
  }

  /** The connection that spoke for a lease last keeps it. */
  #holdWhile(gone: AbortSignal, token: number): void {
    if (this.#leaseHeldBy === gone && !gone.aborted) return;
    this.#leaseHeldBy = gone;
    const end = () => {
      // A supervisor that ends lets go of its callers; the lease is for the next one to keep.
      if (this.#isEnding || this.#leaseHeldBy !== gone) return;
      this.releaseLease(token).catch((error: unknown) =>
        this.#supervision.log(`the lease of a caller that is gone: ${error}`),
      );
    };
    if (gone.aborted) end();
    else gone.addEventListener('abort', end, { once: true });
  }

  releaseLease(token: number): Promise<void> {
    return this.#supervision.store.update((state) => {
      const lease = released(state.lease, token);
      return lease === state.lease ? state : { ...state, lease };
    });
  }

  readLease(): Calls['lease.read']['result'] {
    return { lease: heldAt(this.#supervision.store.current.lease, this.#now()) ?? null };
  }

  /** Ordered with the lease: no document of an earlier holder is written after a later one got its token. */
  writeJournal({ key, document, token }: Calls['journal.write']['params']): Promise<void> {
    const { store, platform, paths } = this.#supervision;
    const path = paths.journal(journalKey(key));
    return store.between(async () => {
      refuseFenced(store.current.lease, token);
      if (document === null || document === undefined) return platform.files.remove(path);
      return platform.files.writeDurably(path, `${JSON.stringify(document)}\n`, { mode: 0o600 });
    });
  }

  tick(): void {
    for (const component of this.#components.values()) component.tick(this.#now());
    this.faults.tick(this.#now());
  }

  async boundLogs(): Promise<void> {
    const { platform, paths, log } = this.#supervision;
    const ofInstances = [...this.#components.values()].flatMap((component) => component.logFiles());
    for (const file of [paths.supervisorLog, ...ofInstances]) {
      if (await boundLog(platform.files, file)) log(`${file} was cut`);
    }
  }

  async shutDown(graceMs: number | undefined): Promise<void> {
    this.#isEnding = true;
    await this.faults.shutDown();
    await this.#each((component) => component.shutDown(graceMs));
  }

  async abandon(): Promise<void> {
    this.#isEnding = true;
    this.faults.abandon();
    await this.#each((component) => component.abandon());
  }

  async #each(task: (component: ManagedComponent) => Promise<void>): Promise<void> {
    const results = await Promise.allSettled([...this.#components.values()].map(task));
    for (const result of results) {
      if (result.status === 'rejected') this.#supervision.log(messageOf(result.reason));
    }
  }

  #component(name: string): ManagedComponent {
    const known = this.#components.get(name);
    if (known) return known;
    const component = new ManagedComponent(this.#supervision, name, this.#proxyFor(name));
    this.#components.set(name, component);
    return component;
  }

  #member(id: string): SupervisedInstance | undefined {
    for (const component of this.#components.values()) {
      const member = component.member(id);
      if (member) return member;
    }
    return undefined;
  }

  #known(name: string): ManagedComponent {
    if (this.#supervision.store.current.components[name]) return this.#component(name);
    throw new UserError(`nothing was ever released as ${name}`, { next: 'cutover apply' });
  }

  #now(): number {
    return this.#supervision.platform.clock.now();
  }
}

/** @throws Error for a key that is no plain file name */
export function journalKey(key: string): string {
  if (/^[a-z0-9][a-z0-9_-]{0,63}$/i.test(key)) return key;
  throw new Error(`${JSON.stringify(key)} is no key of the journal`);
}
