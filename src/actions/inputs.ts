import { duration, type InputKind, oneOf, text, textOr, trueOrFalse } from '../hosts/inputs.ts';
import { provingStages } from '../release/proofs.ts';
import { kubernetesVersionIn } from '../validate/cluster-version.ts';

/** What the post step needs to find an interrupted run again. */
export const placeInputs = {
  file: textOr('cutover.yml'),
  environment: text,
  'state-folder': text,
  'report-folder': text,
};

/** `actions/rollback` */
export const rollbackInputs = { ...placeInputs, bake: duration };

/** Words of a fixed list, with commas or blanks between them. */
const someOf = <const W extends string>(words: readonly W[]): InputKind<readonly W[]> => ({
  allowed: `some of ${words.join(', ')}`,
  words,
  fallback: [],
  read: (given) => {
    const found = given.split(/[\s,]+/).filter((word) => word !== '');
    const known = found.flatMap((word) => words.find((one) => one === word) ?? []);
    return known.length === found.length ? known : undefined;
  },
});

const goingForward = {
  ...rollbackInputs,
  version: text,
  sha: text,
  'allow-older': trueOrFalse('no'),
  skip: someOf(provingStages),
};

/** The root action: a whole release. */
export const releaseInputs = {
  ...goingForward,
  mode: oneOf(['apply', 'plan'], 'apply'),
  validate: trueOrFalse('yes'),
};

/** `actions/cutover` */
export const cutoverInputs = {
  ...goingForward,
  mode: oneOf(['apply', 'plan', 'rollback', 'recover'], 'apply'),
};

/** One of them a line, or with blanks between them. */
const listOfPaths: InputKind<readonly string[]> = {
  allowed: 'paths, one a line',
  fallback: [],
  read: (given) =>
    given
      .split(given.includes('\n') ? '\n' : /\s+/)
      .map((path) => path.trim())
      .filter((path) => path !== ''),
};

const kubernetesVersion: InputKind<string | undefined> = {
  allowed: 'a version such as 1.34',
  fallback: undefined,
  read: kubernetesVersionIn,
};

/** `actions/validate` */
export const validateInputs = {
  file: textOr('cutover.yml'),
  paths: listOfPaths,
  environment: text,
  'kubernetes-version': kubernetesVersion,
  'fail-on': oneOf(['error', 'warning'], 'error'),
  baseline: text,
  'sarif-file': textOr('.cutover/validate/findings.sarif'),
  'junit-file': text,
  summary: trueOrFalse('yes'),
};

/** Names, one a line: they may hold blanks. */
const listOfNames: InputKind<readonly string[]> = {
  allowed: 'names, one a line',
  fallback: [],
  read: (given) =>
    given
      .split('\n')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
};

/** `actions/smoke` */
export const smokeInputs = {
  ...placeInputs,
  url: text,
  'expect-status': text,
  aim: oneOf(['live', 'standby'], 'live'),
  checks: listOfNames,
  version: text,
};

/** `actions/chaos` */
export const chaosInputs = {
  ...placeInputs,
  mode: oneOf(['run', 'plan', 'revert'], 'run'),
  experiments: listOfNames,
  aim: oneOf(['', 'live', 'standby'], ''),
  seed: text,
  toolkit: text,
};

/** The inputs of each action, by its folder; action.yml lists the same ones with the same defaults. */
export const inputsByAction = {
  '.': releaseInputs,
  'actions/cutover': cutoverInputs,
  'actions/rollback': rollbackInputs,
  'actions/setup': {},
  'actions/smoke': smokeInputs,
  'actions/chaos': chaosInputs,
  'actions/validate': validateInputs,
};
