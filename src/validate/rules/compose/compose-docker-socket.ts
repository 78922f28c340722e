import { inService, keyIn, projectsOf, servicesOf } from '../../compose/project.ts';
import { listOf, mappingOf, textOf } from '../../document.ts';
import type { Rule } from '../../rule.ts';

export const composeDockerSocket: Rule = {
  id: 'compose-docker-socket',
  severity: 'error',
  layer: 'policy',
  title: 'No service gets the socket of the container engine',
  why: 'Whoever can write to the socket can start a privileged container, which is root on the host; read-only does not change that.',
  fix: 'Remove the mount; where containers have to be listed, put a proxy in front that allows those requests only.',
  source: 'https://docs.docker.com/engine/security/#docker-daemon-attack-surface',
  check(workspace, report) {
    for (const project of projectsOf(workspace)) {
      for (const [name, service] of servicesOf(project)) {
        listOf(service['volumes']).forEach((item, i) => {
          const options = mappingOf(item);
          const source = options ? textOf(options['source']) : textOf(item)?.split(':')[0];
          if (
            source === undefined ||
            !/(?:docker|containerd|podman|crio)\.sock$|^\/(?:var\/)?run\/?$|^\/$/.test(source)
          )
            return;
          const spot = options
            ? inService(project, name, 'volumes', i, 'source')
            : inService(project, name, 'volumes', i);
          report.find(spot, `"${source}" gives "${name}" control over the host`);
        });
        if (service['use_api_socket'] === true)
          report.find(
            keyIn(project, name, 'use_api_socket'),
            `use_api_socket gives "${name}" control over the host`,
          );
      }
    }
  },
};
