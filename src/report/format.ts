/** What stands where a figure would be when there is none. No data is never shown as success. */
export const notMeasured = 'not measured';

/** `18,032`; up to `decimals` digits after the point, without trailing zeros. */
export function count(value: number, decimals = 0): string {
  if (!Number.isFinite(value)) return notMeasured;
  const [whole = '0', fraction = ''] = Math.abs(value).toFixed(decimals).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const rest = fraction.replace(/0+$/, '');
  const text = rest ? `${grouped}.${rest}` : grouped;
  return value < 0 && text !== '0' ? `-${text}` : text;
}

/** Milliseconds for a person: `0.42 ms`, `4.1 ms`, `312 ms`, `1.25 s`, `2 min 5 s`. */
export function duration(ms: number | undefined): string {
  if (ms === undefined || !Number.isFinite(ms)) return notMeasured;
  const size = Math.abs(ms);
  if (size < 1) return `${count(ms, 2)} ms`;
  if (size < 100) return `${count(ms, 1)} ms`;
  if (size < 999.5) return `${count(ms)} ms`;
  if (size < 119_500) return `${count(ms / 1000, size < 10_000 ? 2 : 1)} s`;
  const seconds = Math.round(ms / 1000);
  const parts = [`${count(Math.floor(seconds / 60))} min`, `${seconds % 60} s`];
  return seconds % 60 === 0 ? (parts[0] ?? '') : parts.join(' ');
}

/** A share of 0..1 as `0.34 %`; small shares keep two significant digits, so that something is never shown as 0. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return notMeasured;
  const value = share * 100;
  if (value === 0) return '0 %';
  const decimals = value >= 10 ? 1 : Math.min(6, Math.max(2, 1 - Math.floor(Math.log10(Math.abs(value)))));
  return `${count(value, decimals)} %`;
}

/** `1 request`, `2 requests`. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** ISO 8601 or milliseconds since 1970 as `2026-11-21 02:25:29 UTC`; the text itself where it is no time. */
export function instant(time: string | number): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return String(time);
  return `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** `v2` for `2` and `v2.1.0-rc.1` for `2.1.0-rc.1`; what is no number stays as it is. */
export function versionName(version: string): string {
  return shorten(/^\d+(\.\d+)*([-+].*)?$/.test(version) ? `v${version}` : version, 60);
}

/** Time of day in UTC with milliseconds, `09:30:10.140`; the number itself where it is no time. */
export function timeOfDay(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString().slice(11, 23);
}

/** The largest of any number of values; undefined when there is none. */
export function largestOf(values: readonly number[]): number | undefined {
  return values.reduce<number | undefined>((a, b) => (a === undefined || b > a ? b : a), undefined);
}

/** At most `length` characters (code points); what was cut is said. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const kept = [...text.slice(0, 2 * length)].slice(0, length).join('');
  const rest = codePoints(text.slice(kept.length));
  return rest === 0 ? text : `${kept}… (${plural(rest, 'more character')})`;
}

function codePoints(text: string): number {
  return text.length - (text.match(/[\ud800-\udbff](?=[\udc00-\udfff])/g)?.length ?? 0);
}
