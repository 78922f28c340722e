import { messageOf, UserError } from '../../../../platform/errors.ts';
import type { ActiveFault, Disturbance, FaultReading, Reverted } from '../../../fault.ts';
import type { Calls } from '../../protocol.ts';
import type { StoredFault } from '../../state.ts';
import { refuseFenced } from '../lease.ts';
import type { Supervision } from '../supervision.ts';
import { faultDocs } from './agents.ts';
import { aimObstacle, processesOf } from './aim.ts';
import { kindOf } from './index.ts';
import type { LocalFault, Scene } from './kind.ts';
import { readingOf } from './reading.ts';

/** A day: no fault is meant to outlast those who look at it. */
const longestTtlMs = 24 * 60 * 60 * 1000;

/** How long a supervisor that is to end waits for faults to be taken back; their agents go on without it. */
const endsWithinMs = 5_000;

interface Injection {
  done: Promise<void>;
  abort: AbortController;
}

/**
 * All faults of a state folder. Each is written down before it acts, and stays so until nothing of it is left. It is taken
 * back when somebody asks, when its time is over, and when what watches over it is gone: its agent, or the supervisor that
 * injected it. A new supervisor takes back whatever it finds, also what has time left: nobody has watched it in between, and
 * what was measured has a gap.
 */
export class FaultBoard {
  readonly #supervision: Supervision;
  readonly #scene: Scene;
  readonly #injections = new Map<string, Injection>();
  readonly #reversions = new Map<string, Promise<Reverted>>();
  /** Asked for once, and to be tried until it succeeds. */
  readonly #unwanted = new Set<string>();
  #isEnding = false;

