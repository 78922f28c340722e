import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  closeFromClient,
  closeFromServer,
  FrameBoundary,
} from '../../../../src/targets/local/proxy/websocket.ts';
import { frame } from './frames.ts';

describe('frame boundaries', () => {
  test('are found in any fragmentation of frames of any size', () => {
    const sizes = fc.constantFrom(0, 1, 125, 126, 300, 65_535, 65_536, 70_000);
    fc.assert(
      fc.property(
        fc.array(fc.record({ size: sizes, masked: fc.boolean() }), { minLength: 1, maxLength: 4 }),
        fc.nat(),
        (frames, seed) => {
          const encoded = frames.map(({ size, masked }) => frame(0x2, Buffer.alloc(size, 7), masked));
          const bytes = Buffer.concat(encoded);
          const ends = new Set<number>([0]);
          let end = 0;
          for (const one of encoded) {
            end += one.length;
            ends.add(end);
          }
          const boundary = new FrameBoundary();
          let random = seed;
          for (let at = 0; at < bytes.length; ) {
            random = (random * 1_103_515_245 + 12_345) % 2_147_483_648;
            const to = Math.min(bytes.length, at + 1 + (random % (at % 2 === 0 ? 7 : 5_000)));
            boundary.see(bytes, { from: at, to });
            at = to;
            expect(boundary.atBoundary).toBe(ends.has(at));
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});

test('close frames say 1001', () => {
  expect([...closeFromServer()]).toEqual([0x88, 2, 0x03, 0xe9]);
  const masked = closeFromClient(Buffer.from([1, 2, 3, 4]));
  expect([...masked]).toEqual([0x88, 0x82, 1, 2, 3, 4, 0x03 ^ 1, 0xe9 ^ 2]);
});
