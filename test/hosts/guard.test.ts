import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { actsAsCommand, guarded } from '../../src/hosts/guard.ts';

/** What the runner does with a log: the lines that it obeys (ActionCommandManager.cs, in short). */
function obeyed(log: string): string[] {
  const commands: string[] = [];
  let stop: string | undefined;
  for (const raw of log.split(/\r\n|\n|\r/)) {
    const line = raw.trimStart();
    if (stop !== undefined) {
      if (line === `::${stop}::`) stop = undefined;
    } else if (line.startsWith('::stop-commands::')) stop = line.slice('::stop-commands::'.length);
    else if (/^::[^:]+::/.test(line) || /##\[[^\]]+\]/.test(line)) commands.push(line);
  }
  return commands;
}

describe('guarded', () => {
  test.each([
    '::error::boo',
    'fine\n  ::set-output name=x::y',
    'a ##[add-mask]b',
    '::stop-commands::mine\n::mine::\n::error::x',
    'x\r::error::y',
  ])('%j is not obeyed between guards, and would be without', (text) => {
    expect(obeyed(text).length).toBeGreaterThan(0);
    expect(obeyed(guarded(text, 'f00d'))).toEqual([]);
    expect(obeyed(`${guarded(text, 'f00d')}\n::notice::ours`)).toEqual(['::notice::ours']);
  });

  test('text that holds the token is refused', () => {
    expect(() => guarded('::f00d::\n::error::x', 'f00d')).toThrow('token');
  });

  test('every line that a runner would obey is recognised', () => {
    const part = fc.constantFrom('::', '##[', ']', 'error', ' ', '\n', '\r', 'a', ':', '=');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 14 }), (parts) => {
        const text = parts.join('');
        if (obeyed(text).length > 0) expect(actsAsCommand(text)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each(['12:30:00 started', 'a::b', 'C++ std::vector', '# [x]'])('%j is left as it is', (text) => {
    expect(actsAsCommand(text)).toBe(false);
  });
});
