const shape = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Whether a text is a day of the calendar, written `2026-12-31`. */
export function isDay(text: string): boolean {
  const [, year, month, day] = shape.exec(text) ?? [];
  if (year === undefined) return false;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.toISOString().startsWith(`${year}-${month}-${day}`);
}

/** Whether the last day on which something counts is over, in UTC. `now` in milliseconds since 1970. */
export const isOver = (until: string, now: number): boolean =>
  new Date(now).toISOString().slice(0, 10) > until;
