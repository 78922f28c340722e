import * as v from 'valibot';
import type { ReleaseFile } from '../config/model.ts';
import { nameAllowed, namePattern } from '../config/schema/component.ts';
import { choice, duration, pattern } from '../config/schema/fields.ts';
import type { StageSection } from '../config/schema/file.ts';
import { kindByKey } from '../config/schema/kinds.ts';
import { listOf } from '../config/schema/leaf.ts';
import { list } from '../config/schema/lists.ts';
import type { AnyCheckKind } from './check.ts';
import { checkKinds } from './checks/index.ts';
import { conflicts } from './conflicts.ts';

const hour = 3_600_000;

/** What a check is called: it stands in messages and, between dots, in `${checks.<name>.…}`. */
const checkName = (description: string) =>
  pattern(description, {
    noun: "a check's name",
    allowed: 'letters, digits, blanks and _ / -, at most 80, starting with a letter or digit',
    pattern: '^[A-Za-z0-9](?:[A-Za-z0-9 _/-]{0,78}[A-Za-z0-9])?$',
  });

/** Keys of every check. */
export const commonEntries = {
  name: checkName('Name of the check; no two have the same.'),
  component: v.optional(
    pattern('Component that it is about. Default: the first one.', {
      noun: 'a component name',
      allowed: nameAllowed,
      pattern: namePattern,
    }),
  ),
  within: v.optional(duration('A right answer that took longer is slow, which fails.', [1, hour])),
  timeout: v.optional(
    duration("The longest that one attempt may take. Default: the kind's own.", [1, 24 * hour]),
  ),
  'retry-for': v.optional(
    duration('For so long it is tried again until it passes. Default: 5s, and 0 for load.', [0, hour]),
  ),
  every: v.optional(duration('Pause between two attempts.', [0, hour]), '250ms'),
  needs: v.optional(
    listOf(
      'Checks that have to pass before this one starts; one that does not pass makes this one skipped.',
      'a list of names of checks',
      checkName('Name of a check.'),
    ),
  ),
  on: v.optional(
    choice('Aims that it is run against. Default: both, and standby for load.', ['standby', 'live', 'both']),
  ),
};

const schema = list(
  'Checks that show whether a release works, before it takes traffic and after.',
  'a list of checks',
  kindByKey({
    noun: 'check',
    description: 'One check; the key named like a kind tells which one it is.',
    common: commonEntries,
    kinds: Object.fromEntries(checkKinds.map((kind) => [kind.kind, kind])),
  }),
);

/** What `smoke` of cutover.yml is. */
export const smokeSection: StageSection = {
  schema: schema as v.GenericSchema as StageSection['schema'],
  conflicts,
};

type Read = v.InferOutput<typeof schema>[number];

/** One check with every default filled in. Times in milliseconds. */
export interface SmokeCheck {
  name: string;
  kind: AnyCheckKind;
  component: string | undefined;
  withinMs: number | undefined;
  timeoutMs: number;
  retryForMs: number;
  everyMs: number;
  /** As written; `needsOf` adds the checks whose answers are used. */
  needs: readonly string[];
  on: 'standby' | 'live' | 'both';
  /** The kind's own keys, as its `attempt` wants them. */
  spec: unknown;
}

/** The checks of a release file that was read with {@link smokeSection}. */
export function checksOf({
  smoke,
  components,
}: Pick<ReleaseFile, 'smoke' | 'components'>): readonly SmokeCheck[] {
  const first = Object.keys(components)[0];
  // The file was read with our own section, so its items are what that gives.
  return (smoke as readonly Read[]).map((read) => complete(read, first));
}

/** Reads checks that do not stand in a file. @throws a plain error with valibot's issues where they are not right */
export function checksFrom(given: readonly unknown[]): readonly SmokeCheck[] {
  return v
    .parse(schema as v.GenericSchema<unknown, readonly Read[]>, given)
    .map((read) => complete(read, undefined));
}

function complete(read: Read, firstComponent: string | undefined): SmokeCheck {
  const kind = kindNamed(read.kind);
  return {
    name: read.name,
    kind,
    component: read.component ?? firstComponent,
    withinMs: read.within,
    timeoutMs: read.timeout ?? kind.timeoutMs(read.spec),
    retryForMs: read.retryFor ?? kind.defaultRetryForMs,
    everyMs: read.every,
    needs: read.needs ?? [],
    on: read.on ?? kind.defaultOn,
    spec: read.spec,
  };
}

function kindNamed(name: string): AnyCheckKind {
  const kind = checkKinds.find((one) => one.kind === name);
  if (!kind) throw new Error(`there is no check of the kind ${name}`);
  return kind;
}
