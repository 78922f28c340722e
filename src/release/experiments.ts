import type { ChaosOutcome, ChaosRequest } from '../chaos/request.ts';
import { runChaos } from '../chaos/run.ts';
import type { Experiment } from '../chaos/schema.ts';
import type { ReleaseFile } from '../config/model.ts';
import type { Platform } from '../platform/platform.ts';
import { targetAim } from '../smoke/aim.ts';
import type { Color, Target } from '../targets/target.ts';
import { startMeter, steadyChecks } from './checks.ts';

export interface ExperimentsRun {
  mode: 'run' | 'plan';
  file: ReleaseFile;
  environment: string;
  experiments: readonly Experiment[];
  target: Target;
  platform: Platform;
  seed: string | undefined;
  holder: string;
  /** The standby colour of each component, where a cutover knows it. */
  colors?: Readonly<Record<string, Color>>;
  /** Of the lease that the caller holds; undefined: it is acquired for the run. */
  token: number | undefined;
  signal: AbortSignal;
}

/** Experiments of the stage chaos, with the checks of the stage smoke as their steady state. */
export const runExperiments = (run: ExperimentsRun): Promise<ChaosOutcome> => runChaos(requestOf(run));

/** What the stage chaos is asked. */
export function requestOf(run: ExperimentsRun): ChaosRequest {
  const { file, environment, target, platform, colors, ...rest } = run;
  const { components, slo, environments } = file;
  return {
    ...rest,
    target,
    platform,
    components,
    slo,
    protect: environments[environment]?.protect ?? noProtection,
    startMeter,
    ...(colors ? { standby: colors } : {}),
    checks: async ({ names, aim: what, signal }) => {
      const aim = await targetAim({ target, components, what, ...(colors ? { colors } : {}) });
      return steadyChecks({ file, names, aim, platform, signal });
    },
  };
}

const noProtection = {
  minHealthy: undefined,
  maxPercent: undefined,
  components: undefined,
  lastReplica: 'refuse',
  window: undefined,
} as const;
