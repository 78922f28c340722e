import { expect, test } from '@jest/globals';
import * as v from 'valibot';
import { byteRate, offset, size } from '../../src/config/schema/amounts.ts';
import { percentage } from '../../src/config/schema/fields.ts';
import { formatByteRate, parseByteRate } from '../../src/config/values/byte-rate.ts';

type Leaf = Parameters<typeof v.safeParse>[0];

const bytes = size('', [0, 1024 ** 3]);
const rate = byteRate('', [1024, 1e9]);
const ahead = offset('', [1, 86_400_000]);
const share = percentage('', [0.01, 1]);

test.each<[string, Leaf, unknown, unknown]>([
  ['a size', bytes, '64KiB', 65_536],
  ['a size of nothing', bytes, 0, 0],
  ['bytes per second', rate, '64KiB/s', 65_536],
  ['bits per second', rate, '8Mbit/s', 1_000_000],
  ['forwards', ahead, '90s', 90_000],
  ['forwards with a sign', ahead, '+1m30s', 90_000],
  ['backwards', ahead, '-500ms', -500],
  ['a share', share, '1%', 0.01],
])('%s is read', (_, schema, given, value) => {
  expect(v.safeParse(schema, given)).toMatchObject({ success: true, output: value });
});

test.each<[string, Leaf, unknown, RegExp]>([
  ['a size without a unit', bytes, 5, /has no unit/],
  ['a size that is too large', bytes, '2GiB', /is not from 0B to 1GiB/],
  ['a negative size', bytes, '-1KiB', /is not a size/],
  ['bytes without a time', rate, '64KiB', /lacks \/s/],
  ['bytes per minute', rate, '64KiB/m', /is not an amount of bytes per second/],
  ['a plain number per second', rate, 100, /has no unit/],
  ['too little', rate, '1KB/s', /is not from 1KiB\/s/],
  ['a part of a byte', rate, '0.001Kbit/s', /is not an amount/],
  ['no offset', ahead, '0s', /is not from 1ms/],
  ['two signs', ahead, '--5s', /is not an offset/],
  ['an offset without a unit', ahead, -5, /has no unit/],
  ['too far', ahead, '-2d', /is not from 1ms to 1d/],
  ['a share of nothing', share, 0, /is not from 1% to 100%/],
  ['more than all', share, '101%', /is not a percentage/],
  ['a share without a sign', share, 5, /has no percent sign/],
])('%s is refused', (_, schema, given, message) => {
  const { success, issues } = v.safeParse(schema, given);
  expect(success).toBe(false);
  expect(issues?.[0].message).toMatch(message);
});

test.each([1, 1_000, 1_024, 65_536, 1_000_000])(
  '%s bytes per second are written as they are read',
  (value) => {
    expect(parseByteRate(formatByteRate(value))).toBe(value);
  },
);
