import { keyIn, type Mapping, projectsOf, servicesOf } from '../../compose/project.ts';
import { mappingOf } from '../../document.ts';
import type { Rule } from '../../rule.ts';

export const composeContainerName: Rule = {
  id: 'compose-container-name',
  severity: 'error',
  layer: 'policy',
  title: 'A service that runs more than once has no fixed container name',
  why: 'A name belongs to one container only: a second colour or replica cannot start beside the first, so that every release has to stop the old one before the new one is there.',
  fix: 'Remove `container_name`; give the service a network alias where others need a fixed name.',
  source: 'https://docs.docker.com/reference/compose-file/services/#container_name',
  check(workspace, report) {
    const components = workspace.release?.components ?? {};
    for (const project of projectsOf(workspace)) {
      for (const [name, service] of servicesOf(project)) {
        const fixed = service['container_name'];
        if (typeof fixed !== 'string' || fixed === '') continue;
        if (Object.hasOwn(components, name)) {
          report.find(
            keyIn(project, name, 'container_name'),
            `"${name}" is a component of cutover.yml, of which two colours run at once; a fixed container name allows one`,
          );
        } else if (isScaled({ ...project.service(name), ...service })) {
          report.find(
            keyIn(project, name, 'container_name'),
            `"${name}" has several replicas, and a fixed container name allows one`,
          );
        }
      }
    }
  },
};

function isScaled(service: Mapping): boolean {
  const count = service['scale'] ?? mappingOf(service['deploy'])?.['replicas'];
  const mode = mappingOf(service['deploy'])?.['mode'];
  return mode === 'global' || (typeof count === 'number' && count > 1);
}
