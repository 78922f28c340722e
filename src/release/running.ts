import { otherColor, type ReleaseRef, type Target } from '../targets/target.ts';

/**
 * The release that runs at an aim, which is what `${release.…}` stands for in what is asked of it there; undefined: nothing
 * does. Several components have one release each; the first one's counts.
 */
export async function releaseAt(
  target: Pick<Target, 'inspect'>,
  aim: 'live' | 'standby',
): Promise<ReleaseRef | undefined> {
  const components = Object.values((await target.inspect()).components);
  const found = components.flatMap(({ route: { live }, colors }) => {
    if (aim === 'live') return (live && colors[live].release) ?? [];
    const standby = live ? [colors[otherColor[live]]] : [colors.blue, colors.green];
    return standby.flatMap(({ status, release }) => (status === 'absent' ? [] : (release ?? [])));
  });
  return found[0];
}
