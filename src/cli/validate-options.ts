import { didYouMean } from '../config/suggest.ts';
import { UsageError } from '../platform/errors.ts';
import { kubernetesVersionIn } from '../validate/cluster-version.ts';
import type { FailOn } from '../validate/stage.ts';

/** Options that only `validate` has. */
export interface ValidateOptions {
  kubernetesVersion: string | undefined;
  failOn: FailOn;
  baseline: string | undefined;
  /** What to do beside telling: nothing, write the baseline, mend, or show what would be mended. */
  action: 'check' | 'write-baseline' | 'fix' | 'show-fixes';
  sarif: string | undefined;
  junit: string | undefined;
}

type Values = Readonly<Record<string, string | boolean | undefined>>;

const levels: readonly FailOn[] = ['error', 'warning'];
const next = 'cutover validate --help';

/** @throws UsageError */
export function validateOptions(values: Values): ValidateOptions {
  const text = (name: string) => {
    const value = values[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  return Object.freeze({
    kubernetesVersion: versionOf(text('kubernetes-version')),
    failOn: failOnOf(text('fail-on')),
    baseline: text('baseline'),
    action: actionOf(values),
    sarif: text('sarif'),
    junit: text('junit'),
  });
}

function versionOf(given: string | undefined): string | undefined {
  const version = given === undefined ? undefined : kubernetesVersionIn(given);
  if (given === undefined || version !== undefined) return version;
  throw new UsageError(`--kubernetes-version: "${given}" is not a version such as 1.34`, { next });
}

function failOnOf(given: string | undefined): FailOn {
  const level = levels.find((one) => one === (given ?? 'error'));
  if (level !== undefined) return level;
  const guess = didYouMean(given ?? '', levels);
  throw new UsageError(`--fail-on: "${given}" is not one of ${levels.join(', ')}${guess}`, { next });
}

function actionOf(values: Values): ValidateOptions['action'] {
  const isSet = (name: string) => values[name] === true;
  if (isSet('dry-run') && !isSet('fix')) throw new UsageError('--dry-run needs --fix', { next });
  if (isSet('fix') && isSet('write-baseline')) {
    throw new UsageError('--fix and --write-baseline cannot be used together', { next });
  }
  if (isSet('write-baseline')) return 'write-baseline';
  if (!isSet('fix')) return 'check';
  return isSet('dry-run') ? 'show-fixes' : 'fix';
}
