import type { TargetKind } from '../config/model.ts';
import type { TargetFactory } from './target.ts';

/** Every kind of target, loaded when it is needed: the client of one costs the start of the others nothing. */
export const targets: Readonly<Record<TargetKind, () => Promise<TargetFactory>>> = {
  local: async () => (await import('./local/index.ts')).openTarget,
};

/** Opens the target of an environment; starts nothing that `plan` or `status` would not need. */
export const openTarget: TargetFactory = async (options) =>
  (await targets[options.environment.target]())(options);
