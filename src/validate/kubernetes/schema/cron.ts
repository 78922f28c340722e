/** Schedules as the CronJob controller reads them (robfig/cron, standard parser: five fields or a descriptor). */

const descriptors = new Set([
  '@yearly',
  '@annually',
  '@monthly',
  '@weekly',
  '@daily',
  '@midnight',
  '@hourly',
]);
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

interface Field {
  name: string;
  least: number;
  most: number;
  words: readonly string[];
  /** The number of the first word. */
  first: number;
}

const fields: readonly Field[] = [
  { name: 'minute', least: 0, most: 59, words: [], first: 0 },
  { name: 'hour', least: 0, most: 23, words: [], first: 0 },
  { name: 'day of the month', least: 1, most: 31, words: [], first: 0 },
  { name: 'month', least: 1, most: 12, words: months, first: 1 },
  { name: 'day of the week', least: 0, most: 6, words: days, first: 0 },
];

/** What is wrong with a schedule, as a sentence; undefined where it is one. */
export function cronFault(value: string | number): string | undefined {
  const text = String(value).trim();
  if (/^(CRON_)?TZ=/.test(text)) return 'names a time zone, which belongs into timeZone';
  if (text.startsWith('@')) return descriptorFault(text);
  const parts = text.split(/\s+/);
  if (parts.length !== 5) return `"${value}" has ${parts.length} fields, a schedule has 5`;
  for (const [index, field] of fields.entries()) {
    const part = parts[index] ?? '';
    if (!part.split(',').every((range) => rangeFits(range, field))) {
      return `"${part}" is not ${field.name === 'hour' ? 'an' : 'a'} ${field.name}: ${field.least} to ${field.most}, "*", a range or a list`;
    }
  }
  return undefined;
}

function descriptorFault(text: string): string | undefined {
  if (descriptors.has(text)) return undefined;
  const every = /^@every\s+(\S+)$/.exec(text)?.[1];
  if (every !== undefined && /^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(every)) return undefined;
  return `"${text}" is not a schedule: it takes five fields, or one of ${[...descriptors].join(', ')}`;
}

function rangeFits(range: string, field: Field): boolean {
  const [span = '', step, ...more] = range.split('/');
  if (more.length > 0 || (step !== undefined && !/^[1-9]\d{0,3}$/.test(step))) return false;
  if (span === '*' || span === '?') return true;
  const [from, to, ...rest] = span.split('-').map((word) => numberOf(word, field));
  if (rest.length > 0 || from === undefined) return false;
  return span.includes('-') ? to !== undefined && from <= to : true;
}

function numberOf(word: string, field: Field): number | undefined {
  const named = field.words.indexOf(word.toLowerCase());
  const number = named >= 0 ? named + field.first : /^\d{1,4}$/.test(word) ? Number(word) : Number.NaN;
  return number >= field.least && number <= field.most ? number : undefined;
}
