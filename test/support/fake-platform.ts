import type { RunEvent } from '../../src/platform/events.ts';
import type { Platform } from '../../src/platform/platform.ts';
import { type FakeClock, fakeClock } from './fake-clock.ts';
import { type FakeFiles, fakeFiles } from './fake-files.ts';
import { fakeHttp } from './fake-http.ts';
import { type FakeProcesses, fakeProcesses } from './fake-processes.ts';
import { fakeRandom } from './fake-random.ts';

export interface FakePlatform extends Platform {
  clock: FakeClock;
  files: FakeFiles;
  processes: FakeProcesses;
  /** Everything that was emitted, in order. */
  readonly events: RunEvent[];
}

/** A world without clock, network, files or processes; parts of it can be given. */
export function fakePlatform(
  parts: Partial<Omit<FakePlatform, 'env' | 'emit' | 'events'>> & { env?: Record<string, string> } = {},
): FakePlatform {
  const events: RunEvent[] = [];
  const { env = {}, ...rest } = parts;
  return {
    clock: fakeClock(),
    random: fakeRandom(),
    files: fakeFiles(),
    processes: fakeProcesses(),
    http: fakeHttp(() => undefined),
    ...rest,
    env: (name) => env[name] || undefined,
    emit: (event) => {
      events.push(event);
    },
    events,
  };
}
