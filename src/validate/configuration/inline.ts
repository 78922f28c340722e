import type { InlineRule } from '../../config/model.ts';
import { type Path, textOf, valueAt } from '../document.ts';
import { nameStrength } from '../kubernetes/credentials.ts';
import type { Possible } from './settings.ts';

/** The places that a rule's path leads to. `*` stands for each item; a place that is not there is one, too. */
export function placesOf(value: unknown, steps: readonly string[]): readonly Path[] {
  let paths: Path[] = [[]];
  for (const step of steps) paths = paths.flatMap((path) => next(value, path, step));
  return paths;
}

function next(value: unknown, path: Path, step: string): Path[] {
  const at = valueAt(value, path);
  if (step !== '*') return [[...path, Array.isArray(at) && /^\d+$/.test(step) ? Number(step) : step]];
  if (Array.isArray(at)) return at.map((_, index) => [...path, index]);
  return typeof at === 'object' && at !== null ? Object.keys(at).map((key) => [...path, key]) : [];
}

/** What a rule demands of one value, and how it is broken; undefined: it holds. */
export function broken(rule: InlineRule, path: Path, { value, isWritten }: Possible): string | undefined {
  if (isMissing(value)) return rule.required ? 'is missing or empty' : undefined;
  if (rule.forbidden === true) return 'must not be there';
  const given = shown(path, value, isWritten);
  return (
    wrongType(rule, value, isWritten) ??
    outOfRange(rule, value, given) ??
    notAllowed(rule, value, given) ??
    wrongShape(rule, value)
  );
}

const isMissing = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

/** Numbers that are secrets, whatever the others are. */
const privateNumbers = /(?:^|[_-])(?:pin|otp|code|account|card|iban|ssn|key|id)$/i;

/** Only switches and plain numbers that stand in the file are shown; a text or a long number may always be a secret. */
function shown(path: Path, value: unknown, isWritten: boolean): string {
  const isHarmless = (typeof value === 'number' && String(value).length <= 8) || typeof value === 'boolean';
  const isNamedSecret = path.some(
    (part) => typeof part === 'string' && (nameStrength(part) !== 'none' || privateNumbers.test(part)),
  );
  return isWritten && isHarmless && !isNamedSecret ? String(value) : 'its value';
}

function wrongType({ type }: InlineRule, value: unknown, isWritten: boolean): string | undefined {
  if (type === undefined) return undefined;
  const kind = kindOf(value);
  if (kind === type || (type === 'number' && kind === 'integer')) return undefined;
  // A variable gives a text; what it means is told by its form.
  if (!isWritten && typeof value === 'string' && readsAs(type, value)) return undefined;
  return `is ${withArticle(kind)}; it has to be ${withArticle(type)}`;
}

type Kind = NonNullable<InlineRule['type']>;

function kindOf(value: unknown): Kind {
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  if (typeof value === 'boolean') return 'boolean';
  return typeof value === 'string' ? 'string' : 'mapping';
}

function readsAs(type: Kind, text: string): boolean {
  if (type === 'number') return numberOf(text) !== undefined;
  if (type === 'integer') return Number.isInteger(numberOf(text));
  return type === 'boolean' ? /^(?:true|false)$/i.test(text) : type === 'string';
}

const withArticle = (kind: Kind): string => `${kind === 'integer' ? 'an' : 'a'} ${kind}`;

function outOfRange({ min, max }: InlineRule, value: unknown, given: string): string | undefined {
  if (min === undefined && max === undefined) return undefined;
  const number = numberOf(value);
  if (number === undefined) return `is not a number; it has to be ${range(min, max)}`;
  const isWithin = (min === undefined || number >= min) && (max === undefined || number <= max);
  if (isWithin) return undefined;
  return `${given === 'its value' ? 'is out of range' : `is ${given}`}; it has to be ${range(min, max)}`;
}

function range(min: number | undefined, max: number | undefined): string {
  if (min !== undefined && max !== undefined) return `from ${min} to ${max}`;
  return max === undefined ? `at least ${min}` : `at most ${max}`;
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  const text = textOf(value)?.trim();
  const number = text === undefined || !/^[-+]?[\d.]/.test(text) ? Number.NaN : Number(text);
  return Number.isNaN(number) ? undefined : number;
}

function notAllowed(rule: InlineRule, value: unknown, given: string): string | undefined {
  const is = given === 'its value' ? 'is something else' : `is ${given}`;
  if (rule.equals !== undefined && !isSame(value, rule.equals)) return `${is}; it has to be ${rule.equals}`;
  if (rule.in && !rule.in.some((one) => isSame(value, one)))
    return `${is}; it has to be one of ${rule.in.join(', ')}`;
  const { forbidden } = rule;
  if (!Array.isArray(forbidden)) return undefined;
  const hit = forbidden.some(
    (one) => isSame(value, one) || (Array.isArray(value) && value.some((item) => isSame(item, one))),
  );
  return hit ? `is one of what must not stand there: ${forbidden.join(', ')}` : undefined;
}

/** env files and variables know texts only, so `8080` and `"8080"` are the same. */
const isSame = (value: unknown, wanted: unknown): boolean =>
  value === wanted || (typeof value !== 'object' && String(value) === String(wanted));

/** A value of more characters is not held against a pattern, whatever that costs. */
const longest = 4_096;

function wrongShape({ pattern, minLength }: InlineRule, value: unknown): string | undefined {
  const text = typeof value === 'object' ? undefined : String(value);
  if (minLength !== undefined) {
    const length = Array.isArray(value) ? value.length : text?.length;
    if (length === undefined) return 'has no length';
    const noun = Array.isArray(value) ? 'items' : 'characters';
    if (length < minLength) return `has ${length} ${noun}; it needs at least ${minLength}`;
  }
  if (pattern === undefined) return undefined;
  if (text === undefined) return `is no text; it has to match ${pattern}`;
  if (text.length > longest) return `has more than ${longest} characters; it has to match ${pattern}`;
  return new RegExp(pattern, 'u').test(text) ? undefined : `does not match ${pattern}`;
}
