import * as v from 'valibot';
import { percentage } from '../../config/schema/fields.ts';
import type { Disturbance, NetworkEffect } from '../../targets/fault.ts';
import type { FaultAim } from '../fault.ts';

/** A share of nothing would be no fault. */
const leastShare = 0.001;

/** The key `share` of faults that hit some of the requests. */
export const affectedShare = (description: string) =>
  v.optional(percentage(description, [leastShare, 1]), '100%');

/** An effect on the way to the whole colour. */
export const networkEffect = ({ component, color }: FaultAim, effect: NetworkEffect): Disturbance => ({
  kind: 'network',
  component: component.name,
  color,
  instances: 'all',
  effect,
});
