import type { Deed } from './deed.ts';
import type { Form } from './form.ts';
import { providers, providerTypes } from './providers/index.ts';
import type { Reading } from './reading.ts';
import { readTolerance } from './tolerance/read.ts';
import type { Tolerance } from './tolerance/tolerance.ts';

/** One action or probe of an experiment. Times in milliseconds. */
export interface Activity {
  type: 'action' | 'probe';
  name: string;
  isBackground: boolean;
  pauses: { beforeMs: number; afterMs: number };
  deed: Deed;
  tolerance: Tolerance | undefined;
  /** As it is written, for the journal. */
  written: unknown;
}

/** Reads an activity; undefined when something is wrong with it, which was collected. */
export function readActivity(form: Form, reading: Reading): Activity | undefined {
  if (!form.isMapping) return form.refuse('an activity has to be a mapping');
  refuseControls(form);
  const type = form.choice('type', ['action', 'probe']);
  if (!form.at('type')) form.refuse('type is missing', 'action or probe');
  const name = form.needText('name');
  const deed = readDeed(form, reading);
  const tolerance = form.at('tolerance');
  const rest = {
    isBackground: form.truth('background') ?? false,
    pauses: pausesIn(form),
    tolerance: tolerance && readTolerance(tolerance, (probe) => readDeed(probe, reading)),
    written: form.value,
  };
  return type && deed && name !== undefined ? { type, name, deed, ...rest } : undefined;
}

function readDeed(form: Form, reading: Reading): Deed | undefined {
  const provider = form.mapping('provider');
  if (!provider)
    return form.at('provider') ? undefined : form.refuse('provider is missing', 'provider with a type');
  if (!provider.at('type')) return provider.refuse('type is missing', providerTypes.join(', '));
  const type = provider.choice('type', providerTypes);
  return type && providers[type](provider, reading);
}

/** What a control does is code of others that is called all along the way. */
export function refuseControls(form: Form): void {
  for (const control of form.list('controls')) {
    const name = control.isMapping ? control.at('name')?.value : undefined;
    control.refuse(
      `controls are not supported: ${typeof name === 'string' ? name : 'one without a name'}`,
      'no controls',
    );
  }
}

function pausesIn(form: Form): Activity['pauses'] {
  const pauses = form.mapping('pauses');
  const msOf = (key: string): number => (pauses?.amount(key) ?? 0) * 1_000;
  return { beforeMs: msOf('before'), afterMs: msOf('after') };
}
