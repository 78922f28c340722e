// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${…} is the syntax of variables in Compose files

import { inService, type Mapping, type Project, projectsOf, servicesOf } from '../../compose/project.ts';
import { variablesOf } from '../../compose/variables.ts';
import { mappingOf } from '../../document.ts';
import { credentialForm, isCredential } from '../../kubernetes/credentials.ts';
import type { Reporter, Rule } from '../../rule.ts';

export const composeSecretLiteral: Rule = {
  id: 'compose-secret-literal',
  severity: 'error',
  layer: 'policy',
  title: 'No secret is written into a Compose file',
  why: 'The file is in the repository and in every clone of it; a password there is known to all who have ever read it, and is the same in every environment.',
  fix: 'Write `${DB_PASSWORD:?}` and give the value when Compose runs, or use `secrets:` with a file that is not in the repository and the `_FILE` variable of the image.',
  source: 'https://docs.docker.com/compose/how-tos/use-secrets/',
  check(workspace, report) {
    for (const project of projectsOf(workspace)) {
      for (const [name, service] of servicesOf(project)) {
        checkVariables(project, name, service, report);
      }
    }
  },
};

function checkVariables(project: Project, name: string, service: Mapping, report: Reporter): void {
  const args = variablesOf(mappingOf(service['build']) ?? {}, 'args').map((each) => ({
    ...each,
    path: ['build', ...each.path],
  }));
  for (const { name: variable, value, path } of [...variablesOf(service), ...args]) {
    if (value === undefined) continue;
    const form = credentialForm(value);
    const spot = inService(project, name, ...path);
    if (form !== undefined) report.find(spot, `${variable} holds ${form}`);
    else if (isCredential(variable, defaultOf(value) ?? value)) {
      const what =
        defaultOf(value) === undefined
          ? 'has its value written out'
          : 'has a default, which is used wherever the variable is not set';
      report.find(spot, `${variable} ${what}; write \${${variable}:?} and give it from outside`);
    }
  }
}

/** What `${NAME:-default}` falls back to. */
const defaultOf = (value: string): string | undefined => /^\$\{\w+:?-([^${}]+)\}$/.exec(value)?.[1];
