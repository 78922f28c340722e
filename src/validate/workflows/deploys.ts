import { programName } from '../dockerfile/shell.ts';
import { mappingOf, type Path, textOf } from '../document.ts';
import { conditionOf } from './expression/embedded.ts';
import type { Node } from './expression/parse.ts';
import { actionOf, type Job, type Step } from './model.ts';
import { scriptCommands } from './scripts.ts';

/** A place of a job that changes what others use: a push of an image, a deployment. */
export interface Deployment {
  readonly path: Path;
  /** Where the command begins in the script at `path`. */
  readonly index?: number | undefined;
  /** `pushes an image`, `runs "kubectl apply"`. */
  readonly does: string;
  /** Conditions under which it happens, beside the job's own. */
  readonly conditions: readonly Node[];
}

/** What a job deploys or pushes; nothing of what only reaches a cluster or registry that it started itself. */
export function deploymentsOf(job: Job): readonly Deployment[] {
  const isOwnCluster = job.steps.some(startsCluster);
  const inSteps = job.steps.flatMap((step) => stepDeployments(step, isOwnCluster));
  return [...environmentOf(job), ...inSteps];
}

/** kind, k3d, minikube: the cluster ends with the job. */
const startsCluster = (step: Step): boolean =>
  /kind-action|setup-minikube|setup-k3d|setup-k3s|setup-kind/.test(actionOf(step) ?? '') ||
  /\b(?:kind create cluster|k3d cluster create|minikube start)\b/.test(step.run ?? '');

/** `environment: production` or its long form. */
export function environmentName({ value }: Job): string | undefined {
  return textOf(value['environment']) ?? textOf(mappingOf(value['environment'])?.['name']);
}

function environmentOf(job: Job): readonly Deployment[] {
  const name = environmentName(job);
  if (name === undefined || !/^(?:prod|production|live)(?:[-_/ ].*)?$/i.test(name)) return [];
  const path = [...job.path, 'environment', ...(mappingOf(job.value['environment']) ? ['name'] : [])];
  return [{ path, does: `deploys to the environment "${name}"`, conditions: [] }];
}

function stepDeployments(step: Step, isOwnCluster: boolean): readonly Deployment[] {
  const own = step.value['if'] === undefined ? undefined : conditionOf(step.value['if']);
  const conditions = own ? [own] : [];
  const path = [...step.path, 'run'];
  const commands = new Map<string, number | undefined>();
  for (const { words, starts } of scriptCommands(step.run ?? '')) {
    const does = commandDoes(words, isOwnCluster);
    if (does !== undefined && !commands.has(does)) commands.set(does, starts[0]);
  }
  const byCommand = [...commands].map(([does, index]) => ({ path, index, does, conditions }));
  return [...pushOf(step, conditions), ...byCommand];
}

const pushActions: ReadonlySet<string> = new Set(['docker/build-push-action', 'docker/bake-action']);

function pushOf(step: Step, conditions: readonly Node[]): readonly Deployment[] {
  const push = step.with['push'];
  if (!pushActions.has(actionOf(step) ?? '') || push === undefined) return [];
  const condition = conditionOf(push === 'true' ? true : push === 'false' ? false : push);
  if (!condition || (condition.kind === 'literal' && condition.value !== true)) return [];
  return [
    { path: [...step.path, 'with', 'push'], does: 'pushes an image', conditions: [...conditions, condition] },
  ];
}

const dry = /^--dry-run(?:=|$)|^--(?:plan|check|help|version)$/;

/** Programs and the words after them that change a cluster. */
const clusterCommands: Readonly<Record<string, ReadonlySet<string>>> = {
  kubectl: new Set(['apply', 'create', 'replace', 'patch', 'set', 'rollout', 'delete', 'scale']),
  helm: new Set(['upgrade', 'install', 'rollback']),
};

const otherCommands: Readonly<Record<string, ReadonlySet<string>>> = {
  terraform: new Set(['apply', 'destroy']),
  tofu: new Set(['apply', 'destroy']),
  pulumi: new Set(['up', 'destroy']),
  kamal: new Set(['deploy', 'redeploy', 'rollback']),
  cutover: new Set(['deploy', 'release', 'rollback']),
};

function commandDoes(words: readonly string[], isOwnCluster: boolean): string | undefined {
  const [first, ...rest] = words;
  if (first === undefined || rest.some((word) => dry.test(word))) return undefined;
  const program = programName(first);
  if (program === 'docker' || program === 'podman') return imagePush(program, rest);
  const commands = Object.hasOwn(otherCommands, program)
    ? otherCommands[program]
    : ownless(program, isOwnCluster);
  const command = rest.find((word) => !word.startsWith('-'));
  if (command === undefined || !commands?.has(command)) return undefined;
  return rest.includes('status') || rest.includes('history') ? undefined : `runs "${program} ${command}"`;
}

const ownless = (program: string, isOwnCluster: boolean): ReadonlySet<string> | undefined =>
  isOwnCluster || !Object.hasOwn(clusterCommands, program) ? undefined : clusterCommands[program];

function imagePush(program: string, words: readonly string[]): string | undefined {
  const isLocal = words.some((word) => /^(?:localhost|127\.0\.0\.1)[:/]/.test(word));
  if (isLocal) return undefined;
  if (words[0] === 'push' || (words[0] === 'image' && words[1] === 'push')) return `runs "${program} push"`;
  return words.includes('--push') ? `runs "${program} build --push"` : undefined;
}
