/** Recurring times: some weekdays, from one time of day to another, on the clocks of one zone. */
export interface TimeWindow {
  /** 0 is Sunday. */
  days: readonly number[];
  /** Minutes since midnight; `to` below or equal to `from` ends on the next day. */
  from: number;
  to: number;
  /** IANA name. */
  zone: string;
  /** As it was written. */
  text: string;
}

const dayNames = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const shape = /^(\S+) ([0-2]\d):([0-5]\d)-([0-2]\d):([0-5]\d)(?: (\S+))?$/;

/** Reads `Mon-Fri 08:00-18:00 Europe/London`, `Sat,Sun 22:00-02:00` (UTC) or `daily 02:00-04:00`. */
export function parseTimeWindow(text: string): TimeWindow | undefined {
  const [, written = '', h1, m1, h2, m2, zone = 'UTC'] = shape.exec(text) ?? [];
  const days = daysIn(written);
  const from = Number(h1) * 60 + Number(m1);
  const to = Number(h2) * 60 + Number(m2);
  const inDay = from < 1440 && to <= 1440;
  return days && inDay && isZone(zone) ? { days, from, to, zone, text } : undefined;
}

function daysIn(text: string): readonly number[] | undefined {
  if (text === 'daily') return [0, 1, 2, 3, 4, 5, 6];
  const days = text.split(',').map(rangeIn);
  return days.every((range) => range !== undefined) ? [...new Set(days.flat())] : undefined;
}

function rangeIn(text: string): number[] | undefined {
  const [first = -1, last = first, ...more] = text.split('-').map(dayIndex);
  if (first < 0 || last < 0 || more.length > 0) return undefined;
  return Array.from({ length: ((last - first + 7) % 7) + 1 }, (_, index) => (first + index) % 7);
}

const dayIndex = (name: string): number => (dayNames as readonly string[]).indexOf(name);

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}

/** Whether a moment, in milliseconds since 1970, lies in the window. The start belongs to it, the end does not. */
export function isWithin({ days, from, to, zone }: TimeWindow, ms: number): boolean {
  const { day, minute } = localTime(ms, zone);
  if (to > from) return days.includes(day) && minute >= from && minute < to;
  // Over midnight: the hours after it belong to the day before.
  return (days.includes(day) && minute >= from) || (days.includes((day + 6) % 7) && minute < to);
}

function localTime(ms: number, zone: string): { day: number; minute: number } {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(ms);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  return { day: dayIndex(part('weekday')), minute: Number(part('hour')) * 60 + Number(part('minute')) };
}
