import { expect, test } from '@jest/globals';
import { kill } from '../../../src/chaos/faults/kill.ts';
import { aimAt, evidence, reading, type Seen, seen } from './evidence.ts';

const spec = { signal: 'SIGKILL' };

test('signals those that were chosen', () => {
  expect(kill.disturbance({ signal: 'SIGTERM' }, aimAt(['a', 'b'], ['a', 'b', 'c']))).toEqual({
    kind: 'signal',
    signal: 'SIGTERM',
    instances: ['a', 'b'],
  });
});

const gone = (id: string) =>
  seen(id, { status: 'exited', process: 'gone', pid: undefined, identity: undefined });
const another = (id: string) => seen(id, { identity: `${id}#2`, restarts: 1 });

test.each<[string, readonly (readonly Seen[])[], boolean, number]>([
  ['it was gone at one look', [[gone('a')], [another('a')]], true, 1],
  ['another process has its place', [[another('a')]], true, 1],
  ['the instance is no longer listed', [[]], true, 1],
  ['the same process goes on', [[seen('a')], [seen('a')]], false, 0],
  ['it only looks unwell', [[seen('a', { status: 'unhealthy', process: 'stopped' })]], false, 0],
  ['nobody looked', [], false, 0],
])('when %s', (_, during, isSeen, ratio) => {
  const readings = during.map((instances) => reading(instances));
  const witnessed = kill.witness(
    spec,
    evidence({ before: { reading: reading([seen('a')]) }, during: { readings } }),
    aimAt(['a']),
  );
  expect(witnessed).toMatchObject({ seen: isSeen, ratio });
});

test('one of two is not enough', () => {
  const before = { reading: reading([seen('a'), seen('b')]) };
  const during = { readings: [reading([gone('a'), seen('b')])] };
  expect(kill.witness(spec, evidence({ before, during }), aimAt(['a', 'b']))).toEqual({
    seen: false,
    detail: 'SIGKILL ended 1 of 2 processes',
    ratio: 0.5,
  });
});

test('what was gone before was not ended by us', () => {
  const before = { reading: reading([gone('a')]) };
  const during = { readings: [reading([gone('a')])] };
  expect(kill.witness(spec, evidence({ before, during }), aimAt(['a'])).seen).toBe(false);
});
