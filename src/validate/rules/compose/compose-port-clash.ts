import { clash, type Port, portsOf } from '../../compose/ports.ts';
import { inService, type Mapping, type Project, projectsOf, servicesOf } from '../../compose/project.ts';
import { listOf, mappingOf } from '../../document.ts';
import type { Reporter, Rule } from '../../rule.ts';

interface Published {
  service: string;
  profiles: readonly unknown[];
  port: Port;
}

export const composePortClash: Rule = {
  id: 'compose-port-clash',
  severity: 'error',
  layer: 'cross-file',
  title: 'No two containers publish the same port of the host',
  why: 'The second container does not start: "port is already allocated".',
  fix: 'Publish one of them on another port of the host, on another address, or not at all: services of a project reach each other without published ports.',
  source: 'https://docs.docker.com/reference/compose-file/services/#ports',
  check(workspace, report) {
    for (const project of projectsOf(workspace)) checkProject(project, report);
  },
};

function checkProject(project: Project, report: Reporter): void {
  const published: Published[] = [];
  for (const [service, value] of servicesOf(project)) {
    for (const port of portsOf(value)) {
      if (!port.published) continue;
      published.push({ service, profiles: listOf(value['profiles']), port });
      const count = replicasOf(value);
      const size = port.published.to - port.published.from + 1;
      if (count > 1 && port.target?.from === port.target?.to && size < count) {
        report.find(
          inService(project, service, ...port.path),
          `${count} replicas publish port ${port.published.from} of the host, which only one of them can have`,
        );
      }
    }
  }
  for (const [first, second] of clashesOf(published)) {
    const { from, to } = second.port.published ?? { from: 0, to: 0 };
    const what = from === to ? `port ${from}` : `ports ${from} to ${to}`;
    const other =
      first.service === second.service
        ? 'this service publishes it already'
        : `"${first.service}" publishes it already`;
    report.find(
      inService(project, second.service, ...second.port.path),
      `${what}/${second.port.protocol} of the host is taken: ${other}`,
    );
  }
}

const replicasOf = (service: Mapping): number => {
  const count = service['scale'] ?? mappingOf(service['deploy'])?.['replicas'];
  return typeof count === 'number' ? count : 1;
};

/** Sorted by port, so that only neighbours are compared. */
function clashesOf(published: readonly Published[]): [Published, Published][] {
  const order = new Map(published.map((each, i) => [each, i]));
  const sorted = published.toSorted((a, b) => (a.port.published?.from ?? 0) - (b.port.published?.from ?? 0));
  const found: [Published, Published][] = [];
  sorted.forEach((each, i) => {
    for (let j = i + 1; j < sorted.length; j += 1) {
      const other = sorted[j];
      if (!other || (other.port.published?.from ?? 0) > (each.port.published?.to ?? 0)) break;
      if (!clash(each.port, other.port) || areApart(each, other)) continue;
      found.push((order.get(each) ?? 0) < (order.get(other) ?? 0) ? [each, other] : [other, each]);
      // One clash a port is enough to tell.
      break;
    }
  });
  return found;
}

/** Services of different profiles are alternatives. */
const areApart = (a: Published, b: Published): boolean =>
  a.profiles.length > 0 &&
  b.profiles.length > 0 &&
  !a.profiles.some((profile) => b.profiles.includes(profile));
