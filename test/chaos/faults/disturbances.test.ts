import { expect, test } from '@jest/globals';
import { faultKindOf } from '../../../src/chaos/faults/index.ts';
import { planExperiment } from '../../../src/chaos/plan.ts';
import type { Disturbance } from '../../../src/targets/fault.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { fakeTarget } from '../../support/fake-target.ts';
import { unprotected } from '../../support/protection.ts';
import { experiment, experiments, Lab } from '../harness.ts';
import { aimAt } from './evidence.ts';

const network = (effect: object) => ({
  kind: 'network',
  component: 'gateway',
  color: 'green',
  instances: 'all',
  effect,
});
const restarted = (changes: object = {}) => ({
  kind: 'restart',
  instances: ['a'],
  graceMs: 10_000,
  env: {},
  lie: undefined,
  ...changes,
});

test.each<[string, object]>([
  ['kind: pause', { kind: 'pause', instances: ['a'] }],
  ['kind: restart', restarted()],
  ['kind: restart, grace: 0', restarted({ graceMs: 0 })],
  ['kind: dependency-down, component: matcher', { kind: 'down', instances: ['a', 'b'] }],
  ['kind: cpu', { kind: 'cpu', instances: ['a'], workers: 1, load: 1 }],
  ['kind: cpu, workers: 4, load: 50%', { kind: 'cpu', instances: ['a'], workers: 4, load: 0.5 }],
  ['kind: memory, bytes: 64MiB', { kind: 'memory', instances: ['a'], bytes: 2 ** 26, share: undefined }],
  ['kind: memory, share: 50%', { kind: 'memory', instances: ['a'], bytes: undefined, share: 0.5 }],
  [
    'kind: disk-fill, bytes: 1GiB',
    { kind: 'disk-fill', component: 'gateway', bytes: 2 ** 30, leaveBytes: undefined },
  ],
  ['kind: disk-fill, leave: 0', { kind: 'disk-fill', component: 'gateway', bytes: undefined, leaveBytes: 0 }],
  ['kind: disk-slow', { kind: 'disk-slow', component: 'gateway', workers: 4 }],
  [
    'kind: bandwidth, rate: 64KiB/s',
    network({ effect: 'bandwidth', bytesPerSecond: 65_536, direction: 'both' }),
  ],
  [
    'kind: bandwidth, rate: 8Mbit/s, direction: answers',
    network({ effect: 'bandwidth', bytesPerSecond: 1_000_000, direction: 'answers' }),
  ],
  ['kind: reset', network({ effect: 'reset', share: 1 })],
  ['kind: blackhole, share: 5%', network({ effect: 'blackhole', share: 0.05 })],
  ['kind: http-error', network({ effect: 'http-error', share: 1, status: 503, body: '' })],
  [
    'kind: http-error, status: 429, body: wait, share: 0.5%',
    network({ effect: 'http-error', share: 0.005, status: 429, body: 'wait' }),
  ],
  ['kind: slow-close, delay: 2s', network({ effect: 'slow-close', delayMs: 2_000 })],
  ['kind: clock-skew, offset: -5m', restarted({ lie: { about: 'clock', offsetMs: -300_000 } })],
  ['kind: clock-skew, offset: +90s', restarted({ lie: { about: 'clock', offsetMs: 90_000 } })],
  [
    'kind: dns, names: [db.internal, "*"]',
    restarted({ lie: { about: 'dns', names: ['db.internal', '*'], answer: 'not-found' } }),
  ],
  [
    'kind: dns, names: [db], answer: timeout, grace: 1s',
    restarted({ graceMs: 1_000, lie: { about: 'dns', names: ['db'], answer: 'timeout' } }),
  ],
])('%s', (keys, disturbance) => {
  const [fault] = experiment(`name: it, for: 10s, fault: { ${keys} }`).faults;
  const kind = faultKindOf(fault?.kind ?? '');
  expect(kind.disturbance(fault?.spec, aimAt(['a'], ['a', 'b']))).toEqual(disturbance);
});

test.each<[string, RegExp]>([
  ['kind: memory', /says not how much; allowed: one of bytes, share/],
  ['kind: memory, bytes: 64MiB, share: 50%', /share: stands beside bytes/],
  ['kind: memory, bytes: 64', /has no unit/],
  ['kind: memory, bytes: 1KiB', /is not from 1MiB to 1024GiB/],
  ['kind: disk-fill', /says not how much; allowed: one of bytes, leave/],
  ['kind: disk-fill, bytes: 1GiB, leave: 1GiB', /leave: stands beside bytes/],
  ['kind: disk-slow, workers: 65', /is not from 1 to 64/],
  ['kind: cpu, load: 0%', /is not from 1% to 100%/],
  ['kind: cpu, workers: 0', /is not from 1 to 256/],
  ['kind: restart, grace: soon', /is not a duration/],
  ['kind: bandwidth', /rate: is missing/],
  ['kind: bandwidth, rate: 64KiB', /lacks \/s/],
  ['kind: bandwidth, rate: 64KiB/s, direction: up', /is not known/],
  ['kind: reset, share: 0', /is not from 0.1% to 100%/],
  ['kind: blackhole, share: 50', /has no percent sign/],
  ['kind: http-error, status: 200', /is not from 400 to 599/],
  ['kind: slow-close', /delay: is missing/],
  ['kind: clock-skew', /offset: is missing/],
  ['kind: clock-skew, offset: 0s', /is not from 1ms/],
  ['kind: clock-skew, offset: 60', /has no unit/],
  ['kind: dns', /names: is missing/],
  ['kind: dns, names: []', /is an empty list/],
  ['kind: dns, names: ["http://db"]', /is not a host name/],
  ['kind: dns, names: [db], answer: slow', /is not known/],
  ['kind: dependency-down', /component: is missing/],
  ['kind: dependency-down, component: nobody', /is not a component/],
  ['kind: pause, share: 50%', /is not a known key/],
  ['kind: blackhole, count: 1', /hits the whole colour/],
])('%s is refused', (keys, problem) => {
  expect(() => experiments(`- { name: it, for: 10s, fault: { ${keys} } }`)).toThrow(problem);
});

test('what has no process is not told to go down', () => {
  const { all, ...aim } = aimAt(['a', 'b']);
  const [one, two] = all;
  if (!one || !two) throw new Error('no instances');
  const gone = { ...two, pid: undefined, status: 'exited' } as const;
  const what: Disturbance = faultKindOf('dependency-down').disturbance({}, { ...aim, all: [one, gone] });
  expect(what).toEqual({ kind: 'down', instances: ['a'] });
});

test.each([
  ['reset', '49%', false],
  ['reset', '50%', true],
  ['blackhole', '100%', true],
  ['latency, delay: 1s', '100%', false],
])('%s of %s of the requests takes instances down: %s', async (kind, share, takesDown) => {
  const lab = new Lab();
  const { faults } = planExperiment(
    experiment(`name: it, for: 1s, fault: { kind: ${kind}, share: ${share} }`),
    {
      inventory: await fakeTarget(lab.world, fakeClock()).inspect(),
      components: lab.components,
      standby: {},
      protect: unprotected,
      seed: 'seed',
      now: 0,
      alreadyHit: [],
    },
  );
  expect(faults[0]?.hit.takesDown).toBe(takesDown);
});
