import { describe, expect, test } from '@jest/globals';
import { type Annotation, chooseAnnotations } from '../../src/hosts/annotations.ts';

const many = (level: Annotation['level'], count: number): Annotation[] =>
  Array.from({ length: count }, (_, index) => ({ level, text: `${level} ${index + 1}` }));

describe('chooseAnnotations', () => {
  test('worst first, at most ten of a level, the tenth says how many are left out', () => {
    const chosen = chooseAnnotations([...many('notice', 2), ...many('warning', 12), ...many('error', 10)]);
    expect(chosen.map(({ level }) => level)).toEqual([
      ...Array(10).fill('error'),
      ...Array(10).fill('warning'),
      ...Array(2).fill('notice'),
    ]);
    expect(chosen[9]?.text).toBe('error 10');
    expect(chosen[19]?.text).toBe('3 more: see the log and the report');
  });

  test('room is kept for the message that fails the step', () => {
    const chosen = chooseAnnotations(many('error', 10), 1);
    expect(chosen).toHaveLength(9);
    expect(chosen.at(-1)?.text).toBe('2 more: see the log and the report');
  });

  test('the same thing is told once, at another place again', () => {
    const here: Annotation = { level: 'error', text: 'x', place: { file: 'a.yml', line: 1 } };
    expect(
      chooseAnnotations([here, { ...here }, { ...here, place: { file: 'a.yml', line: 2 } }]),
    ).toHaveLength(2);
  });

  test('long messages are cut where GitHub would cut them', () => {
    const [one] = chooseAnnotations([{ level: 'error', text: 'x'.repeat(5_000) }]);
    expect(one?.text).toHaveLength(4_096);
  });
});
