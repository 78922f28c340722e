import type { Clock } from '../platform/clock.ts';
import type { EventSink, RunEvent } from '../platform/events.ts';
import type { Random } from '../platform/random.ts';
import type { Annotation } from './annotations.ts';
import {
  type Line,
  messageLine,
  plainLine,
  progressLine,
  stageLine,
  stepLine,
  thinner,
  trafficLine,
} from './event-line.ts';
import { actsAsCommand, guarded } from './guard.ts';

/** What the log needs of the runner's commands. */
export interface LogCommands {
  startGroup(name: string): void;
  endGroup(): void;
  /** Writes a line as it is, without any escaping. */
  info(text: string): void;
  debug(text: string): void;
}

export interface GitHubLog {
  emit: EventSink;
  /** A line of ours; whatever it quotes cannot act as a command. */
  say(text: string): void;
  /** Everything that was said at level notice or worse, for annotations. */
  readonly annotations: Annotation[];
  /** Ends an open group. */
  close(): void;
}

/** The event stream as a workflow log: a group for each stage, application output between guards. */
export function githubLog(
  commands: LogCommands,
  { random, clock }: { random: Random; clock: Clock },
): GitHubLog {
  const annotations: Annotation[] = [];
  const thin = thinner(() => clock.monotonic());
  let open = false;
  const say = (text: string) => commands.info(actsAsCommand(text) ? guarded(text, random.hex(16)) : text);
  const line = (one: Line) => say(plainLine(one));
  const close = () => {
    if (open) commands.endGroup();
    open = false;
  };
  const stage = (event: Extract<RunEvent, { type: 'stage' }>) => {
    close();
    if (event.state !== 'started') return line(stageLine(event));
    open = true;
    commands.startGroup(event.stage);
  };
  const message = (event: Extract<RunEvent, { type: 'message' }>) => {
    const { level, text, title, place } = event;
    if (level === 'debug') return commands.debug(text);
    if (level !== 'info') {
      annotations.push({
        level,
        text,
        ...(title === undefined ? {} : { title }),
        ...(place ? { place } : {}),
      });
    }
    line(messageLine(event));
  };
  const emit: EventSink = (event) => {
    if (thin(event) === 'drop') return;
    if (event.type === 'stage') stage(event);
    else if (event.type === 'message') message(event);
    else if (event.type === 'progress') line(progressLine(event));
    else if (event.type === 'traffic') line(trafficLine(event));
    else if (event.type === 'output') commands.info(guarded(prefixed(event), random.hex(16)));
    else if (event.state !== 'started') line(stepLine(event));
  };
  return { emit, say, annotations, close };
}

const prefixed = ({ source, text }: { source: string; text: string }) =>
  text
    .replace(/\n$/, '')
    .split('\n')
    .map((one) => `${source} | ${one}`)
    .join('\n');
