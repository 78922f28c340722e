import type { ChaosOutcome, ChaosRequest } from '../chaos/request.ts';
import { runChaos } from '../chaos/run.ts';
import type { Experiment } from '../chaos/schema.ts';
import type { ReleaseFile } from '../config/model.ts';
import type { Platform } from '../platform/platform.ts';
import { targetAim } from '../smoke/aim.ts';
import { Redaction } from '../smoke/redaction.ts';
import type { Color, Target } from '../targets/target.ts';
import { startMeter, steadyChecks } from './checks.ts';

export interface ExperimentsRun {
  mode: 'run' | 'plan';
  /** What `${release.…}` stands for in it is the release that the experiments are about. */
  file: ReleaseFile;
  /** The file as the release at an aim wants it: checks there ask for its version. */
  fileAt: (aim: Experiment['aim']) => Promise<ReleaseFile>;
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
export const runExperiments = (run: ExperimentsRun): Promise<ChaosOutcome> => redacted(run, runChaos);

/**
 * Asks the stage chaos for something. Values that the release file took from the environment are in nothing that is told of
 * it, on the way or at its end.
 */
export async function redacted<T>(
  run: ExperimentsRun,
  act: (request: ChaosRequest) => Promise<T>,
): Promise<T> {
  const redaction = new Redaction(run.file.secrets);
  const platform: Platform = { ...run.platform, emit: (event) => run.platform.emit(redaction.all(event)) };
  return redaction.all(await act(requestOf(run, platform)));
}

/** What the stage chaos is asked. */
function requestOf(run: ExperimentsRun, platform: Platform): ChaosRequest {
  const { file, fileAt, environment, target, colors, ...rest } = run;
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
      const asked = await fileAt(what);
      const aim = await targetAim({
        target,
        components: asked.components,
        what,
        ...(colors ? { colors } : {}),
      });
      return steadyChecks({ file: asked, names, aim, platform, signal });
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
