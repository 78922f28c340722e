import { readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Color, Component } from '../../src/config/model.ts';
import { groupRuns, signalGroup } from '../../src/platform/daemons.ts';
import { type Platform, systemPlatform } from '../../src/platform/platform.ts';
import { openTarget, stopLocal } from '../../src/targets/local/index.ts';
import { findOccupant } from '../../src/targets/local/occupancy.ts';
import type { StoredState } from '../../src/targets/local/state.ts';
import type { Lease, Release, Target } from '../../src/targets/target.ts';
import { unprotected } from './protection.ts';

const app = resolve(import.meta.dirname, '../fixtures/apps/moody');

/** The component `app` with short intervals; `mood` is what is wrong with it. */
export function moody(mood = 'good', changes: Partial<Component> = {}): Component {
  return {
    name: 'app',
    context: 'app',
    run: ['node', 'server.js'],
    env: { MOOD: mood },
    port: 0,
    instances: 1,
    health: {
      http: '/health',
      interval: 30,
      timeout: 1_000,
      healthyAfter: 2,
      unhealthyAfter: 2,
      startWithin: 15_000,
    },
    version: { http: '/version', json: 'version', equals: 'v1', header: undefined },
    drain: 300,
    ...changes,
  };
}

export interface Answer {
  pid: number;
  version: string;
  color: string;
  instance: string;
}

/** A state folder with a real supervisor and real processes, and everything to get rid of them. */
export class LocalSandbox {
  readonly folder: string;
  readonly stateFolder: string;
  readonly platform: Platform = systemPlatform(() => {});
  readonly #targets: Target[] = [];
  readonly #groups = new Set<number>();

  private constructor(folder: string, stateFolder: string) {
    this.folder = folder;
    this.stateFolder = stateFolder;
  }

  static async create(below = 'state'): Promise<LocalSandbox> {
    const folder = await mkdtemp(join(tmpdir(), 'cutover-local-'));
    await cp(app, join(folder, 'app'), { recursive: true });
    await mkdir(join(folder, below, '..'), { recursive: true });
    return new LocalSandbox(folder, join(folder, below));
  }

  async open(components: Readonly<Record<string, Component>> = { app: moody() }): Promise<Target> {
    const environment = { name: 'local', target: 'local', protect: unprotected } as const;
    const { stateFolder, platform } = this;
    const target = await openTarget({ environment, components, stateFolder, platform });
    this.#targets.push(target);
    return target;
  }

  release(version: string): Release {
    const artifact = { digest: `sha256:${version}`, location: join(this.folder, 'app') };
    return { id: `${version}-1`, version, sha: undefined, artifacts: { app: artifact, other: artifact } };
  }

  /** Prepares a colour with a version, as a component that is in order unless told otherwise. */
  prepare(
    target: Target,
    lease: Pick<Lease, 'token'>,
    what: { color: Color; version: string; component?: Component; instances?: number },
  ): Promise<void> {
    const component = what.component ?? moody();
    const version = component.version && { ...component.version, equals: what.version };
    return target.prepare({
      component: { ...component, version },
      color: what.color,
      release: this.release(what.version),
      instances: what.instances ?? 1,
      token: lease.token,
    });
  }

  /** v1 is live as blue. */
  async live(options: { component?: Component; instances?: number } = {}) {
    const target = await this.open();
    const lease = await target.lease.acquire({ holder: 'test', ttlMs: 60_000 });
    await this.prepare(target, lease, { color: 'blue', version: 'v1', ...options });
    const route = target.route('app');
    await route.switchTo('blue', { expecting: 0, token: lease.token });
    await this.remember();
    return { target, lease, route, origin: await target.endpoint('app', 'live') };
  }

  /** Who answers at a place. */
  async who(origin: string): Promise<Answer> {
    const { body } = await this.platform.http.send({ url: `${origin}/who` });
    return JSON.parse(body);
  }

  async get(origin: string, path: string): Promise<string> {
    return (await this.platform.http.send({ url: `${origin}${path}` })).body;
  }

  state(): StoredState {
    return JSON.parse(readFileSync(join(this.stateFolder, 'state.json'), 'utf8'));
  }

  supervisorLog(): Promise<string> {
    return readFile(join(this.stateFolder, 'supervisor.log'), 'utf8');
  }

  async supervisorPid(): Promise<number | undefined> {
    return (await findOccupant(this.platform.files, this.stateFolder))?.pid;
  }

  /** SIGKILL, and no supervisor any more when it resolves. */
  async killSupervisor(): Promise<void> {
    const pid = await this.supervisorPid();
    if (pid === undefined) throw new Error('no supervisor runs');
    process.kill(pid, 'SIGKILL');
    await until(async () => (await this.supervisorPid()) === undefined);
  }

  /** Notes what runs now, so that it is ended even if its traces are lost. */
  async remember(): Promise<void> {
    const pid = await this.supervisorPid();
    if (pid !== undefined) this.#groups.add(pid);
    try {
      for (const component of Object.values(this.state().components)) {
        const instances = Object.values(component.colors).flatMap((color) => color?.instances ?? []);
        for (const instance of instances) if (instance.pid) this.#groups.add(instance.pid);
      }
    } catch {
      // No state, or one that a test has damaged.
    }
  }

  /** Ends everything that this sandbox started, whatever state it is in. */
  async end(): Promise<void> {
    await this.remember();
    for (const target of this.#targets) await target.close().catch(() => {});
    await stopLocal({ platform: this.platform, stateFolder: this.stateFolder, graceMs: 100 }).catch(() => {});
    for (const group of this.#groups) {
      signalGroup(group, 'SIGKILL');
      await until(async () => !(await groupRuns(group)));
    }
    // A starter that comes late may still write here; it ends by itself once the folder is gone.
    await rm(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }

  async temporaries(): Promise<string[]> {
    return (await readdir(this.stateFolder)).filter((name) => name.endsWith('.tmp'));
  }
}

/** Resolves when the condition holds; rejects after a time that no working machine needs. */
export async function until(condition: () => boolean | Promise<boolean>, what = 'it'): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`waited 20 s for ${what}`);
    await delay(10);
  }
}
