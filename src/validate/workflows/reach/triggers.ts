import { mappingOf, textOf } from '../../document.ts';
import type { Literal } from '../expression/tokens.ts';
import { namesIn } from '../model.ts';
import { isPlain, mayMatch, surelyMatches } from './globs.ts';
import { known, other, type Value } from './value.ts';

/** What starts a workflow. */
export interface Trigger {
  /** Undefined: a caller's event, which can be any. */
  readonly event: string | undefined;
  /** How `on` narrows it. */
  readonly filter: Readonly<Record<string, unknown>>;
}

const isProposal = (event: string | undefined): boolean =>
  event === 'pull_request' || event === 'pull_request_target';

/** Events whose payload has no pull request, no action, and that set neither head_ref nor base_ref. */
const plainEvents: ReadonlySet<string> = new Set(['push', 'schedule', 'workflow_dispatch']);

/** Those that run on a branch or tag which the filter, or whoever starts it, chooses. */
const anyRef: ReadonlySet<string> = new Set(['push', 'workflow_dispatch']);

/** The values that `github.ref` can have, with those of `mentioned` (in lower case or not) told apart. */
export function refsOf({ event, filter }: Trigger, mentioned: ReadonlySet<string>): readonly Value[] {
  const lower = new Set([...mentioned].map((ref) => ref.toLowerCase()));
  const rest = (prefix: string): Value => other(true, { prefix, not: lower });
  if (event === 'pull_request' && !typesOf({ event, filter })?.includes('closed'))
    return [rest('refs/pull/')];
  if (event === 'release') return [...tagsIn(mentioned), rest('refs/tags/')];
  if (event === 'schedule') return [...branchesIn(mentioned), rest('refs/heads/')];
  if (event === 'pull_request_target') return branchRefs(filter, mentioned, rest);
  if (event === undefined || !anyRef.has(event)) return [...[...mentioned].map(known), rest('refs/')];
  return [...branchRefs(filter, mentioned, rest), ...tagRefs(filter, mentioned, rest)];
}

const branchesIn = (refs: Iterable<string>): Value[] =>
  [...refs].filter((ref) => ref.startsWith('refs/heads/')).map(known);
const tagsIn = (refs: Iterable<string>): Value[] =>
  [...refs].filter((ref) => ref.startsWith('refs/tags/')).map(known);

type Filter = Trigger['filter'];

function branchRefs(
  filter: Filter,
  mentioned: ReadonlySet<string>,
  rest: (prefix: string) => Value,
): Value[] {
  const isTagsOnly = has(filter, 'tags') && !has(filter, 'branches');
  return isTagsOnly ? [] : narrowed('refs/heads/', filterOf(filter, 'branches'), mentioned, rest);
}

function tagRefs(filter: Filter, mentioned: ReadonlySet<string>, rest: (prefix: string) => Value): Value[] {
  const isBranchesOnly = has(filter, 'branches') && !has(filter, 'tags');
  return isBranchesOnly ? [] : narrowed('refs/tags/', filterOf(filter, 'tags'), mentioned, rest);
}

const has = (filter: Filter, key: string): boolean =>
  filter[key] !== undefined || filter[`${key}-ignore`] !== undefined;

interface Patterns {
  readonly only: readonly string[] | undefined;
  readonly ignored: readonly string[];
}

const filterOf = (filter: Filter, key: string): Patterns => ({
  only: filter[key] === undefined ? undefined : namesIn(filter[key]),
  ignored: namesIn(filter[`${key}-ignore`]),
});

function narrowed(
  prefix: string,
  { only, ignored }: Patterns,
  mentioned: ReadonlySet<string>,
  rest: (prefix: string) => Value,
): Value[] {
  const isOpen = only === undefined || only.length === 0 || !only.every(isPlain);
  const plain = only?.filter(isPlain) ?? [];
  const names = [...mentioned].flatMap((ref) => (ref.startsWith(prefix) ? [ref.slice(prefix.length)] : []));
  const wanted = [...new Set([...plain, ...names])].filter(
    (name) => (!only?.length || mayMatch(only, name)) && !surelyMatches(ignored, name),
  );
  return [...wanted.map((name) => known(prefix + name)), ...(isOpen ? [rest(prefix)] : [])];
}

/** The activity types that start it; undefined: all there are. */
export function typesOf({ event, filter }: Trigger): readonly string[] | undefined {
  const types = namesIn(filter['types']);
  if (types.length > 0) return types;
  return isProposal(event) ? ['opened', 'synchronize', 'reopened'] : undefined;
}

/** The values that a reference can have; undefined: any. `refs/heads/` and such are not told here but by refsOf. */
export function valuesOf(trigger: Trigger, reference: string): readonly Literal[] | undefined {
  const { event } = trigger;
  if (event === undefined) return undefined;
  if (reference === 'github.event_name') return [event];
  if (reference.startsWith('inputs.') || reference.startsWith('github.event.inputs.'))
    return inputValues(trigger, reference);
  if (reference === 'github.event.action') return plainEvents.has(event) ? [null] : typesOf(trigger);
  if (reference.startsWith('github.event.pull_request')) return pullRequestValues(trigger, reference);
  if (reference === 'github.head_ref' || reference === 'github.base_ref')
    return plainEvents.has(event) || event === 'release' ? [''] : baseValues(trigger, reference);
  return undefined;
}

function pullRequestValues(trigger: Trigger, reference: string): readonly Literal[] | undefined {
  if (trigger.event !== undefined && plainEvents.has(trigger.event)) return [null];
  const isOpenOnly = isProposal(trigger.event) && !typesOf(trigger)?.includes('closed');
  return isOpenOnly && reference === 'github.event.pull_request.merged' ? [false] : undefined;
}

/** `branches` of a pull request are names of its base. */
function baseValues({ event, filter }: Trigger, reference: string): readonly Literal[] | undefined {
  const names = namesIn(filter['branches']);
  if (reference !== 'github.base_ref' || !isProposal(event)) return undefined;
  return names.length > 0 && names.every(isPlain) ? names : undefined;
}

function inputValues({ event, filter }: Trigger, reference: string): readonly Literal[] | undefined {
  if (event === 'repository_dispatch' || event === 'workflow_call') return undefined;
  const inputs = mappingOf(filter['inputs']) ?? {};
  const name = reference.slice(reference.lastIndexOf('.') + 1);
  const [, declared] = Object.entries(inputs).find(([key]) => key.toLowerCase() === name) ?? [];
  if (event !== 'workflow_dispatch' || declared === undefined) return [null];
  const input = mappingOf(declared);
  const type = textOf(input?.['type']);
  if (type === 'boolean') return reference.startsWith('inputs.') ? [true, false] : ['true', 'false'];
  const options = namesIn(input?.['options']);
  return type === 'choice' && options.length > 0 ? [...options, ''] : undefined;
}
