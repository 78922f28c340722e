import type { Document, Path } from '../document.ts';
import type { Spot } from '../rule.ts';
import type { Workspace } from '../workspace.ts';
import type { Named } from './entries.ts';
import { lookupIn, variableOf } from './environment/supplier.ts';
import { suppliersOf } from './environment/suppliers.ts';
import { filled, resolve, unknown, usesIn } from './variables.ts';

/** One value of a configuration file. */
export interface Setting {
  readonly document: Document;
  readonly path: Path;
  /** The words of all keys that lead to it, in small letters: `['risk', 'management', 'max', 'daily', 'loss']`. */
  readonly words: readonly string[];
  /** The words of the last key alone. */
  readonly key: readonly string[];
  /** A scalar, an empty list or an empty mapping. */
  readonly value: unknown;
}

/** Mappings and lists within one another; what goes deeper is no configuration. */
const deepest = 40;

const cache = new WeakMap<Document, readonly Setting[]>();

/** All values of a document. */
export function settingsOf(document: Document): readonly Setting[] {
  const known = cache.get(document);
  if (known) return known;
  const found: Setting[] = [];
  collect(found, { document, path: [], words: [], key: [], value: document.value });
  cache.set(document, found);
  return found;
}

function collect(found: Setting[], at: Setting): void {
  const { value, path } = at;
  const isParent = typeof value === 'object' && value !== null && Object.keys(value).length > 0;
  if (!isParent || path.length >= deepest) {
    if (path.length > 0) found.push(at);
    return;
  }
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      collect(found, { ...at, path: [...path, index], value: item });
    });
    return;
  }
  for (const [name, item] of Object.entries(value)) {
    const key = wordsOf(name);
    collect(found, {
      document: at.document,
      path: [...path, name],
      words: [...at.words, ...key],
      key,
      value: item,
    });
  }
}

/** `maxDailyLoss`, `max_daily_loss`, `MAX-DAILY-LOSS` are all `max daily loss`. */
export function wordsOf(name: string): readonly string[] {
  return name
    .slice(0, 200)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/** Whether the words end in one of the phrases, such as `log level`. */
export function endsIn(words: readonly string[], phrases: readonly string[]): boolean {
  return phrases.some((phrase) => {
    const wanted = phrase.split(' ');
    return (
      wanted.length <= words.length &&
      wanted.every((word, i) => word === words[words.length - wanted.length + i])
    );
  });
}

export const hasWord = (words: readonly string[], wanted: ReadonlySet<string>): boolean =>
  words.some((word) => wanted.has(word));

/** What a setting can be when the component runs. */
export interface Possible {
  readonly value: unknown;
  /** Where its variables come from: `, in Deployment "gateway" (k8s/gateway.yml)`; empty where it is written out. */
  readonly from: string;
  /** Whether it stands in the file itself. What comes from a variable may be a secret and is never shown. */
  readonly isWritten: boolean;
}

const possibles = new WeakMap<Named, Map<Setting, readonly Possible[]>>();

/** A value as it is written, or what each environment of the component makes of it; what cannot be told is left out. */
export function possibleValues(workspace: Workspace, named: Named, setting: Setting): readonly Possible[] {
  const { value } = setting;
  if (typeof value !== 'string' || !/[$%]/.test(value)) return [{ value, from: '', isWritten: true }];
  const known = possibles.get(named) ?? new Map<Setting, readonly Possible[]>();
  possibles.set(named, known);
  const found = known.get(setting) ?? eachValue(workspace, named, value);
  known.set(setting, found);
  return found;
}

/** The same value in several workloads is told once, of the first of them. */
function eachValue(workspace: Workspace, named: Named, text: string): readonly Possible[] {
  const uses = usesIn(text);
  if (uses.length === 0) return [{ value: text, from: '', isWritten: true }];
  const found = suppliersOf(workspace, named);
  if (!('suppliers' in found)) return withoutEnvironment(text);
  const values = new Map<string, Possible>();
  for (const supplier of found.suppliers) {
    // A variable that is missing is told by another rule.
    const isMissing = uses.some(
      ({ name, fallback }) => fallback === undefined && variableOf(supplier, name) === undefined,
    );
    const value = isMissing ? unknown : filled({ text, uses }, lookupIn(supplier));
    if (value !== unknown && !values.has(value))
      values.set(value, { value, from: `, in ${supplier.name}`, isWritten: false });
  }
  return [...values.values()];
}

/** A default counts where no environment is known: it is what the component runs with if nobody sets the variable. */
function withoutEnvironment(value: string): readonly Possible[] {
  const text = resolve(value, () => undefined);
  return text === unknown ? [] : [{ value: text, from: ', by its default', isWritten: false }];
}

export const spotOf = ({ document, path }: Setting): Spot => ({ document, path });

/** The key of a mapping that has the wrong thing, or the file's start where it is missing. */
export const startOf = (document: Document): Spot => ({ document, path: [] });

/** `true`, `"yes"`, `1` and their kin; undefined where it is neither. */
export function switched(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const text =
    typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim().toLowerCase() : '';
  if (/^(?:true|yes|on|1|enabled?|active)$/.test(text)) return true;
  if (/^(?:false|no|off|0|disabled?|none|inactive)$/.test(text)) return false;
  return undefined;
}

/** `risk_management.max_daily_loss` */
export const dotted = ({ path }: Setting): string => path.join('.');
