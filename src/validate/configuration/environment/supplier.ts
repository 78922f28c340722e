import { didYouMean } from '../../../config/suggest.ts';
import { type Lookup, unknown } from '../variables.ts';

/** One variable that a container gets. Its value may be a secret and is never shown. */
export interface Variable {
  /** `unknown`: it is set, but to what cannot be told here. */
  readonly value: string | typeof unknown;
  /** `Secret "trading-secrets"`, `env` */
  readonly origin: string;
}

/** What a container of a component gets as its environment. */
export interface Supplier {
  /** `Deployment "gateway" (k8s/gateway.yml)` */
  readonly name: string;
  /** Name of the environment that it is for, where its place tells. */
  readonly environment: string | undefined;
  readonly variables: ReadonlyMap<string, Variable>;
  /** Why there may be more variables than are known. */
  readonly open: readonly string[];
  /** Where the variables that are asked for and missing should come from, as a sentence of its own. */
  readonly lacking: ReadonlyMap<string, string>;
  /** Where all variables come from: `ConfigMap "a" (k8s/a.yml) and its own env`. */
  readonly sources: readonly string[];
}

/** A supplier that is being put together. */
export interface Gathered {
  readonly variables: Map<string, Variable>;
  readonly open: string[];
  readonly lacking: Map<string, string>;
  readonly sources: string[];
}

export const gathered = (): Gathered => ({ variables: new Map(), open: [], lacking: new Map(), sources: [] });

/** Variables that every process has: of the system, of Kubernetes' Services, of the runtime. */
const always =
  /^(?:PATH|HOME|HOSTNAME|PWD|USER|SHELL|LANG|TZ|TMPDIR|KUBERNETES_.+|[A-Z0-9_]+_SERVICE_(?:HOST|PORT(?:_.+)?)|[A-Z0-9_]+_PORT_\d+_(?:TCP|UDP)(?:_.+)?)$/;

/** What a supplier gives a variable; undefined: nothing that is known. */
export function variableOf(supplier: Supplier, name: string): Variable | undefined {
  const found = supplier.variables.get(name);
  if (found) return found;
  return always.test(name) ? { value: unknown, origin: 'the system' } : undefined;
}

/** For `resolve`: a variable that may come from somewhere unknown is unknown. */
export const lookupIn =
  (supplier: Supplier): Lookup =>
  (name) => {
    const found = variableOf(supplier, name);
    if (found) return found.value;
    return supplier.open.length > 0 ? unknown : undefined;
  };

/** `Secret "s" (k8s/s.yml) has no key TOKEN`, or that nothing sets it. */
export function whyMissing(supplier: Supplier, name: string): string {
  const own = supplier.lacking.get(name);
  if (own !== undefined) return own;
  const guess = didYouMean(name, [...supplier.variables.keys()]);
  const where = `nothing sets it in ${supplier.name}`;
  if (supplier.sources.length === 0) return `${where}, which has no environment of its own${guess}`;
  return `${where}: it is not in ${joined(supplier.sources)}${guess}`;
}

function joined(words: readonly string[]): string {
  const unique = [...new Set(words)];
  const last = unique.pop() ?? '';
  return unique.length === 0 ? last : `${unique.join(', ')} or ${last}`;
}
