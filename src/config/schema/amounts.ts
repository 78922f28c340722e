import { byteRatePattern, formatByteRate, parseByteRate } from '../values/byte-rate.ts';
import { durationPattern, formatDuration, parseDuration } from '../values/duration.ts';
import { formatSize, parseSize, sizePattern } from '../values/size.ts';
import type { Range } from './fields.ts';
import { leaf } from './leaf.ts';

const within = (value: number | undefined, [least, most]: Range): number | undefined =>
  value !== undefined && value >= least && value <= most ? value : undefined;

/** An amount of memory or disk, in bytes. A plain 0 needs no unit. */
export function size(description: string, range: Range) {
  const bounds = `${formatSize(range[0])} to ${formatSize(range[1])}`;
  const read = (given: unknown) => (given === 0 || given === '0' ? 0 : parseSize(String(given)));
  return leaf<number>({
    description,
    noun: 'a size',
    allowed: `a size from ${bounds}, such as 512KiB, 256MiB or 2GB`,
    parse: (given) => within(read(given), range),
    explain: (given) => {
      if (read(given) !== undefined) return `{given} is not from ${bounds}`;
      return typeof given === 'number' ? '{given} has no unit' : undefined;
    },
    json: { anyOf: [{ type: 'string', pattern: sizePattern }, ...(range[0] === 0 ? [{ const: 0 }] : [])] },
    examples: ['256MiB', '2GB'],
  });
}

/** What a line carries, in bytes per second. */
export function byteRate(description: string, range: Range) {
  const bounds = `${formatByteRate(range[0])} to ${formatByteRate(range[1])}`;
  return leaf<number>({
    description,
    noun: 'an amount of bytes per second',
    allowed: `from ${bounds}, such as 64KiB/s, 1MB/s or 8Mbit/s`,
    parse: (given) => within(parseByteRate(String(given)), range),
    explain: (given) => {
      if (parseByteRate(String(given)) !== undefined) return `{given} is not from ${bounds}`;
      if (parseSize(String(given)) !== undefined) return '{given} lacks /s';
      return typeof given === 'number' ? '{given} has no unit' : undefined;
    },
    json: { type: 'string', pattern: byteRatePattern },
    examples: ['64KiB/s', '8Mbit/s'],
  });
}

/** A time forwards or, with a minus, backwards, in milliseconds; `range` is of its length, whichever way it goes. */
export function offset(description: string, range: Range) {
  const bounds = `${formatDuration(range[0])} to ${formatDuration(range[1])}, forwards or with - backwards`;
  const read = (given: unknown) => {
    const [, sign, length = ''] = /^([+-]?)(.*)$/.exec(String(given)) ?? [];
    const ms = parseDuration(length);
    return ms === undefined ? undefined : { ms, sign: sign === '-' ? -1 : 1 };
  };
  return leaf<number>({
    description,
    noun: 'an offset',
    allowed: `${bounds}, such as 90s or -5m`,
    parse: (given) => {
      const found = read(given);
      const ms = within(found?.ms, range);
      return found && ms !== undefined ? found.sign * ms : undefined;
    },
    explain: (given) => {
      if (read(given)) return `{given} is not from ${bounds}`;
      return typeof given === 'number' && given !== 0 ? '{given} has no unit' : undefined;
    },
    json: { type: 'string', pattern: durationPattern.replace('^', '^[+-]?') },
    examples: ['90s', '-5m'],
  });
}
