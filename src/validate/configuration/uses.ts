import type { Spot } from '../rule.ts';
import { within } from '../within.ts';
import type { Named } from './entries.ts';
import { type Supplier, variableOf, whyMissing } from './environment/supplier.ts';
import { type Setting, settingsOf } from './settings.ts';
import { type Use, usesIn } from './variables.ts';

/** A variable that one value of a file uses. */
export interface Reference {
  readonly name: string;
  readonly spot: Spot;
  readonly use: Use;
}

/** Every use of a variable in a document, with its exact place. A use inside a default counts where the default does. */
export function referencesIn({ file }: Named): readonly Reference[] {
  return settingsOf(file.document).flatMap((setting) => {
    const { value } = setting;
    return typeof value === 'string' ? usesIn(value).map((use) => reference(setting, value, use)) : [];
  });
}

function reference({ document, path }: Setting, text: string, use: Use): Reference {
  return { name: use.name, use, spot: within(document, path, text, use.start) };
}

/** Where a variable is missing, and why; undefined: it is there. `unsure`: it may come from somewhere unknown. */
export type Absence = { readonly reason: string } | { readonly unsure: string } | undefined;

export function absenceOf(supplier: Supplier, name: string): Absence {
  if (variableOf(supplier, name)) return undefined;
  const [open] = supplier.open;
  // A reference by key names its source, so nothing else is meant to supply it.
  if (open !== undefined && !supplier.lacking.has(name)) {
    return { unsure: `${name} is not among the variables known of ${supplier.name}; ${open}` };
  }
  return { reason: whyMissing(supplier, name) };
}

/** Names of all variables that a use needs: its own, or where that is missing and it has a default, those of the default. */
export function neededBy(supplier: Supplier, use: Use): readonly string[] {
  if (variableOf(supplier, use.name)) return [];
  if (use.fallback === undefined) return [use.name];
  return usesIn(use.fallback.text).flatMap((inner) => neededBy(supplier, inner));
}
