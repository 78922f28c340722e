import { conditionOf, nodesIn, referencesIn } from '../expression/embedded.ts';
import type { Node } from '../expression/parse.ts';
import type { Job, Workflow } from '../model.ts';
import { closureOf, inOrder } from '../needs.ts';
import { evaluate, isStatusCall } from './evaluate.ts';
import type { Trigger } from './triggers.ts';
import { known, truthOf, unknown } from './value.ts';
import { mentionsIn, type World, worldsOf } from './worlds.ts';

/** Why a job can never run. */
export type Reason =
  | { readonly kind: 'contradiction' }
  | { readonly kind: 'triggers' }
  | { readonly kind: 'implied-success' }
  | { readonly kind: 'failure-of-nothing' }
  | { readonly kind: 'needs'; readonly need: string | undefined };

type Runs = 'yes' | 'no' | 'maybe';
type Result = 'success' | 'failure' | 'cancelled' | 'skipped';

const anyResult: readonly Result[] = ['success', 'failure', 'cancelled', 'skipped'];
const ranResults: readonly Result[] = ['success', 'failure', 'cancelled'];

/** What the question is asked about. */
interface Question {
  readonly workflow: Workflow;
  readonly triggers: readonly Trigger[];
  /** Jobs of which nothing is assumed: they are told by themselves, or left out to see whether they matter. */
  readonly free: ReadonlySet<string>;
  /** Whether `success()` is left away where GitHub adds it. */
  readonly impliesSuccess: boolean;
}

/** Jobs that run under no circumstances, and why. Never told where it is not certain, nor of what only follows from another. */
export function neverRunning(workflow: Workflow): ReadonlyMap<Job, Reason> {
  const found = new Map<Job, Reason>();
  const triggers = triggersOf(workflow);
  const free = new Set<string>();
  if (triggers.length === 0) return found;
  for (const job of inOrder(workflow)) {
    const question: Question = { workflow, triggers, free, impliesSuccess: true };
    if (canRun(job, question)) continue;
    if (!isSwitchedOff(job)) found.set(job, reasonOf(job, question));
    free.add(job.id);
  }
  return found;
}

function triggersOf({ events }: Workflow): readonly Trigger[] {
  if (events.has('workflow_call')) return [{ event: undefined, filter: {} }];
  return [...events].map(([event, filter]) => ({ event, filter }));
}

/** `if: false` is meant. */
function isSwitchedOff(job: Job): boolean {
  const condition = conditionOf(job.value['if']);
  return condition?.kind === 'literal' || (condition?.kind === 'binary' && isGuard(condition));
}

/** `false && …` switches off what was there. */
const isGuard = ({ operator, left, right }: Node & { kind: 'binary' }): boolean =>
  operator === '&&' && (left.kind === 'literal' || right.kind === 'literal');

function reasonOf(job: Job, question: Question): Reason {
  const needs = new Set(job.needs);
  const alone: Question = { ...question, free: new Set([...question.free, ...needs]) };
  if (canRun(job, alone))
    return { kind: 'needs', need: job.needs.find((need) => blocks(job, need, question)) };
  if (canRun(job, { ...alone, impliesSuccess: false })) return { kind: 'implied-success' };
  if (needs.size === 0 && callsFailure(job)) return { kind: 'failure-of-nothing' };
  const anything: Trigger = { event: undefined, filter: {} };
  return { kind: canRun(job, { ...alone, triggers: [anything] }) ? 'triggers' : 'contradiction' };
}

function blocks(job: Job, need: string, question: Question): boolean {
  const others = job.needs.filter((id) => id !== need);
  return !canRun(job, { ...question, free: new Set([...question.free, ...others]) });
}

function callsFailure(job: Job): boolean {
  const condition = conditionOf(job.value['if']);
  const calls = condition ? [...nodesIn(condition)] : [];
  return calls.some((node) => node.kind === 'call' && node.name.toLowerCase() === 'failure');
}

/** Whether a job (and what stands under more conditions in it) can run when the event fires; true where nothing rules it out. */
export function canRunOn(workflow: Workflow, job: Job, event: string, more: readonly Node[] = []): boolean {
  const filter = workflow.events.get(event);
  if (!filter) return false;
  const question: Question = {
    workflow,
    triggers: [{ event, filter }],
    free: new Set(),
    impliesSuccess: true,
  };
  return canRun(job, question, more);
}

