import * as v from 'valibot';
import { choice } from '../../config/schema/fields.ts';
import { faultKind } from '../fault.ts';
import { idsOf, instanceIn, type SeenInstance } from './readings.ts';

/** One signal; what supervises the processes is to notice and start new ones. */
export const kill = faultKind({
  kind: 'kill',
  description: 'Ends processes with a signal, as a crash or the out-of-memory killer would.',
  example: `
- name: a gateway crashes
  fault: { kind: kill, component: gateway, count: 1 }
  expect: { error-rate: <1%, recovery: <30s }
`,
  seenBy: 'The process is gone, or another one runs in its place.',
  limits:
    'One signal, so what supervises the processes heals it; that is what is tested. A process that catches SIGTERM and stays is not seen to have ended.',
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
    instances: idsOf(chosen),
  }),
  witness: ({ signal }, { before, during }, { chosen }) => {
    const ended = chosen.filter(({ id }) => {
      const known = instanceIn(before.reading, id);
      return known && during.readings.some((reading) => hasEnded(known, instanceIn(reading, id)));
    });
    const detail = `${signal} ended ${ended.length} of ${chosen.length} ${chosen.length === 1 ? 'process' : 'processes'}`;
    return { seen: ended.length === chosen.length, detail, ratio: ended.length / chosen.length };
  },
});

/** Gone, or another process has taken its place: what is counted is this one process, not the instance's name. */
function hasEnded(before: SeenInstance, now: SeenInstance | undefined): boolean {
  return (
    before.process !== 'gone' &&
    (now === undefined || now.process === 'gone' || now.identity !== before.identity)
  );
}
