import type { Clock } from '../platform/clock.ts';
import type { EventSink, RunEvent } from '../platform/events.ts';
import { duration } from '../report/format.ts';
import {
  type Line,
  messageLine,
  progressLine,
  stageLine,
  stepLine,
  thinner,
  trafficLine,
} from './event-line.ts';
import {
  bar,
  type Env,
  harmless,
  type Paint,
  painter,
  wantsColor,
  wantsLiveLines,
} from './terminal-style.ts';

/** The part of process.stdout or process.stderr that is used. */
export interface TerminalStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface Terminal {
  emit: EventSink;
  /** Prints a text above the live lines; it ends with a line break. */
  print(text: string): void;
  readonly paint: Paint;
  /** Wipes the live lines and shows the cursor again. */
  close(): void;
}

export interface TerminalOptions {
  stream: TerminalStream;
  env: Env;
  clock: Pick<Clock, 'monotonic'>;
  /** Messages of level debug are shown. */
  detail: 'normal' | 'debug';
}

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const frameMs = 80;
const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';

/** What goes on right now. */
interface Current {
  step: string;
  since: number;
  progress: Extract<RunEvent, { type: 'progress' }> | undefined;
}

/**
 * Progress for people. On a terminal: finished steps stay, the running one turns below them with its bar and the
 * meter's last reading. Elsewhere: plain lines, and readings only every five seconds.
 */
export function terminal(options: TerminalOptions): Terminal {
  const { stream, env, clock } = options;
  const paint = painter(wantsColor(env, stream.isTTY === true));
  const live = wantsLiveLines(env, stream.isTTY === true) ? liveLines(stream, paint, clock) : undefined;
  const thin = thinner(() => clock.monotonic());
  const print = (text: string) => (live ? live.print(text) : stream.write(text));
  const line = (one: Line) => print(`${painted(one, paint)}\n`);
  const emit: EventSink = (event) => {
    live?.follow(event);
    const shown = lineOf(event, options.detail);
    if (event.type === 'output') print(paint('quiet', prefixed(event)));
    else if (shown && (!live || !isReading(event)) && thin(event) === 'show') line(shown);
  };
  return { emit, print, paint, close: () => live?.close() };
}

const isReading = ({ type }: RunEvent) => type === 'progress' || type === 'traffic';

function lineOf(event: RunEvent, detail: TerminalOptions['detail']): Line | undefined {
  switch (event.type) {
    case 'stage':
      return event.state === 'started' ? undefined : stageLine(event);
    case 'step':
      return event.state === 'started' ? undefined : stepLine(event);
    case 'progress':
      return progressLine(event);
    case 'traffic':
      return trafficLine(event);
    case 'message':
      return event.level === 'debug' && detail === 'normal' ? undefined : messageLine(event);
    case 'output':
      return undefined;
  }
}

function painted({ indent, sign, tone, text, detail }: Line, paint: Paint): string {
  const name = indent === 0 ? paint('bold', harmless(text)) : harmless(text);
  const rest = detail ? `  ${paint('quiet', harmless(detail))}` : '';
  return `${' '.repeat(indent)}${paint(tone, sign)} ${name}${rest}`;
}

const prefixed = ({ source, text }: { source: string; text: string }) =>
  harmless(text)
    .replace(/\n$/, '')
    .split('\n')
    .map((one) => `    ${source} │ ${one}\n`)
    .join('');

/** The lines at the bottom of a terminal that are drawn again and again. */
function liveLines(stream: TerminalStream, paint: Paint, clock: Pick<Clock, 'monotonic'>) {
  let current: Current | undefined;
  let traffic: Line | undefined;
  let drawn = 0;
  let frame = 0;
  const wipe = () => {
    const up = drawn > 1 ? `\u001b[${drawn - 1}A` : '';
    const text = drawn > 0 ? `\r${up}\u001b[J` : '';
    drawn = 0;
    return text;
  };
  const draw = () => {
    const lines = current ? [currentLine(current, frame, clock.monotonic(), paint)] : [];
    if (current && traffic) lines.push(painted(traffic, paint));
    drawn = lines.length;
    return lines.map((one) => clipped(one, (stream.columns ?? 80) - 1)).join('\n');
  };
  const timer = setInterval(() => {
    frame += 1;
    if (current) stream.write(wipe() + draw());
  }, frameMs);
  timer.unref();
  stream.write(hideCursor);
  return {
    follow: (event: RunEvent) => {
      current = nextCurrent(current, event, clock.monotonic());
      if (event.type === 'traffic') traffic = trafficLine(event);
      if (event.type === 'stage') traffic = undefined;
    },
    print: (text: string) => stream.write(wipe() + text + draw()),
    close: () => {
      clearInterval(timer);
      stream.write(wipe() + showCursor);
    },
  };
}

function nextCurrent(current: Current | undefined, event: RunEvent, now: number): Current | undefined {
  if (event.type === 'stage') {
    return event.state === 'started' ? { step: event.stage, since: now, progress: undefined } : undefined;
  }
  if (event.type === 'step' && event.state === 'started') {
    return { step: stepLine(event).text, since: now, progress: undefined };
  }
  if (event.type === 'progress') return { step: event.step, since: current?.since ?? now, progress: event };
  return current;
}

function currentLine({ step, since, progress }: Current, frame: number, now: number, paint: Paint): string {
  const spinner = paint('warn', frames[frame % frames.length] ?? '');
  const seconds = paint('quiet', duration(Math.round((now - since) / 100) * 100));
  const total = progress?.total;
  const share = progress && total ? ` ${paint('good', bar(progress.done / total))}` : '';
  const text = progress?.text ? ` ${paint('quiet', harmless(progress.text))}` : '';
  return `  ${spinner} ${harmless(step)}${share}${text}  ${seconds}`;
}

/** The first `width` characters; colour codes take no room. */
function clipped(text: string, width: number): string {
  const parts = text.split(/(\p{Cc}\[\d+m)/u);
  let room = width;
  return parts
    .map((part) => {
      if (part.startsWith('\u001b')) return part;
      const kept = [...part].slice(0, room);
      room -= kept.length;
      return kept.join('');
    })
    .join('');
}
