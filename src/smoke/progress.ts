import type { RunEvent } from '../platform/events.ts';
import type { Platform } from '../platform/platform.ts';
import type { Verdict } from '../platform/verdict.ts';
import type { CheckRecord } from '../report/proof.ts';

type State = Extract<RunEvent, { type: 'step' }>['state'];

const stateOf: Readonly<Record<Verdict, State>> = {
  passed: 'finished',
  failed: 'failed',
  inconclusive: 'skipped',
  cancelled: 'skipped',
};

/** Tells how a check ended, as soon as it has. */
export function tell(
  { name, component, verdict, finding, detail, next, durationMs }: CheckRecord,
  { emit }: Platform,
): void {
  const reason = finding === undefined ? detail : `${finding}: ${detail}`;
  emit({
    type: 'step',
    step: name,
    state: stateOf[verdict],
    ...(component === undefined ? {} : { component }),
    reason,
    ms: durationMs,
  });
  if (next !== undefined) emit({ type: 'message', level: 'info', text: `${name}: ${next}` });
  if (finding === 'flaky-recovered')
    emit({ type: 'message', level: 'warning', text: `${name} is flaky: ${detail}` });
}
