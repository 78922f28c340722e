import { listOf, mappingOf, type Path, textOf, valueAt } from '../document.ts';
import type { Spot } from '../rule.ts';
import { within } from '../within.ts';
import type { WorkflowFile, Workspace } from '../workspace.ts';

type Mapping = Readonly<Record<string, unknown>>;

export interface Step {
  readonly value: Mapping;
  readonly path: Path;
  readonly index: number;
  readonly id: string | undefined;
  readonly run: string | undefined;
  readonly uses: string | undefined;
  readonly with: Mapping;
}

export interface Job {
  readonly id: string;
  readonly value: Mapping;
  readonly path: Path;
  /** Names under `needs`, as written. */
  readonly needs: readonly string[];
  readonly steps: readonly Step[];
  /** The reusable workflow that the job calls. */
  readonly uses: string | undefined;
}

/** A workflow in the terms of GitHub's workflow syntax. */
export interface Workflow {
  readonly file: WorkflowFile;
  /** The events under `on` and how each is narrowed (`branches`, `types`); an empty mapping where it is not. */
  readonly events: ReadonlyMap<string, Mapping>;
  readonly jobs: ReadonlyMap<string, Job>;
}

const cache = new WeakMap<Workspace, readonly Workflow[]>();

/** Every workflow of the workspace; what is malformed is left out. */
export function workflowsOf(workspace: Workspace): readonly Workflow[] {
  const known = cache.get(workspace);
  if (known) return known;
  const found = workspace.workflows.map(workflowOf);
  cache.set(workspace, found);
  return found;
}

function workflowOf(file: WorkflowFile): Workflow {
  const jobs = Object.entries(file.jobs).map(([id, value]) => [id, jobOf(id, value)] as const);
  return { file, events: eventsOf(file.value['on']), jobs: new Map(jobs) };
}

/** `on` is a name, a list of names or a mapping. */
export function eventsOf(on: unknown): ReadonlyMap<string, Mapping> {
  const map = mappingOf(on);
  if (map) return new Map(Object.entries(map).map(([name, value]) => [name, mappingOf(value) ?? {}]));
  const names = Array.isArray(on) ? on : [on];
  return new Map(names.flatMap((name) => (typeof name === 'string' ? [[name, {}] as const] : [])));
}

function jobOf(id: string, value: Mapping): Job {
  const path = ['jobs', id];
  const steps = listOf(value['steps']).flatMap((item, index) => {
    const step = mappingOf(item);
    return step ? [stepOf(step, [...path, 'steps', index], index)] : [];
  });
  return { id, value, path, steps, needs: namesIn(value['needs']), uses: textOf(value['uses']) };
}

const stepOf = (value: Mapping, path: Path, index: number): Step => ({
  value,
  path,
  index,
  id: textOf(value['id']),
  run: textOf(value['run']),
  uses: textOf(value['uses']),
  with: mappingOf(value['with']) ?? {},
});

/** A name or a list of names. */
export const namesIn = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value]).filter((name) => typeof name === 'string');

export const stepsOf = (workflow: Workflow): readonly Step[] =>
  [...workflow.jobs.values()].flatMap(({ steps }) => steps);

/** The action without its version: `actions/checkout`, in lower case. */
export const actionOf = ({ uses }: Step): string | undefined => uses?.split('@')[0]?.toLowerCase();

/** At the value, or (where the last key is missing) at the key that should have it. */
export const at = ({ file }: Workflow, path: Path): Spot => ({ document: file.document, path });

export const atKey = ({ file }: Workflow, path: Path): Spot => ({
  document: file.document,
  path,
  part: 'key',
});

/** At a character of a text; undefined: at the text. */
export function atIndex({ file }: Workflow, path: Path, index: number | undefined): Spot {
  const text = valueAt(file.value, path);
  return typeof text === 'string' && index !== undefined
    ? within(file.document, path, text, index)
    : { document: file.document, path };
}

/** Events that run on what somebody without write access proposes. */
export const proposalEvents: ReadonlySet<string> = new Set([
  'pull_request',
  'pull_request_target',
  'pull_request_review',
  'pull_request_review_comment',
]);

/** How the job is called in messages: `job "deploy"`. */
export const named = ({ id }: Job): string => `job "${id}"`;
