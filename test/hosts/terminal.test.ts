import { describe, expect, test } from '@jest/globals';
import { terminal } from '../../src/hosts/terminal.ts';
import { bar, harmless, wantsColor, wantsLiveLines } from '../../src/hosts/terminal-style.ts';
import type { RunEvent } from '../../src/platform/events.ts';
import { fakeClock } from '../support/fake-clock.ts';

const envOf = (env: Record<string, string>) => (name: string) => env[name] || undefined;

function shown(events: readonly RunEvent[], options: { isTTY?: boolean; env?: Record<string, string> } = {}) {
  const written: string[] = [];
  const clock = fakeClock();
  const host = terminal({
    stream: { isTTY: options.isTTY ?? false, columns: 40, write: (text) => written.push(text) },
    env: envOf(options.env ?? {}),
    clock,
    detail: 'normal',
  });
  for (const event of events) host.emit(event);
  host.close();
  return written.join('');
}

const release: readonly RunEvent[] = [
  { type: 'stage', stage: 'cutover', state: 'started' },
  { type: 'step', step: 'switch', component: 'gateway', state: 'started', reason: 'ready' },
  { type: 'step', step: 'switch', component: 'gateway', state: 'finished', reason: 'ready', ms: 3 },
  { type: 'message', level: 'debug', text: 'deep' },
  { type: 'message', level: 'warning', text: 'odd' },
  { type: 'stage', stage: 'cutover', state: 'finished', verdict: 'passed', text: 'v2 is live' },
];

describe('terminal', () => {
  test('writes plain lines without any control where there is no terminal', () => {
    expect(shown(release)).toBe('  ✓ switch gateway  3 ms, ready\n  ! odd\n✓ cutover  v2 is live\n');
  });

  test('uses colours but draws nothing over when FORCE_COLOR is set without a terminal', () => {
    const text = shown(release, { env: { FORCE_COLOR: '1' } });
    expect(text).toContain('\u001b[32m✓\u001b[39m');
    expect(text).not.toContain('\u001b[?25l');
  });

  test('on a terminal the cursor comes back and the live lines are wiped', () => {
    const text = shown(release.slice(0, 2), { isTTY: true });
    expect(text.startsWith('\u001b[?25l')).toBe(true);
    expect(text.endsWith('\u001b[?25h')).toBe(true);
  });

  test('live lines are never wider than the terminal', () => {
    const long: RunEvent = { type: 'progress', step: 'prepare', done: 1, total: 2, text: 'x'.repeat(200) };
    const note: RunEvent = { type: 'message', level: 'info', text: 'go' };
    const text = shown([...release.slice(0, 1), long, note], { isTTY: true, env: { NO_COLOR: '1' } });
    const live = text.split('\n').find((line) => line.includes('prepare')) ?? '';
    expect(live).toContain('████████░░░░░░░░');
    expect([...live.replace(/\p{Cc}\[[?\d]*[A-Za-z]|\r/gu, '')].length).toBe(39);
  });

  test('output of an application cannot move the cursor or set a title', () => {
    const text = shown([
      { type: 'output', source: 'gateway', text: '\u001b]0;owned\u0007a\u001b[2Jb\rc\u0008\n' },
    ]);
    expect(text).toBe('    gateway │ abc\n');
  });
});

describe('colours and live lines', () => {
  test.each([
    [{}, true, true],
    [{}, false, false],
    [{ NO_COLOR: '1' }, true, false],
    [{ TERM: 'dumb' }, true, false],
    [{ FORCE_COLOR: '1' }, false, true],
    [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false, true],
    [{ FORCE_COLOR: '0' }, true, false],
  ])('%j on a terminal: %j gives colours: %j', (env, isTerminal, colors) => {
    expect(wantsColor(envOf(env), isTerminal)).toBe(colors);
  });

  test.each([
    [{}, true, true],
    [{}, false, false],
    [{ CI: 'true' }, true, false],
    [{ TERM: 'dumb' }, true, false],
    [{ NO_COLOR: '1' }, true, true],
  ])('%j on a terminal: %j gives live lines: %j', (env, isTerminal, live) => {
    expect(wantsLiveLines(envOf(env), isTerminal)).toBe(live);
  });

  test.each([
    [0, '░░░░'],
    [0.5, '██░░'],
    [1, '████'],
    [7, '████'],
    [-1, '░░░░'],
  ])('a bar of %d', (share, text) => expect(bar(share, 4)).toBe(text));

  test.each([
    ['a\u202eb', 'ab'],
    ['tab\tand\nline', 'tab\tand\nline'],
    ['\u001b[31mred\u001b[0m', 'red'],
    ['\u009b31mx', 'x'],
  ])('%j is shown as %j', (given, text) => expect(harmless(given)).toBe(text));
});
