// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${…} is the syntax of variables in configuration files

import { namedFiles } from '../../configuration/entries.ts';
import type { Supplier } from '../../configuration/environment/supplier.ts';
import { suppliersOf } from '../../configuration/environment/suppliers.ts';
import { absenceOf, neededBy, type Reference, referencesIn } from '../../configuration/uses.ts';
import type { Document } from '../../document.ts';
import type { Reporter, Rule } from '../../rule.ts';

export const configVariables: Rule = {
  id: 'config-variables',
  severity: 'error',
  layer: 'configuration',
  title: 'Every variable that a configuration file uses is supplied',
  why: 'A variable that nobody sets becomes an empty text or the literal `${NAME}`: the service starts, and fails with the first request that needs it, after the cutover.',
  fix: 'Set it in the workload that runs the component (env, envFrom, the ConfigMap or Secret behind it, env_file of Compose, env in cutover.yml), or give it a default: `${NAME:-value}`.',
  source: 'https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/',
  check(workspace, report) {
    for (const named of namedFiles(workspace)) {
      const references = referencesIn(named);
      if (references.length === 0) continue;
      const { document } = named.file;
      const found = suppliersOf(workspace, named);
      if ('reason' in found) report.skip(document, `its variables are not checked: ${found.reason}`);
      else for (const reference of references) check(report, document, reference, found.suppliers);
    }
  },
};

/** One finding a place, however many workloads lack the variable. */
function check(
  report: Reporter,
  document: Document,
  { use, spot }: Reference,
  suppliers: readonly Supplier[],
): void {
  const reasons = new Set<string>();
  for (const supplier of suppliers) {
    for (const name of neededBy(supplier, use)) {
      const absence = absenceOf(supplier, name);
      if (absence === undefined) continue;
      if ('unsure' in absence) report.skip(document, absence.unsure);
      else reasons.add(`${name} is not supplied: ${absence.reason}`);
    }
  }
  if (reasons.size > 0) report.find(spot, [...reasons].slice(0, 3).join('; '));
}
