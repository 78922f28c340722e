import type { Form } from '../form.ts';

/** The arguments of a function, of which only those are allowed that it has. */
export class Arguments {
  readonly #provider: Form;
  readonly #form: Form | undefined;

  constructor(provider: Form, allowed: readonly string[]) {
    this.#provider = provider;
    this.#form = provider.mapping('arguments');
    for (const [name, value] of this.#form?.entries() ?? []) {
      if (!allowed.includes(name)) value.refuse(`there is no argument ${name}`, allowed.join(', '));
    }
  }

  /** As a call has them: `label_selector="app=gateway", qty=1`. */
  get written(): string {
    return (this.#form?.entries() ?? [])
      .map(([name, { value }]) => `${name}=${JSON.stringify(value)}`)
      .join(', ');
  }

  text(name: string): string | undefined {
    return this.#form?.text(name);
  }

  amount(name: string): number | undefined {
    return this.#form?.amount(name);
  }

  truth(name: string): boolean | undefined {
    return this.#form?.truth(name);
  }

  choice<const T extends string>(name: string, allowed: readonly T[]): T | undefined {
    return this.#form?.choice(name, allowed);
  }

  at(name: string): Form | undefined {
    return this.#form?.at(name);
  }

  /** Collects a problem with one of them, or with all where it was not given. */
  refuse(name: string, message: string, allowed?: string): undefined {
    return (this.#form?.at(name) ?? this.#form ?? this.#provider).refuse(message, allowed);
  }
}
