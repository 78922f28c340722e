import { inService, projectsOf, servicesOf } from '../../compose/project.ts';
import type { Rule } from '../../rule.ts';

const effects = {
  network_mode: 'sees and binds every port of the host, so that two colours cannot listen side by side',
  pid: 'sees and can signal all processes of the host',
  ipc: 'shares memory with all processes of the host',
  userns_mode: 'is root on the host where it is root in the container',
  uts: 'can rename the host',
} as const;

/** As for pods, sharing processes or memory is worse than sharing ports. */
const seesOthers = new Set(['pid', 'ipc']);

export const composeHostNamespaces: Rule = {
  id: 'compose-host-namespaces',
  severity: 'warning',
  layer: 'policy',
  title: 'Services have namespaces of their own',
  why: "A service in the host's network, process or IPC namespace is not kept apart from the host, and cannot run in two colours side by side.",
  fix: 'Remove the key; publish the ports that are needed with `ports`.',
  source: 'https://docs.docker.com/reference/compose-file/services/#network_mode',
  check(workspace, report) {
    for (const project of projectsOf(workspace)) {
      for (const [name, service] of servicesOf(project)) {
        for (const [key, effect] of Object.entries(effects)) {
          if (service[key] !== 'host') continue;
          const severity = seesOthers.has(key) ? 'error' : 'warning';
          report.find(inService(project, name, key), `${key} is host: "${name}" ${effect}`, { severity });
        }
      }
    }
  },
};
