import { dependenciesOf } from '../../compose/dependencies.ts';
import { inService, keyIn, projectsOf, servicesOf } from '../../compose/project.ts';
import { mappingOf } from '../../document.ts';
import type { Rule } from '../../rule.ts';

export const composeDependsOnStarted: Rule = {
  id: 'compose-depends-on-started',
  severity: 'notice',
  layer: 'policy',
  title: 'Services wait until what they need is ready, not only started',
  why: 'Plain depends_on waits for the container, not for the database in it: a service that needs it at its start fails on a slow machine and passes on a fast one.',
  fix: 'Write `depends_on: { db: { condition: service_healthy } }` and a `healthcheck` for db.',
  source: 'https://docs.docker.com/compose/how-tos/startup-order/',
  check(workspace, report) {
    for (const project of projectsOf(workspace)) {
      for (const [name, service] of servicesOf(project)) {
        for (const { service: other, condition, path, part } of dependenciesOf(service)) {
          const wanted = project.service(other);
          // Only where the other one says when it is ready.
          if (condition !== undefined || mappingOf(wanted?.['healthcheck'])?.['test'] === undefined) continue;
          const spot = part === 'key' ? keyIn(project, name, ...path) : inService(project, name, ...path);
          report.find(
            spot,
            `"${name}" waits until "${other}" has started, not until its health check passes; write condition: service_healthy`,
          );
        }
      }
    }
  },
};
