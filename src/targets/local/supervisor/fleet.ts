import { join } from 'node:path';
import type { Color } from '../../../config/model.ts';
import { emptyFile } from '../../../platform/private-files.ts';
import { type Instance, NotReady } from '../../target.ts';
import type { Progress } from '../protocol.ts';
import { type StoredColor, type StoredInstance, withColor } from '../state.ts';
import { SupervisedInstance } from './instance.ts';
import type { InstancePlan } from './launch.ts';
import { findProcess } from './process.ts';
import type { Supervision } from './supervision.ts';

/** So many ends of one instance's process during one preparation are no accident. */
const crashLimit = 3;

/** The instances of one colour of a component. */
export class Fleet {
  readonly #supervision: Supervision;
  readonly #where: { component: string; color: Color };
  readonly #onChange: () => void;
  readonly #watchers = new Set<() => void>();
  #members: SupervisedInstance[] = [];

  constructor(supervision: Supervision, where: { component: string; color: Color }, onChange: () => void) {
    this.#supervision = supervision;
    this.#where = where;
    this.#onChange = onChange;
  }

  get members(): readonly SupervisedInstance[] {
    return this.#members;
  }

  get usable(): readonly SupervisedInstance[] {
    return this.#members.filter((member) => member.usable);
  }

  describe(): readonly Instance[] {
    return this.#members.map((member) => member.describe());
  }

  /** Starts what `stored` lists and does not run yet, and stops what it no longer lists. */
  async matches(stored: StoredColor): Promise<void> {
    const wanted = new Set(stored.instances.map(({ id }) => id));
    const surplus = this.#members.filter((member) => !wanted.has(member.id));
    this.#members = this.#members.filter((member) => wanted.has(member.id));
    await Promise.all(surplus.map((member) => member.stop()));
    for (const member of this.#members) member.forgetCrashes();
    const running = new Set(this.#members.map(({ id }) => id));
    for (const { id } of stored.instances) {
      if (running.has(id)) continue;
      const member = this.#create(stored, id);
      await this.#supervision.platform.files.makeFolder(join(member.logFile, '..'));
      await emptyFile(member.logFile);
      this.#members.push(member);
      member.run();
    }
    this.#changed();
  }

  /** Goes on with what an earlier supervisor left: processes that run are kept, the others started again. */
  async adopt(stored: StoredColor): Promise<void> {
    for (const instance of stored.instances) {
      const running = await findProcess(instance, this.#supervision.platform.clock);
      const member = this.#create(stored, instance.id);
      this.#members.push(member);
      member.run({ stored: instance, running });
    }
  }

  async stop(graceMs?: number): Promise<void> {
    const leaving = this.#members;
    await Promise.all(leaving.map((member) => member.stop(graceMs)));
    this.#members = this.#members.filter((member) => !leaving.includes(member));
    this.#changed();
  }

  abandon(): void {
    for (const member of this.#members) member.abandon();
  }

  /**
   * Resolves when every instance is ready.
   * @throws NotReady when an instance keeps crashing, has the wrong version, or the time is over
   */
  async ready(startWithinMs: number, onProgress: (progress: Progress) => void, signal: AbortSignal) {
    const { clock } = this.#supervision.platform;
    const deadline = clock.monotonic() + startWithinMs;
    const members = this.#members;
    let told = '';
    for (;;) {
      signal.throwIfAborted();
      if (members !== this.#members) throw new NotReady('unhealthy', 'it was stopped meanwhile', '');
      const progress = this.#progress();
      if (progress.text !== told) onProgress(progress);
      told = progress.text;
      if (progress.ready === progress.total) return;
      const failed = await this.#failure(clock.monotonic() >= deadline ? startWithinMs : undefined);
      if (failed) throw failed;
      await this.#change(Math.min(50, Math.max(1, deadline - clock.monotonic())), signal);
    }
  }

  #progress(): Progress {
    const waiting = this.#members.filter((member) => !member.usable);
    const text = waiting.map((member) => `${member.id}: ${member.describe().detail ?? 'not ready'}`);
    const total = this.#members.length;
    return { ready: total - waiting.length, total, text: text.join('; ') || 'all ready' };
  }

  /** @param overMs the time that is over, if it is */
  async #failure(overMs: number | undefined): Promise<NotReady | undefined> {
    for (const member of this.#members) {
      if (member.usable) continue;
      const found = failureOf(member, overMs);
      if (found) return new NotReady(found.finding, `${member.id} ${found.text}`, await member.output());
    }
    return undefined;
  }

  /** Resolves at the next change, or after `ms`. */
  async #change(ms: number, signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const wake = () => over.abort();
    this.#watchers.add(wake);
    try {
      await this.#supervision.platform.clock.sleep(ms, AbortSignal.any([over.signal, signal]));
    } catch (error) {
      if (!over.signal.aborted) throw error;
    } finally {
      this.#watchers.delete(wake);
    }
  }

  #create(stored: StoredColor, id: string): SupervisedInstance {
    const { component, release, artifact, baseEnvironment } = stored;
    const plan: InstancePlan = {
      id,
      color: this.#where.color,
      component,
      release,
      artifact,
      baseEnvironment,
    };
    return new SupervisedInstance(this.#supervision, plan, {
      changed: () => this.#changed(),
      save: (patch) => this.#save(id, patch),
    });
  }

  #save(id: string, patch: Partial<StoredInstance>): Promise<void> {
    return this.#supervision.store.update((state) =>
      withColor(state, this.#where, (stored) => {
        if (!stored?.instances.some((instance) => instance.id === id)) return stored;
        const instances = stored.instances.map((one) => (one.id === id ? { ...one, ...patch } : one));
        return { ...stored, instances };
      }),
    );
  }

  #changed(): void {
    this.#onChange();
    for (const wake of [...this.#watchers]) wake();
  }
}

/** Why waiting for an instance makes no sense any more. */
function failureOf(
  member: SupervisedInstance,
  overMs: number | undefined,
): { finding: NotReady['finding']; text: string } | undefined {
  const detail = member.describe().detail ?? 'is not ready';
  if (member.wrongVersion !== undefined) return { finding: 'wrong-version', text: detail };
  if (member.crashes >= crashLimit) {
    return { finding: 'crashed', text: `${detail}, ${member.crashes} times in a row` };
  }
  if (overMs === undefined) return undefined;
  const seconds = `not ready after ${overMs / 1000} s`;
  if (member.crashes > 0) return { finding: 'crashed', text: `is ${seconds}: ${detail}` };
  return {
    finding: member.lastReading?.kind === 'no-answer' ? 'timeout' : 'unhealthy',
    text: `is ${seconds}: ${detail}`,
  };
}
