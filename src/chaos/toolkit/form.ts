import { type Found, type Located, quoted, unresolved } from '../../config/foreign.ts';
import { fill, type Values } from './substitute.ts';

/**
 * One value of an experiment file with its place. What it holds is read with a word of what is allowed; everything that
 * is not so is collected, so that all problems are told together. `filled` values have their `${name}` replaced.
 */
export class Form {
  readonly #node: Located;
  readonly #path: readonly string[];
  readonly #found: Found[];
  readonly #values: Values;

  constructor(node: Located, about: { path: readonly string[]; found: Found[]; values: Values }) {
    this.#node = node;
    this.#path = about.path;
    this.#found = about.found;
    this.#values = about.values;
  }

  /** As it is written. */
  get value(): unknown {
    return this.#node.value;
  }

  get filled(): unknown {
    return fill(this.#node.value, this.#values);
  }

  get values(): Values {
    return this.#values;
  }

  get isMapping(): boolean {
    return typeof this.value === 'object' && this.value !== null && !Array.isArray(this.value);
  }

  with(values: Values): Form {
    return new Form(this.#node, { path: this.#path, found: this.#found, values });
  }

  /** The value under a key; undefined where there is none, or nothing. */
  at(key: string): Form | undefined {
    const node = this.#node.children.get(key);
    if (node === undefined || node.value === null) return undefined;
    return new Form(node, { path: [...this.#path, key], found: this.#found, values: this.#values });
  }

  entries(): readonly (readonly [string, Form])[] {
    return [...this.#node.children.keys()].flatMap((key) => {
      const form = this.at(key);
      return form ? [[key, form] as const] : [];
    });
  }

  items(): readonly Form[] {
    return this.entries().map(([, form]) => form);
  }

  /** Collects a problem. What was given is told as it is written: a variable may hold a secret. */
  refuse(message: string, allowed?: string): undefined {
    if (this.value === unresolved) return undefined;
    const given = typeof this.value === 'string' ? quoted(this.value) : undefined;
    this.#found.push({ offset: this.#node.offset, path: this.#path, message, given, allowed });
    return undefined;
  }

  /** A mapping under a key. */
  mapping(key: string): Form | undefined {
    const form = this.at(key);
    return form && !form.isMapping ? form.refuse(`${key} has to be a mapping`) : form;
  }

  /** The items of a list under a key; none where there is no such key. */
  list(key: string): readonly Form[] {
    const form = this.at(key);
    if (form && !Array.isArray(form.value)) form.refuse(`${key} has to be a list`);
    return form && Array.isArray(form.value) ? form.items() : [];
  }

  /** A text under a key that has to be there. */
  needText(key: string): string | undefined {
    if (this.at(key)) return this.text(key);
    return this.refuse(`${key} is missing`, `${key} with a text`);
  }

  text(key: string): string | undefined {
    const form = this.at(key);
    if (!form) return undefined;
    const { filled } = form;
    if (typeof filled === 'number') return String(filled);
    return typeof filled === 'string' && filled !== ''
      ? filled
      : form.refuse(`${key} has to be a text that is not empty`);
  }

  /** A number that is not negative. */
  amount(key: string): number | undefined {
    const form = this.at(key);
    if (!form) return undefined;
    const given = Number(form.filled);
    const isNumber = typeof form.filled !== 'boolean' && form.filled !== '' && Number.isFinite(given);
    return isNumber && given >= 0 ? given : form.refuse(`${key} has to be a number, 0 or more`);
  }

  truth(key: string): boolean | undefined {
    const form = this.at(key);
    if (!form) return undefined;
    return typeof form.filled === 'boolean' ? form.filled : form.refuse(`${key} has to be true or false`);
  }

  choice<const T extends string>(key: string, allowed: readonly T[]): T | undefined {
    const form = this.at(key);
    const found = allowed.find((one) => one === form?.filled);
    return found ?? form?.refuse(`${key} cannot be that`, allowed.join(', '));
  }
}
