import type { Color } from '../../config/model.ts';

/** A colour, or another usual word for one of two copies, at the end of a name. */
const colorEnd = /^(.+)-(blue|green)$/;

/** The colour at the end of a name: `green` of `gateway-green`. */
export const colorOfName = (name: string): Color | undefined => colorEnd.exec(name)?.[2] as Color | undefined;

/** A name without its colour: `gateway` of `gateway-green`. */
export const withoutColor = (name: string): string => colorEnd.exec(name)?.[1] ?? name;

/** The label that tells a colour, with its value. */
export function colorLabel(
  labels: Readonly<Record<string, unknown>>,
): { key: string; color: Color } | undefined {
  for (const [key, value] of Object.entries(labels)) {
    if (value === 'blue' || value === 'green') return { key, color: value };
  }
  return undefined;
}

/** Ends of names of copies of one component: colours, canaries, API versions. */
const copyEnd = /-(?:blue|green|canary|stable|primary|preview|active|standby|baseline|v\d{1,6})$/;

/** What copies of one component have in common. */
export const componentName = (name: string): string => name.replace(copyEnd, '');
