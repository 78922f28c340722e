import { describe, expect, test } from '@jest/globals';
import { fitSummary, largestSummary } from '../../src/hosts/summary.ts';

describe('fitSummary', () => {
  test('a summary that fits is left as it is', () => {
    expect(fitSummary('# v2 is live\n')).toBe('# v2 is live\n');
  });

  test('a larger one is cut after a whole line, counted in bytes', () => {
    const fitted = fitSummary(`${'é'.repeat(30)}\n`.repeat(20_000));
    expect(Buffer.byteLength(fitted)).toBeLessThanOrEqual(largestSummary);
    expect(fitted).toMatch(/é{30}\n\n… cut here: the whole text is in the report\.\n$/);
    expect(fitted).not.toContain('\ufffd');
  });
});
