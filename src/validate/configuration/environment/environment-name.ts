import type { Workspace } from '../../workspace.ts';

/** How environments are called, and the one name each of them has here. */
const common: ReadonlyMap<string, string> = new Map([
  ['production', 'production'],
  ['prod', 'production'],
  ['prd', 'production'],
  ['live', 'production'],
  ['staging', 'staging'],
  ['stage', 'staging'],
  ['stg', 'staging'],
  ['preprod', 'preprod'],
  ['development', 'development'],
  ['dev', 'development'],
  ['test', 'test'],
  ['testing', 'test'],
  ['qa', 'qa'],
  ['uat', 'uat'],
  ['sandbox', 'sandbox'],
  ['local', 'local'],
  ['ci', 'ci'],
]);

/** `prod` and `production` are the same. */
export const canonical = (name: string): string => common.get(name.toLowerCase()) ?? name;

const cache = new WeakMap<Workspace, ReadonlySet<string>>();

/** The environment that a file path or a namespace names; undefined where it names none. The last word that does counts. */
export function environmentIn(workspace: Workspace, text: string): string | undefined {
  const own = ownNames(workspace);
  const words = text.split(/[/._]/).flatMap((part) => (own.has(part) ? [part] : part.split('-')));
  const found = words.findLast((word) => own.has(word) || common.has(word.toLowerCase()));
  return found === undefined ? undefined : canonical(found);
}

function ownNames(workspace: Workspace): ReadonlySet<string> {
  const known = cache.get(workspace);
  if (known) return known;
  const names = new Set(Object.keys(workspace.release?.environments ?? {}));
  cache.set(workspace, names);
  return names;
}

/** Whether two things can belong together: one that names no environment belongs to all. */
export const compatible = (a: string | undefined, b: string | undefined): boolean =>
  a === undefined || b === undefined || a === b;
