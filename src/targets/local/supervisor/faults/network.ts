import type { Color } from '../../../target.ts';
import type { LocalFault, Of, Placed, Scene } from './kind.ts';

type Network = Of<'network'>;

const isNetwork = (fault: Placed): fault is Placed<Network> => fault.what.kind === 'network';

/** In the proxy, which is part of the supervisor: the effect ends with it, so no agent has to watch. */
export const networkFault: LocalFault<Network> = {
  obstacle: async () => undefined,
  inject: async (fault, scene) => setAll(fault.what, scene.active(), scene),
  revert: async (fault, scene) => {
    const others = scene.active().filter(({ id }) => id !== fault.id);
    const proxy = scene.proxy(fault.what.component);
    const had = proxy?.faultCounts(fault.id) !== undefined;
    setAll(fault.what, others, scene);
    if (proxy?.faultCounts(fault.id)) throw new Error('the proxy still has the effect');
    return had ? 'reverted' : 'gone';
  },
  counts: async (fault, scene) => {
    const counts = scene.proxy(fault.what.component)?.faultCounts(fault.id);
    return {
      touched: counts?.touched,
      passedBytes: fault.what.effect.effect === 'bandwidth' ? counts?.passedBytes : undefined,
    };
  },
};

function setAll(where: { component: string; color: Color }, faults: readonly Placed[], scene: Scene): void {
  const here = faults
    .filter(isNetwork)
    .filter(({ what }) => what.component === where.component && what.color === where.color);
  const effects = here.map(({ id, what }) => ({ id, instances: what.instances, effect: what.effect }));
  scene.proxy(where.component)?.setFaults(where.color, effects);
}
