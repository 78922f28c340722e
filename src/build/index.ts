import type { BuildEngine } from './engine.ts';

export type { BuildEngine, BuildSource } from './engine.ts';

/** Every way to build a component, loaded when it is needed. */
const engines = {
  pack: async (): Promise<BuildEngine> => (await import('./engines/pack.ts')).pack,
};

export type BuildKind = keyof typeof engines;

export const buildKinds = Object.keys(engines) as readonly BuildKind[];

export const buildEngine = (kind: BuildKind): Promise<BuildEngine> => engines[kind]();
