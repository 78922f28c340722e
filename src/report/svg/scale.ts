/** Maps a measured value to a coordinate of the drawing. */
export type Scale = (value: number) => number;

/** A coordinate with one digit after the point. */
export const px = (value: number): number => Math.round(value * 10) / 10;

export function linear(
  [from, to]: readonly [number, number],
  [start, end]: readonly [number, number],
): Scale {
  const width = to - from || 1;
  return (value) => px(start + ((value - from) / width) * (end - start));
}

export function logarithmic([from, to]: readonly [number, number], range: readonly [number, number]): Scale {
  const scale = linear([Math.log10(from), Math.log10(to)], range);
  return (value) => scale(Math.log10(Math.max(value, from)));
}

/** A round step (1, 2 or 5 times a power of ten) that divides a span into about `parts`. */
export function niceStep(span: number, parts: number): number {
  const rough = Math.max(span, Number.MIN_VALUE) / parts;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((one) => one * power >= rough * 0.999) ?? 10;
  return factor * power;
}

/** Multiples of a round step from `from` to `to`; never many, whatever the bounds. */
export function ticks(from: number, to: number, parts: number): readonly number[] {
  const step = niceStep(to - from, parts);
  const first = Math.ceil(from / step - 1e-9);
  return Array.from({ length: 2 * parts + 3 }, (_, n) => Number(((first + n) * step).toPrecision(12))).filter(
    (value) => Number.isFinite(value) && value <= to + step * 1e-9,
  );
}

/** 1, 2, 5, 10, 20, … between two bounds; only powers of ten where those are many. */
export function logTicks(from: number, to: number): readonly number[] {
  const decades = Math.log10(to / from);
  const factors = decades > 3 ? [1] : [1, 2, 5];
  const list: number[] = [];
  for (let e = Math.floor(Math.log10(from)); e <= Math.ceil(Math.log10(to)); e += 1) {
    for (const factor of factors) list.push(Number((factor * 10 ** e).toPrecision(3)));
  }
  return list.filter((value) => value >= from * 0.999 && value <= to * 1.001);
}
