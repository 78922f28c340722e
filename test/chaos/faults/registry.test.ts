import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { faultKinds } from '../../../src/chaos/faults/index.ts';
import { localDisturbances } from '../../../src/targets/local/disturbances.ts';
import { experiments } from '../harness.ts';
import { aimAt } from './evidence.ts';

const folder = new URL('../../../src/chaos/faults/', import.meta.url);

test.each(Object.values(faultKinds))('the example of $kind is read, and local can do it', (kind) => {
  const [written, ...more] = experiments(kind.example.trim());
  const faults = written?.faults ?? [];
  expect([more, faults.map((fault) => fault.kind)]).toEqual([[], [kind.kind]]);
  const what = kind.disturbance(faults[0]?.spec, aimAt(['a']));
  expect(localDisturbances).toContain(what.kind);
  expect(Object.keys(kind.support)).toContain('local');
});

test('every fault that has a file is in the list, under the name of its file', () => {
  const written = readdirSync(folder).flatMap((name) => {
    const source = readFileSync(new URL(name, folder), 'utf8');
    const kind = /faultKind\(\{\s+kind: '([a-z-]+)'/.exec(source)?.[1];
    return kind === undefined ? [] : [[name, kind]];
  });
  const kinds = Object.keys(faultKinds).toSorted();
  expect(written.toSorted()).toEqual(kinds.map((kind) => [`${kind}.ts`, kind]));
});

test('what is chosen by count or percent names the instances, and only that', () => {
  for (const kind of Object.values(faultKinds)) {
    const [written] = experiments(kind.example.trim());
    const what = kind.disturbance(written?.faults[0]?.spec, aimAt(['a'], ['a', 'b']));
    const named = 'instances' in what ? what.instances : undefined;
    if (kind.hits === 'instances') expect([kind.kind, named]).toEqual([kind.kind, ['a']]);
    else expect([kind.kind, named]).not.toEqual([kind.kind, ['a']]);
  }
});
