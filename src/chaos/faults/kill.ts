import * as v from 'valibot';
import { choice } from '../../config/schema/fields.ts';
import type { FaultReading } from '../../targets/fault.ts';
import { faultKind } from '../fault.ts';

type Seen = FaultReading['instances'][number];

/** One signal; what supervises the processes is to notice and start new ones. */
export const kill = faultKind({
  kind: 'kill',
  description: 'Ends processes with a signal, as a crash or the out-of-memory killer would.',
  entries: {
    signal: v.optional(
      choice('The signal they get.', ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR1']),
      'SIGKILL',
    ),
  },
  hits: 'instances',
  takesDown: true,
  support: {
    local: { permission: 'none', how: 'the supervisor signals the process group of the instance' },
  },
  disturbance: ({ signal }, { chosen }) => ({
    kind: 'signal',
    signal,
    instances: chosen.map(({ id }) => id),
  }),
  witness: ({ signal }, { before, during }, { chosen }) => {
    const ended = chosen.filter(({ id }) => {
      const known = find(before.reading, id);
      return known && during.readings.some((reading) => hasEnded(known, find(reading, id)));
    });
    const detail = `${signal} ended ${ended.length} of ${chosen.length} ${chosen.length === 1 ? 'process' : 'processes'}`;
    return { seen: ended.length === chosen.length, detail, ratio: ended.length / chosen.length };
  },
});

const find = ({ instances }: FaultReading, id: string): Seen | undefined =>
  instances.find((instance) => instance.id === id);

/** Gone, or another process has taken its place: what is counted is this one process, not the instance's name. */
function hasEnded(before: Seen, now: Seen | undefined): boolean {
  return (
    before.process !== 'gone' &&
    (now === undefined || now.process === 'gone' || now.identity !== before.identity)
  );
}
