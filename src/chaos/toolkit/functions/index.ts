import { deployments } from './deployments.ts';
import type { ToolkitFunction } from './function.ts';
import { kills } from './kills.ts';
import { pods } from './pods.ts';
import { services } from './services.ts';

/** All functions of Chaos Toolkit's extensions that have a meaning here: a file a group, a line a file. */
const functions: readonly ToolkitFunction[] = [...kills, ...pods, ...deployments, ...services];

export const toolkitFunctions: Readonly<Record<string, ToolkitFunction>> = Object.fromEntries(
  functions.flatMap((one) => one.names.map((name) => [name, one])),
);

export const functionNames: readonly string[] = Object.keys(toolkitFunctions);

const size = 'the release file says how many instances there are';
const makes = 'what runs is made by a release, not by an experiment';

/** Why some that many experiments use have no meaning. */
export const refusedFunctions: Readonly<Record<string, string>> = {
  'chaosk8s.deployment.actions.scale_deployment': size,
  'chaosk8s.actions.scale_microservice': size,
  'chaosk8s.statefulset.actions.scale_statefulset': size,
  'chaosk8s.deployment.actions.create_deployment': makes,
  'chaosk8s.actions.start_microservice': makes,
  'chaosk8s.deployment.actions.delete_deployment': makes,
  'chaosk8s.deployment.actions.rollout_deployment': makes,
};
