import type { Component, CutoverPlan, Slo } from '../../src/config/model.ts';
import type { CutoverOutcome, CutoverRequest } from '../../src/cutover/context.ts';
import { runCutover } from '../../src/cutover/run.ts';
import type { Release } from '../../src/targets/target.ts';
import { type FakeClock, fakeClock } from '../support/fake-clock.ts';
import { fakeHttp } from '../support/fake-http.ts';
import { type FakeTraffic, fakeMeter } from '../support/fake-meter.ts';
import { fakePlatform } from '../support/fake-platform.ts';
import { type FakeWorld, fakeTarget, fakeWorld, type Interference } from '../support/fake-target.ts';

export function release(version: string, components: readonly string[] = ['gateway']): Release {
  const artifact = { digest: `sha256:${version}`, location: `/packs/${version}` };
  return {
    id: `${version}-0`,
    version,
    sha: undefined,
    artifacts: Object.fromEntries(components.map((name) => [name, artifact])),
  };
}

const component = (name: string, version: string): Component => ({
  name,
  context: '.',
  run: ['node', 'server.js'],
  env: {},
  port: 0,
  instances: 2,
  health: {
    http: '/health',
    interval: 100,
    timeout: 100,
    healthyAfter: 2,
    unhealthyAfter: 2,
    startWithin: 1_000,
  },
  version: { http: '/version', json: 'version', equals: version, header: 'x-version' },
  drain: 1_000,
});

export const settings: CutoverPlan = {
  bake: 5_000,
  keepOld: 60_000,
  quiet: 100,
  failedRequests: 0,
  traffic: {
    component: 'gateway',
    rate: 100,
    method: 'GET',
    path: '/',
    headers: {},
    body: undefined,
    connections: 'keep-alive',
    timeout: 1_000,
  },
};

/** A world with its clock, on which runs can be made one after the other or side by side. */
export class Stage {
  readonly clock: FakeClock = fakeClock();
  readonly world: FakeWorld = fakeWorld();
  readonly components: readonly string[];
  /** What traffic does, by the live version of the gateway. */
  traffic: Record<string, FakeTraffic> = {};
  /** What `/version` answers by the live version, where it is not that version. */
  lies: Record<string, string> = {};

  constructor(components: readonly string[] = ['gateway']) {
    this.components = components;
  }

  liveVersion(name = 'gateway'): string | undefined {
    const state = this.world.components.get(name);
    return state?.route.live && state.colors[state.route.live].release?.version;
  }

  /** Starts a run; time stands still until `settle`. */
  start(
    options: Partial<CutoverRequest> & { version?: string; interfere?: Interference } = {},
  ): Promise<CutoverOutcome> {
    const { version, interfere, ...rest } = options;
    const http = fakeHttp(({ url }) => {
      if (!url.endsWith('/version')) return undefined;
      const live = this.liveVersion(new URL(url).hostname.split('.')[1]) ?? '';
      return { body: JSON.stringify({ version: this.lies[live] ?? live }) };
    });
    const slo: Slo = { errorRate: undefined, p99: 50, recovery: undefined };
    return runCutover({
      mode: 'apply',
      release: version === undefined ? undefined : release(version, this.components),
      componentsFor: async (wanted) =>
        Object.fromEntries(this.components.map((name) => [name, component(name, wanted.version)])),
      settings,
      slo,
      target: fakeTarget(this.world, this.clock, interfere),
      platform: fakePlatform({ clock: this.clock, http }),
      startMeter: fakeMeter(this.clock, () => this.traffic[this.liveVersion() ?? ''] ?? {}),
      proofs: { standby: [], live: [], heal: async () => {} },
      isAncestor: async () => undefined,
      allowOlder: 'no',
      holder: 'a run',
      resume: 'cutover recover',
      signal: new AbortController().signal,
      ...rest,
    });
  }

  /** Lets time go on until the run has ended. */
  async settle<T>(run: Promise<T>): Promise<T> {
    let over = false;
    const ended = run.finally(() => {
      over = true;
    });
    ended.catch(() => {});
    for (let step = 0; !over && step < 20_000; step += 1) await this.clock.advance(50);
    return ended;
  }

  async run(options: Parameters<Stage['start']>[0] = {}): Promise<CutoverOutcome> {
    return this.settle(this.start(options));
  }

  /** True when all components are on the same release and nothing else runs unwatched. */
  get isWhole(): boolean {
    const versions = new Set(this.components.map((name) => this.liveVersion(name)));
    return versions.size === 1 && !versions.has(undefined);
  }
}
