import type { FaultReading } from '../../targets/fault.ts';
import type { Instance } from '../../targets/target.ts';
import type { Witnessed } from '../fault.ts';

export type SeenInstance = FaultReading['instances'][number];

/** Of what was asked, so much must be there. */
export const leastShare = 0.8;

export const idsOf = (instances: readonly Instance[]): readonly string[] => instances.map(({ id }) => id);

export const instanceIn = ({ instances }: FaultReading, id: string): SeenInstance | undefined =>
  instances.find((instance) => instance.id === id);

/** Ids of those in whose place another process runs than before. */
export function replacedIn(
  ids: readonly string[],
  { before, readings }: { before: FaultReading; readings: readonly FaultReading[] },
): readonly string[] {
  return ids.filter((id) => {
    const known = instanceIn(before, id)?.identity;
    return readings.some((reading) => {
      const now = instanceIn(reading, id);
      return known !== undefined && now?.process === 'running' && now.identity !== known;
    });
  });
}

/** How large a part of the looks shows something; NaN where nobody looked. */
export const shareOfLooks = <T>(looks: readonly T[], shows: (look: T) => boolean): number =>
  looks.filter(shows).length / looks.length;

/** Whether an amount of something was held all the while, by what was counted at each look. */
export function heldAllTheWhile(
  amounts: readonly (number | undefined)[],
  { asked, say }: { asked: number; say: (amount: number) => string },
): Witnessed {
  if (amounts.length === 0) return { seen: false, detail: 'nobody could look while it lasted' };
  if (!(asked > 0)) return { seen: false, detail: 'it is not known how much was asked' };
  const held = shareOfLooks(amounts, (amount = 0) => amount >= leastShare * asked);
  const middle = amounts.map((amount = 0) => amount).toSorted((a, b) => a - b)[amounts.length >> 1] ?? 0;
  const looks = `in ${Math.round(held * amounts.length)} of ${amounts.length} looks`;
  return {
    seen: held >= leastShare,
    detail: `${say(middle)} held of ${say(asked)} asked, enough of it ${looks}`,
    ratio: middle / asked,
  };
}
