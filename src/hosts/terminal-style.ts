import { stripVTControlCharacters } from 'node:util';
import type { Tone } from './event-line.ts';

export type Env = (name: string) => string | undefined;

/** Puts colour around a text, or leaves it alone. */
export type Paint = (tone: Tone | 'bold', text: string) => string;

const codes: Readonly<Record<Tone | 'bold', [open: number, close: number] | undefined>> = {
  good: [32, 39],
  bad: [31, 39],
  warn: [33, 39],
  quiet: [2, 22],
  bold: [1, 22],
  plain: undefined,
};

/**
 * Whether to use colours: FORCE_COLOR wins (`0` and `false` mean no), then NO_COLOR (no-color.org: any text means no),
 * then whether a terminal is there that can show them.
 */
export function wantsColor(env: Env, isTerminal: boolean): boolean {
  const forced = env('FORCE_COLOR');
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if (env('NO_COLOR') !== undefined) return false;
  return isTerminal && env('TERM') !== 'dumb';
}

/** Whether lines may be drawn over: on a terminal that knows how, and not in a CI job that keeps what it is sent. */
export function wantsLiveLines(env: Env, isTerminal: boolean): boolean {
  return isTerminal && env('TERM') !== 'dumb' && env('CI') === undefined;
}

export const painter =
  (color: boolean): Paint =>
  (tone, text) => {
    const code = codes[tone];
    return color && code && text ? `\u001b[${code[0]}m${text}\u001b[${code[1]}m` : text;
  };

/** Text of others without anything that could move the cursor, clear the screen or set a title. */
export function harmless(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll('\r\n', '\n')
    .replace(/[\p{Cc}\u2028\u2029\p{Bidi_Control}]/gu, (one) => (one === '\n' || one === '\t' ? one : ''));
}

/** `████████░░░░░░░░`, for a share from 0 to 1. */
export function bar(share: number, width = 16): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * width);
  return '█'.repeat(full) + '░'.repeat(width - full);
}