function canRun(job: Job, question: Question, more: readonly Node[] = []): boolean {
  const jobs = closureOf(question.workflow, job);
  const conditions = [...jobs.flatMap(({ value }) => conditionOf(value['if']) ?? []), ...more];
  if (conditions.length === 0) return true;
  const mentions = mentionsIn(conditions);
  return question.triggers.some((trigger) => {
    for (const world of worldsOf(trigger, mentions)) {
      if (holdIn(world, more) && runsIn(world, job, jobs, question) !== 'no') return true;
    }
    return false;
  });
}

/** Conditions of what stands in a job; their status functions are about steps. */
const holdIn = ({ values, parts }: World, conditions: readonly Node[]): boolean =>
  conditions.every((condition) => {
    const scene = {
      valueOf: (reference: string) => values.get(reference) ?? unknown,
      status: () => undefined,
      assumed: (key: string) => parts.get(key),
    };
    return truthOf(evaluate(condition, scene)) !== false;
  });

/** `jobs` holds what the job waits for, in order. */
function runsIn(world: World, job: Job, jobs: readonly Job[], question: Question): Runs {
  const results = new Map<string, readonly Result[]>();
  let last: Runs = 'maybe';
  for (const at of jobs) {
    last = question.free.has(at.id) && at !== job ? 'maybe' : jobRuns(world, at, results, question);
    results.set(at.id, last === 'no' ? ['skipped'] : last === 'yes' ? ranResults : anyResult);
  }
  return last;
}

function jobRuns(
  world: World,
  job: Job,
  results: ReadonlyMap<string, readonly Result[]>,
  question: Question,
): Runs {
  const written = job.value['if'];
  const condition =
    written === undefined ? ({ kind: 'literal', value: true } as const) : conditionOf(written);
  if (!condition) return 'maybe';
  const implied = question.impliesSuccess && ![...nodesIn(condition)].some(isStatusCall);
  const answers = new Set<boolean | undefined>();
  for (const outcome of outcomesOf(job, condition, results)) {
    const blocked = implied && !outcome.isSuccess;
    answers.add(blocked ? false : truthOf(evaluate(condition, sceneOf(world, job, outcome))));
  }
  if (answers.has(undefined) || answers.size !== 1) return 'maybe';
  return answers.has(true) ? 'yes' : 'no';
}

/** One way that what a job needs can have ended. */
interface Outcome {
  /** Of the needs that the condition asks about. */
  readonly results: ReadonlyMap<string, Result>;
  readonly isSuccess: boolean;
  readonly isFailure: boolean | undefined;
}

/** More needs than these are not told apart in one condition: 4 to the power of it. */
const mostAsked = 4;

function outcomesOf(
  job: Job,
  condition: Node,
  results: ReadonlyMap<string, readonly Result[]>,
): readonly Outcome[] {
  const references = new Set(referencesIn(condition));
  const asked = job.needs
    .filter((id) => references.has(`needs.${id.toLowerCase()}.result`))
    .slice(0, mostAsked);
  const rest = job.needs.filter((id) => !asked.includes(id)).map((id) => results.get(id) ?? anyResult);
  let ways: ReadonlyMap<string, Result>[] = [new Map()];
  for (const id of asked) {
    const possible = results.get(id) ?? anyResult;
    ways = ways.flatMap((way) => possible.map((result) => new Map([...way, [id.toLowerCase(), result]])));
  }
  return ways.flatMap((way) => endings(way, rest, job.needs.length > 0));
}

function endings(
  way: ReadonlyMap<string, Result>,
  rest: readonly (readonly Result[])[],
  hasNeeds: boolean,
): Outcome[] {
  if (!hasNeeds) return [{ results: way, isSuccess: true, isFailure: false }];
  const known = [...way.values()];
  const canSucceed =
    known.every((result) => result === 'success') && rest.every((may) => may.includes('success'));
  const success: Outcome = { results: way, isSuccess: true, isFailure: false };
  // Something further up may have failed even if all direct needs did not.
  const failed = known.includes('failure') ? true : undefined;
  const noSuccess: Outcome = { results: way, isSuccess: false, isFailure: failed };
  return canSucceed ? [success, noSuccess] : [noSuccess];
}

const sceneOf = ({ values, parts }: World, job: Job, outcome: Outcome) => ({
  valueOf: (reference: string) => {
    const need = /^needs\.([^.]+)\.result$/.exec(reference)?.[1];
    if (need === undefined) return values.get(reference) ?? unknown;
    const result = outcome.results.get(need);
    return result === undefined || !job.needs.some((id) => id.toLowerCase() === need)
      ? unknown
      : known(result);
  },
  status: (name: string) =>
    name === 'success' ? outcome.isSuccess : name === 'failure' ? outcome.isFailure : undefined,
  assumed: (key: string) => parts.get(key),
});
