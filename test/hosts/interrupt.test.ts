import { describe, expect, jest, test } from '@jest/globals';
import { interruptible } from '../../src/hosts/interrupt.ts';
import { Cancelled } from '../../src/platform/errors.ts';

function source() {
  const listeners = new Map<string, () => void>();
  const exits: number[] = [];
  return {
    exits,
    send: (signal: 'SIGINT' | 'SIGTERM') => listeners.get(signal)?.(),
    on: (signal: string, listener: () => void) => listeners.set(signal, listener),
    exit: (code: number) => void exits.push(code),
  };
}

describe('interruptible', () => {
  test('the first signal aborts with the resume command, a second one exits at once', () => {
    const process = source();
    const interruption = interruptible(process, () => {});
    interruption.resumeWith('cutover recover');
    process.send('SIGINT');
    expect(interruption.signal.reason).toBeInstanceOf(Cancelled);
    expect(interruption.signal.reason).toMatchObject({
      message: 'cancelled by SIGINT',
      next: 'cutover recover',
    });
    expect(process.exits).toEqual([]);
    process.send('SIGTERM');
    expect(process.exits).toEqual([130]);
  });

  test('what has not ended within two seconds is ended, after the resume command was told', () => {
    jest.useFakeTimers();
    try {
      const process = source();
      const told: (string | undefined)[] = [];
      const interruption = interruptible(process, ({ next }) => told.push(next));
      interruption.resumeWith('cutover recover');
      process.send('SIGTERM');
      jest.advanceTimersByTime(1_000);
      expect(process.exits).toEqual([]);
      jest.advanceTimersByTime(1_000);
      expect(told).toEqual(['cutover recover']);
      expect(process.exits).toEqual([130]);
    } finally {
      jest.useRealTimers();
    }
  });
});
