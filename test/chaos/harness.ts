import type { ChaosOutcome, ChaosRequest } from '../../src/chaos/request.ts';
import { runChaos } from '../../src/chaos/run.ts';
import { chaosSection, type Experiment, experimentsOf } from '../../src/chaos/schema.ts';
import type { Component } from '../../src/config/model.ts';
import { formatProblem } from '../../src/config/problems.ts';
import { readReleaseFile } from '../../src/config/read.ts';
import type { CheckRecord, ExperimentRecord } from '../../src/report/proof.ts';
import type { Color, Release, Target } from '../../src/targets/target.ts';
import { type FakeClock, fakeClock } from '../support/fake-clock.ts';
import { acting } from '../support/fake-faults.ts';
import { fakeHttp } from '../support/fake-http.ts';
import { type FakeTraffic, fakeMeter } from '../support/fake-meter.ts';
import type { FakePlatform } from '../support/fake-platform.ts';
import { fakePlatform } from '../support/fake-platform.ts';
import { type FakeWorld, fakeTarget, fakeWorld, type Interference } from '../support/fake-target.ts';
import { unprotected } from '../support/protection.ts';
import { FakeStore } from './fake-store.ts';

/** The release file's beginning in these tests. */
export const shop = `
name: shop
components:
  gateway: { run: [node, server.js], instances: 2 }
  matcher: { run: [node, server.js] }
slo: { error-rate: 0, p99: 50ms }
cutover: { traffic: { rate: 100/s, path: /orders } }
`;

export function fileWith(chaos: string, base: string = shop) {
  const read = readReleaseFile(`${base}chaos:\n${chaos.replace(/^/gm, '  ')}`, {
    file: 'cutover.yml',
    folder: '/app',
    env: () => undefined,
    stages: { chaos: chaosSection },
  });
  if (!read.ok) throw new Error(read.problems.map(formatProblem).join('\n'));
  return read.file;
}

export const experiments = (chaos: string, base?: string): readonly Experiment[] =>
  experimentsOf(fileWith(chaos, base));

/** One experiment, with its keys as they are written in cutover.yml, in one line each. */
export function experiment(keys: string): Experiment {
  const [first] = experiments(`- { ${keys} }`);
  if (!first) throw new Error('no experiment');
  return first;
}

export const killOne = 'name: kill one, fault: { kind: kill }, for: 2s, steady: { watch: 1s }';
export const slowDown =
  'name: slow down, fault: { kind: latency, delay: 100ms }, for: 2s, steady: { watch: 1s }';

export const release = (version: string): Release => ({
  id: `${version}-0`,
  version,
  sha: undefined,
  artifacts: { gateway: { digest: `sha256:${version}`, location: `/packs/${version}` } },
});

/** A world in which blue of both components is live and green stands by, with its clock. */
export class Lab {
  readonly clock: FakeClock = fakeClock();
  readonly world: FakeWorld = fakeWorld();
  readonly components: Readonly<Record<string, Component>>;
  readonly store = new FakeStore();
  platform: FakePlatform;
  /** What traffic does, beside what the faults do to it. */
  traffic: FakeTraffic = {};
  /** How the checks end; empty: there are none. */
  checks: readonly CheckRecord[] = [];
  /** How long an answer takes a probe, in milliseconds. */
  probeMs = 2;

  constructor() {
    this.world.kind = 'local';
    this.components = fileWith('[]').components;
    for (const [name, component] of Object.entries(this.components)) {
      const color = {
        release: release('v1'),
        instances: component.instances,
        health: 'ready',
        keepUntil: undefined,
      } as const;
      this.world.components.set(name, {
        route: { live: 'blue', version: 1 },
        colors: { blue: { ...color }, green: { ...color } },
      });
    }
    const http = fakeHttp((request) => this.store.answer(request));
    const { send } = http;
    http.send = async (request) => {
      await this.clock.sleep(this.probeMs + this.delayMs, request.signal);
      const answer = await send(request);
      return answer;
    };
    this.platform = fakePlatform({ clock: this.clock, http });
  }

