import { mappingOf, type Path, valueAt } from '../../document.ts';
import { credentialForm, isCredential } from '../../kubernetes/credentials.ts';
import type { Reporter, Rule } from '../../rule.ts';
import { at, type Workflow, workflowsOf } from '../../workflows/model.ts';

export const workflowPlainSecret: Rule = {
  id: 'workflow-plain-secret',
  severity: 'error',
  layer: 'policy',
  title: 'Workflows hold no credentials, and hand secrets only to who needs them',
  why: 'A credential in a workflow file is readable by everybody who can read the repository, for ever; a secret in the `env` of the whole workflow is readable by every action of every job.',
  fix: 'Store the value as a secret of the repository or environment and name it in the `env` of the step that needs it.',
  source:
    'https://docs.github.com/en/actions/reference/security/secure-use#use-secrets-for-sensitive-information',
  check(workspace, report) {
    for (const workflow of workflowsOf(workspace)) {
      const throwaway = serviceValues(workflow);
      checkShared(workflow, report);
      for (const [map, path] of mapsOf(workflow)) {
        for (const [name, value] of Object.entries(map)) {
          if (typeof value === 'string' && !throwaway.has(value) && !isLocal(value))
            checkValue(workflow, { name, value, path: [...path, name] }, report);
        }
      }
    }
  },
};

type Mapping = Readonly<Record<string, unknown>>;

/** Every `env`, and what is handed to actions and reusable workflows. */
function mapsOf(workflow: Workflow): readonly (readonly [Mapping, Path])[] {
  const holders: (readonly [Mapping, Path])[] = [[workflow.file.value, []]];
  for (const job of workflow.jobs.values()) {
    holders.push([job.value, job.path], ...job.steps.map((step) => [step.value, step.path] as const));
  }
  return holders.flatMap(([holder, path]) =>
    ['env', 'with', 'secrets'].flatMap((key) => {
      const map = mappingOf(holder[key]);
      return map ? [[map, [...path, key]] as const] : [];
    }),
  );
}

interface Entry {
  readonly name: string;
  readonly value: string;
  readonly path: Path;
}

function checkValue(workflow: Workflow, { name, value, path }: Entry, report: Reporter): void {
  const form = credentialForm(value);
  if (form !== undefined)
    report.find(at(workflow, path), `"${name}" holds ${form} in plain text; store it as a secret`);
  else if (isCredential(name, value) && !/\s/.test(value.trim()))
    report.find(at(workflow, path), `"${name}" is a credential written in plain text; store it as a secret`);
}

/** `${{ secrets.X }}` in the `env` of the whole workflow. */
function checkShared(workflow: Workflow, report: Reporter): void {
  for (const [name, value] of Object.entries(mappingOf(workflow.file.value['env']) ?? {})) {
    if (typeof value !== 'string' || !/\$\{\{[^}]{0,200}\bsecrets\./.test(value)) continue;
    report.find(
      at(workflow, ['env', name]),
      `the secret in "${name}" is handed to every step of every job; name it in the env of the step that needs it`,
      { severity: 'warning' },
    );
  }
}

/** Passwords of databases that a job starts for its tests end with the job. */
function serviceValues({ jobs }: Workflow): ReadonlySet<string> {
  const services = [...jobs.values()].flatMap(({ value }) =>
    Object.values(mappingOf(value['services']) ?? {}),
  );
  const values = services.flatMap((service) => Object.values(mappingOf(valueAt(service, ['env'])) ?? {}));
  return new Set(values.map(String));
}

const isLocal = (value: string): boolean => /\/\/[^/]{0,200}\b(?:localhost|127\.0\.0\.1)\b/.test(value);
