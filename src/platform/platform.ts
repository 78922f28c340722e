import { type Clock, systemClock } from './clock.ts';
import type { EventSink } from './events.ts';
import { type Files, systemFiles } from './files.ts';
import { type Http, systemHttp } from './http.ts';
import { type Processes, systemProcesses } from './processes.ts';
import { type Random, systemRandom } from './random.ts';

/** All that a stage may touch of the world outside, handed to it; tests hand in fakes (test/support). */
export interface Platform {
  clock: Clock;
  random: Random;
  files: Files;
  processes: Processes;
  http: Http;
  /** Environment variables; an empty one counts as undefined. */
  env: (name: string) => string | undefined;
  emit: EventSink;
}

/** The real world, with `emit` as the place where events go. */
export function systemPlatform(emit: EventSink): Platform {
  return {
    clock: systemClock,
    random: systemRandom,
    files: systemFiles,
    processes: systemProcesses,
    http: systemHttp,
    env: (name) => process.env[name] || undefined,
    emit,
  };
}
