import type { Level, Place, Progress, RunEvent } from '../platform/events.ts';
import { count, duration } from '../report/format.ts';
import { verdictSign } from '../report/wording.ts';

export type Tone = 'good' | 'bad' | 'warn' | 'quiet' | 'plain';

/** One line for people, the same in every host; `tone` becomes a colour where there are colours. */
export interface Line {
  indent: number;
  sign: string;
  tone: Tone;
  text: string;
  /** Said more quietly after the text: how long it took, and why it was done. */
  detail: string;
}

type Of<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>;

const signs: Readonly<Record<Progress, { sign: string; tone: Tone }>> = {
  started: { sign: '→', tone: 'plain' },
  finished: { sign: '✓', tone: 'good' },
  failed: { sign: '✗', tone: 'bad' },
  skipped: { sign: '–', tone: 'quiet' },
};

const levels: Readonly<Record<Level, { sign: string; tone: Tone }>> = {
  debug: { sign: '·', tone: 'quiet' },
  info: { sign: '·', tone: 'plain' },
  notice: { sign: 'ℹ', tone: 'plain' },
  warning: { sign: '!', tone: 'warn' },
  error: { sign: '✗', tone: 'bad' },
};

const joined = (...parts: (string | undefined)[]) => parts.filter((part) => part).join(', ');

export function stageLine({ stage, state, verdict, text = '' }: Of<'stage'>): Line {
  const inconclusive = verdict === 'inconclusive' || verdict === 'cancelled';
  const mark = inconclusive ? { sign: verdictSign[verdict], tone: 'warn' as const } : signs[state];
  return { indent: 0, ...mark, text: stage, detail: text };
}

export function stepLine({ step, state, component, reason, ms }: Of<'step'>): Line {
  const name = component === undefined || step.includes(component) ? step : `${step} ${component}`;
  const took = ms === undefined ? undefined : duration(ms);
  return { indent: 2, ...signs[state], text: name, detail: joined(took, reason) };
}

export function progressLine({ step, done, total, text }: Of<'progress'>): Line {
  const share = total ? `${Math.min(100, Math.round((done / total) * 100))} %` : undefined;
  return { indent: 2, sign: '…', tone: 'quiet', text: step, detail: joined(share, text) };
}

export function trafficLine({ sent, failed, rate, p99Ms, byColor }: Of<'traffic'>): Line {
  const colors = Object.entries(byColor)
    .filter(([, answered]) => answered > 0)
    .map(([color, answered]) => `${color} ${count(answered)}`);
  const text = `${count(sent)} sent, ${count(failed)} failed`;
  const detail = joined(`${count(rate)}/s`, `p99 ${duration(p99Ms)}`, colors.join(', '));
  return { indent: 2, sign: '↔', tone: failed > 0 ? 'bad' : 'quiet', text, detail };
}

export function messageLine({ level, text, title, place }: Of<'message'>): Line {
  const where = place && placeText(place);
  const said = [where, title, text].filter((part) => part !== undefined).join(': ');
  return { indent: 2, ...levels[level], text: said, detail: '' };
}

/** `cutover.yml:12:9` */
export function placeText({ file, line, column }: Place): string {
  return [file, line, column].filter((part) => part !== undefined).join(':');
}

/** The line as plain text. */
export function plainLine({ indent, sign, text, detail }: Line): string {
  return `${' '.repeat(indent)}${sign} ${text}${detail && text ? ': ' : ''}${detail}`;
}

const sparingly: Readonly<Record<string, number>> = { progress: 5_000, traffic: 5_000 };

/**
 * Readings come about once a second; where lines stay (a log, a file) one in five seconds is enough. The last one of
 * something that has an end is always shown.
 */
export function thinner(now: () => number): (event: RunEvent) => 'show' | 'drop' {
  const shownAt = new Map<string, number>();
  return (event) => {
    const pause = sparingly[event.type];
    if (pause === undefined) return 'show';
    const key = event.type === 'progress' ? event.step : event.type;
    const complete = event.type === 'progress' && event.total !== undefined && event.done >= event.total;
    if (!complete && now() - (shownAt.get(key) ?? Number.NEGATIVE_INFINITY) < pause) return 'drop';
    shownAt.set(key, now());
    return 'show';
  };
}
