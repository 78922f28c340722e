import { dirname, join, resolve } from 'node:path';
import type { Environment, ReleaseFile } from '../config/model.ts';
import { UserError } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import type { Target } from '../targets/target.ts';
import type { ReleaseRequest } from './contract.ts';

/** A chosen environment with its target opened. */
export interface OpenEnvironment {
  environment: Environment;
  target: Target;
  /** Absolute; one folder an environment. */
  stateFolder: string;
}

/** Picks the environment and opens its target; nothing is started yet. */
export async function openEnvironment(
  file: ReleaseFile,
  request: Pick<ReleaseRequest, 'configPath' | 'environment' | 'stateFolder'>,
  platform: Platform,
): Promise<OpenEnvironment> {
  const environment = chooseEnvironment(file, request.environment);
  const base = resolve(request.stateFolder ?? join(dirname(request.configPath), '.cutover'));
  const stateFolder = join(base, environment.name);
  const { openTarget } = await import('../targets/index.ts');
  const target = await openTarget({ environment, components: file.components, stateFolder, platform });
  return { environment, target, stateFolder };
}

function chooseEnvironment({ environments }: ReleaseFile, wanted: string | undefined): Environment {
  const names = Object.keys(environments);
  const name = wanted ?? (names.length === 1 ? names[0] : undefined);
  const found = name === undefined ? undefined : environments[name];
  if (found) return found;
  const message =
    wanted === undefined ? 'several environments to choose from' : `there is no environment "${wanted}"`;
  throw new UserError(`${message}: ${names.join(', ')}`, {
    next: `cutover apply --environment ${names[0] ?? ''}`,
  });
}
