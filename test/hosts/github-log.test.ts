import { describe, expect, test } from '@jest/globals';
import { githubLog } from '../../src/hosts/github-log.ts';
import type { RunEvent } from '../../src/platform/events.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { fakeRandom } from '../support/fake-random.ts';

function logOf() {
  const lines: string[] = [];
  const clock = fakeClock();
  const log = githubLog(
    {
      startGroup: (name) => lines.push(`<group ${name}>`),
      endGroup: () => lines.push('<end>'),
      info: (text) => lines.push(text),
      debug: (text) => lines.push(`<debug ${text}>`),
    },
    { random: fakeRandom(), clock },
  );
  return { log, lines, clock };
}

const progress = (done: number): RunEvent => ({ type: 'progress', step: 'bake', done, total: 60, text: '' });

describe('githubLog', () => {
  test('a stage is a group, its end stands below it', () => {
    const { log, lines } = logOf();
    log.emit({ type: 'stage', stage: 'cutover', state: 'started' });
    log.emit({ type: 'step', step: 'switch', component: 'gateway', state: 'started', reason: 'ready' });
    log.emit({
      type: 'step',
      step: 'switch',
      component: 'gateway',
      state: 'finished',
      reason: 'ready',
      ms: 3,
    });
    log.emit({ type: 'stage', stage: 'cutover', state: 'finished', verdict: 'passed', text: 'v2 is live' });
    log.close();
    expect(lines).toEqual([
      '<group cutover>',
      '  ✓ switch gateway: 3 ms, ready',
      '<end>',
      '✓ cutover: v2 is live',
    ]);
  });

  test('an inconclusive stage is not shown as failed or passed', () => {
    const { log, lines } = logOf();
    log.emit({ type: 'stage', stage: 'cutover', state: 'failed', verdict: 'inconclusive', text: 'no data' });
    expect(lines).toEqual(['? cutover: no data']);
  });

  test('application output stands between guards with a new token each time', () => {
    const { log, lines } = logOf();
    log.emit({ type: 'output', source: 'gateway/green-1', text: '::error::x\nsecond\n' });
    log.emit({ type: 'output', source: 'gateway/green-1', text: 'third' });
    const [first = '', second = ''] = lines;
    expect(first.split('\n').slice(1, -1)).toEqual([
      'gateway/green-1 | ::error::x',
      'gateway/green-1 | second',
    ]);
    expect(first.split('\n')[0]).not.toBe(second.split('\n')[0]);
  });

  test('a message that quotes a command is guarded too', () => {
    const { log, lines } = logOf();
    log.emit({ type: 'step', step: 'prepare', state: 'failed', reason: 'it said\n::add-path::/evil' });
    expect(lines[0]).toMatch(/^::stop-commands::[0-9a-f]{32}\n/);
  });

  test('readings are thinned out, the last one of a total is shown', async () => {
    const { log, lines, clock } = logOf();
    for (let second = 0; second <= 60; second += 1) {
      log.emit(progress(second));
      await clock.advance(1_000);
    }
    expect(lines.length).toBe(13);
    expect(lines.at(-1)).toBe('  … bake: 100 %');
  });

  test('messages of level notice and worse are kept for annotations', () => {
    const { log, lines } = logOf();
    const place = { file: 'cutover.yml', line: 3, column: 1 };
    log.emit({ type: 'message', level: 'warning', text: 'odd', place });
    log.emit({ type: 'message', level: 'info', text: 'fine' });
    log.emit({ type: 'message', level: 'debug', text: 'deep' });
    expect(log.annotations).toEqual([{ level: 'warning', text: 'odd', place }]);
    expect(lines).toEqual(['  ! cutover.yml:3:1: odd', '  · fine', '<debug deep>']);
  });
});