  color(component: string, color: Color) {
    const state = this.world.components.get(component);
    if (!state) throw new Error(`no ${component}`);
    return state.colors[color];
  }

  /** What the latency fault adds now. */
  get delayMs(): number {
    return acting(this.world.faults, this.clock.now()).reduce((sum, { what }) => {
      const effect = what.kind === 'network' && !this.world.faults.isDud ? what.effect : undefined;
      return sum + (effect?.effect === 'latency' ? effect.delayMs : 0);
    }, 0);
  }

  /** Requests fail while an instance of the gateway is down, one in two of them as there are two. */
  get trafficNow(): FakeTraffic {
    const down = [...this.world.faults.downUntil].filter(
      ([id, until]) => id.startsWith('gateway/') && until > this.clock.now(),
    ).length;
    return {
      ...this.traffic,
      failing: Math.min(1, (this.traffic.failing ?? 0) + down / 2),
      latencyMs: (this.traffic.latencyMs ?? 1) + this.delayMs,
    };
  }

  target(interfere?: Interference): Target {
    return fakeTarget(this.world, this.clock, interfere);
  }

  request(
    chosen: readonly Experiment[],
    { interfere, ...options }: Partial<ChaosRequest> & { interfere?: Interference } = {},
  ): ChaosRequest {
    return {
      mode: 'run',
      experiments: chosen,
      components: this.components,
      protect: unprotected,
      slo: { errorRate: 0, p99: 50, recovery: undefined },
      target: this.target(interfere),
      checks: async () => this.checks,
      startMeter: (plan) =>
        fakeMeter(
          this.clock,
          asOfTheLastTime(() => this.trafficNow),
        )(plan),
      platform: this.platform,
      seed: 'seed',
      token: undefined,
      holder: 'a run',
      signal: new AbortController().signal,
      ...options,
    };
  }

  /** Runs experiments to their end. */
  run(
    chosen: readonly Experiment[],
    options: Partial<ChaosRequest> & { interfere?: Interference } = {},
  ): Promise<ChaosOutcome> {
    return this.settle(runChaos(this.request(chosen, options)));
  }

  /** Runs one experiment; resolves with its record. */
  async runOne(keys: string, options: Parameters<Lab['run']>[1] = {}): Promise<ExperimentRecord> {
    const { evidence } = await this.run([experiment(keys)], options);
    const [record] = evidence.experiments;
    if (!record) throw new Error(`no record: ${evidence.reason}`);
    return record;
  }

  /** Lets time go on until something has ended. */
  async settle<T>(work: Promise<T>, stepMs = 50): Promise<T> {
    let over = false;
    const ended = work.finally(() => {
      over = true;
    });
    ended.catch(() => {});
    for (let step = 0; !over && step < 20_000; step += 1) await this.clock.advance(stepMs);
    return ended;
  }

  /** Nothing is broken, intended or held any more. */
  get leftovers() {
    return {
      active: acting(this.world.faults, this.clock.now()).map(({ id }) => id),
      journal: this.world.journal.get('chaos'),
      lease: this.world.lease?.holder,
    };
  }
}

/** A window is what happens to the requests from its start on, and the fake looks at its end. */
function asOfTheLastTime<T>(look: () => T): () => T {
  let last = look();
  return () => {
    const seen = last;
    last = look();
    return seen;
  };
}

export const clean = { active: [], journal: undefined, lease: undefined };

export const check = (verdict: CheckRecord['verdict'], name = 'healthy'): CheckRecord => ({
  name,
  kind: 'http',
  verdict,
  detail: verdict === 'passed' ? '200 in 2 ms' : '503, expected 200',
  attempts: 1,
  atMs: 0,
  durationMs: 2,
});