  constructor(supervision: Supervision, reach: Pick<Scene, 'member' | 'proxy'>) {
    this.#supervision = supervision;
    this.#scene = {
      ...reach,
      supervision,
      active: () => supervision.store.current.faults,
      agentEnded: (id) => this.#agentEnded(id),
    };
  }

  /** Takes back what an earlier supervisor left. */
  heal(): void {
    for (const { id } of this.#scene.active()) this.#revertInBackground(id, 'an earlier supervisor left it');
  }

  /** See `FaultControl.obstacle`. */
  async obstacle(what: Disturbance): Promise<string | undefined> {
    const kind = kindOf(what.kind);
    if (!kind) return `this supervisor knows no fault of the kind ${JSON.stringify(what.kind)}`;
    return aimObstacle(what, this.#scene) ?? (await kind.obstacle(what, this.#scene));
  }

  /** See `FaultControl.inject`. Known from its first moment on, so that a revert that comes right behind it stops it. */
  inject(request: Calls['fault.inject']['params']): Promise<void> {
    const { id } = request;
    const running = this.#injections.get(id);
    if (running) return running.done;
    const abort = new AbortController();
    const done = this.#begin(request, abort.signal).finally(() => this.#injections.delete(id));
    this.#injections.set(id, { done, abort });
    return done;
  }

  /** See `FaultControl.revert`. Two who revert the same fault wait for the same end. */
  revert(id: string): Promise<Reverted> {
    const running = this.#reversions.get(id);
    if (running) return running;
    const reversion = this.#revert(id).finally(() => this.#reversions.delete(id));
    this.#reversions.set(id, reversion);
    return reversion;
  }

  /** See `FaultControl.read`. */
  read({ id, instances, component }: Calls['fault.read']['params']): Promise<FaultReading> {
    const fault = id === null ? undefined : this.#find(id);
    return readingOf({ isBare: id === null, fault, instances, component }, this.#scene);
  }

  active(): readonly ActiveFault[] {
    return this.#scene.active().map(({ id, what, since, until }) => ({ id, what, since, until }));
  }

  /** Takes back what has had its time; called a few times a second. */
  tick(now: number): void {
    if (this.#isEnding) return;
    for (const { id, until } of this.#scene.active()) {
      if (this.#reversions.has(id)) continue;
      const isRetried = this.#unwanted.has(id) && !this.#injections.has(id);
      if (isRetried) this.#revertInBackground(id, 'it is tried again');
      else if (until <= now) this.#revertInBackground(id, 'its time is over');
    }
  }

  /** Before all instances are stopped, and with them whatever was done to their processes. */
  async shutDown(): Promise<void> {
    this.#isEnding = true;
    const { clock } = this.#supervision.platform;
    for (const { abort } of this.#injections.values())
      abort.abort(new Error('the supervisor is being stopped'));
    const ends = this.#scene.active().map((fault) => this.#leave(fault));
    await Promise.race([Promise.all(ends), clock.sleep(endsWithinMs)]);
  }

  /** Leaves all faults to the next supervisor, and to their own timers. */
  abandon(): void {
    this.#isEnding = true;
  }

  async #begin(request: Calls['fault.inject']['params'], signal: AbortSignal): Promise<void> {
    const { id, token } = request;
    await this.#reversions.get(id)?.catch(() => {});
    if (signal.aborted) throw injectionError(undefined, signal);
    if (this.#isEnding) throw new UserError('the supervisor is being stopped');
    refuseFenced(this.#supervision.store.current.lease, token);
    if (!this.#find(id)) await this.#inject(request, signal);
  }

  async #inject(request: Calls['fault.inject']['params'], signal: AbortSignal): Promise<void> {
    refuseTtl(request.ttlMs);
    const obstacle = await this.obstacle(request.what);
    if (obstacle !== undefined)
      throw new UserError(`the fault cannot be injected: ${obstacle}`, { docs: faultDocs });
    const fault = await this.#writeDown(request);
    try {
      await this.#supervision.platform.files.makeFolder(this.#supervision.paths.fault(fault.id));
      signal.throwIfAborted();
      await this.#kind(fault).inject(fault, this.#scene, signal);
      signal.throwIfAborted();
    } catch (error) {
      const failure = injectionError(error, signal);
      this.#unwanted.add(fault.id);
      await this.#undo(fault).catch((left: unknown) => {
        throw new UserError(`${failure.message}; it is not undone yet: ${messageOf(left)}`, {
          docs: faultDocs,
        });
      });
      throw failure;
    }
  }

  /** The intent: durable before the effect, and no later holder of the lease can have begun by then. */
  async #writeDown(request: Calls['fault.inject']['params']): Promise<StoredFault> {
    const { id, what, ttlMs, token } = request;
    const { store, platform } = this.#supervision;
    const since = platform.clock.now();
    const startId = platform.random.hex(16);
    const processes = processesOf(what, this.#scene);
    const fault: StoredFault = { id, what, since, until: since + ttlMs, startId, processes };
    await store.update((state) => {
      refuseFenced(state.lease, token);
      return { ...state, faults: [...state.faults.filter((one) => one.id !== id), fault] };
    });
    return fault;
  }

  async #revert(id: string): Promise<Reverted> {
    const injection = this.#injections.get(id);
    injection?.abort.abort(new Error('reverted'));
    await injection?.done.catch(() => {});
    const fault = this.#find(id);
    if (!fault) return 'gone';
    this.#unwanted.add(id);
    return this.#undo(fault);
  }

  /** Undoes first and forgets afterwards: a disk that is full on purpose can take the news only then. */
  async #undo(fault: StoredFault): Promise<Reverted> {
    const reverted = await this.#kind(fault).revert(fault, this.#scene);
    await this.#forget(fault);
    return reverted;
  }

  async #forget({ id }: StoredFault): Promise<void> {
    const { store, platform, paths } = this.#supervision;
    await platform.files.remove(paths.fault(id));
    await store.update((state) => ({ ...state, faults: state.faults.filter((one) => one.id !== id) }));
    this.#unwanted.delete(id);
  }

  async #leave(fault: StoredFault): Promise<void> {
    try {
      await this.#injections.get(fault.id)?.done.catch(() => {});
      const kind = this.#kind(fault);
      await (kind.leave ?? kind.revert)(fault, this.#scene);
      await this.#forget(fault);
    } catch (error) {
      this.#supervision.log(`fault ${fault.id}: ${messageOf(error)}`);
    }
  }

  #revertInBackground(id: string, why: string): void {
    const { log } = this.#supervision;
    this.revert(id).then(
      (how) => log(`fault ${id}: ${how}, because ${why}`),
      (error: unknown) => log(`fault ${id}: ${messageOf(error)}`),
    );
  }

  /** A fault without the agent that would end it must not go on. */
  #agentEnded(id: string): void {
    const fault = this.#find(id);
    if (this.#isEnding || this.#injections.has(id) || this.#reversions.has(id) || !fault) return;
    const isOver = fault.until <= this.#supervision.platform.clock.now();
    this.#revertInBackground(id, isOver ? 'its time is over' : 'its agent has ended');
  }

  #find(id: string): StoredFault | undefined {
    return this.#scene.active().find((fault) => fault.id === id);
  }

  /** @throws UserError where a later version wrote the state */
  #kind(fault: StoredFault): LocalFault {
    const kind = kindOf(fault.what.kind);
    if (kind) return kind;
    throw new UserError(`this supervisor knows no fault of the kind ${JSON.stringify(fault.what.kind)}`);
  }
}

function refuseTtl(ttlMs: number): void {
  if (ttlMs > 0 && ttlMs <= longestTtlMs) return;
  throw new UserError(`a fault lasts from 1 ms to 24 h, not ${ttlMs} ms`, { docs: faultDocs });
}

function injectionError(error: unknown, signal: AbortSignal): UserError {
  if (signal.aborted) return new UserError('the fault was reverted while it was being injected');
  if (error instanceof UserError) return error;
  return new UserError(`the fault cannot be injected: ${messageOf(error)}`, {
    docs: faultDocs,
    cause: error,
  });
}
