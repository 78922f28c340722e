import { nearest } from '../config/suggest.ts';
import type { ReportedRule } from '../report/findings-model.ts';
import { ownRules } from './ignore/rules.ts';
import { rules } from './rules/index.ts';

/** Every id that a finding can have, with its texts: the registry, and what validate says of ignores and of itself. */
export const catalogue: readonly ReportedRule[] = [...rules, ...ownRules];

/** The rule of an id, or the id that was most likely meant. */
export function findRule(
  id: string,
): { rule: ReportedRule } | { rule: undefined; nearest: string | undefined } {
  const wanted = id.trim().toLowerCase();
  const rule = catalogue.find((one) => one.id === wanted);
  if (rule) return { rule };
  return {
    rule: undefined,
    nearest: nearest(
      wanted,
      catalogue.map((one) => one.id),
    ),
  };
}
