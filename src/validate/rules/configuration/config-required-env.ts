import { entriesOf, meaning, namedFiles } from '../../configuration/entries.ts';
import { type Supplier, variableOf } from '../../configuration/environment/supplier.ts';
import { suppliersOf } from '../../configuration/environment/suppliers.ts';
import { entryPath, releaseDocument } from '../../configuration/release-document.ts';
import { absenceOf } from '../../configuration/uses.ts';
import type { Reporter, Rule, Spot } from '../../rule.ts';

export const configRequiredEnv: Rule = {
  id: 'config-required-env',
  severity: 'error',
  layer: 'configuration',
  title: 'Every required variable is supplied',
  why: 'A component that needs a variable and does not get it ends at its start or, worse, goes on with an empty value.',
  fix: 'Set it in the workload that runs the component (env, envFrom, the ConfigMap or Secret behind it, env_file of Compose, env in cutover.yml), or take it out of `env:` in cutover.yml.',
  source: 'https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/',
  check(workspace, report) {
    const document = releaseDocument(workspace);
    if (!document) return;
    for (const entry of entriesOf(workspace)) {
      const isMeant = meaning(workspace, entry);
      const files = namedFiles(workspace).filter(
        (named) => named.entry === entry && isMeant(named.file.document.file.path),
      );
      for (const named of files) {
        const found = suppliersOf(workspace, named);
        for (const [index, name] of (entry.env ?? []).entries()) {
          const spot = { document, path: [...entryPath(workspace, entry), 'env', index] };
          if ('reason' in found)
            report.skip(document, `env of ${entry.file} is not checked: ${found.reason}`);
          else for (const supplier of found.suppliers) check(report, spot, name, supplier);
        }
      }
    }
  },
};

function check(report: Reporter, spot: Spot, name: string, supplier: Supplier): void {
  if (variableOf(supplier, name)?.value === '') {
    report.find(spot, `${name} is empty in ${supplier.name}`);
    return;
  }
  const absence = absenceOf(supplier, name);
  if (absence === undefined) return;
  if ('unsure' in absence) report.skip(spot.document, absence.unsure);
  else report.find(spot, `${name} is not supplied: ${absence.reason}`);
}
