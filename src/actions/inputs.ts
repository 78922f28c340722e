import { duration, oneOf, text, textOr, trueOrFalse } from '../hosts/inputs.ts';

/** What the post step needs to find an interrupted run again. */
export const placeInputs = {
  file: textOr('cutover.yml'),
  environment: text,
  'state-folder': text,
  'report-folder': text,
};

/** `actions/rollback` */
export const rollbackInputs = { ...placeInputs, bake: duration };

/** The root action: a whole release. */
export const releaseInputs = {
  ...rollbackInputs,
  mode: oneOf(['apply', 'plan'], 'apply'),
  version: text,
  sha: text,
  'allow-older': trueOrFalse('no'),
};

/** `actions/cutover` */
export const cutoverInputs = {
  ...releaseInputs,
  mode: oneOf(['apply', 'plan', 'rollback', 'recover'], 'apply'),
};

/** The inputs of each action, by its folder; action.yml lists the same ones with the same defaults. */
export const inputsByAction = {
  '.': releaseInputs,
  'actions/cutover': cutoverInputs,
  'actions/rollback': rollbackInputs,
  'actions/setup': {},
};
