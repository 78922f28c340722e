import { type Reference, serviceReferences } from '../../compose/dependencies.ts';
import { inService, keyIn, type Project, projectsOf, servicesOf } from '../../compose/project.ts';
import type { Reporter, Rule } from '../../rule.ts';

export const composeCycle: Rule = {
  id: 'compose-cycle',
  severity: 'error',
  layer: 'cross-file',
  title: 'Services do not depend on each other in a circle',
  why: 'Compose cannot tell which one to start first and refuses the project.',
  fix: 'Remove one depends_on, link or shared namespace of the circle; let that service try again until the other one answers.',
  source: 'https://docs.docker.com/reference/compose-file/services/#depends_on',
  check(workspace, report) {
    for (const project of projectsOf(workspace)) checkProject(project, report);
  },
};

/** Depth first; each circle is told once, at the reference that closes it. */
function checkProject(project: Project, report: Reporter): void {
  const state = new Map<string, 'open' | 'done'>();
  for (const [start] of servicesOf(project)) {
    const way: { name: string; rest: Reference[] }[] = [];
    const enter = (name: string): void => {
      state.set(name, 'open');
      const service = project.file.services[name];
      way.push({ name, rest: service ? [...serviceReferences(service)].reverse() : [] });
    };
    if (!state.has(start)) enter(start);
    while (way.length > 0) {
      const top = way.at(-1);
      const next = top?.rest.pop();
      if (!top || !next) {
        if (top) state.set(top.name, 'done');
        way.pop();
      } else if (state.get(next.service) === 'open') {
        const names = way.map(({ name }) => name);
        const circle = [...names.slice(names.indexOf(next.service)), next.service];
        const spot =
          next.part === 'key'
            ? keyIn(project, top.name, ...next.path)
            : inService(project, top.name, ...next.path);
        report.find(spot, `services depend on each other in a circle: ${circle.slice(0, 12).join(' → ')}`);
      } else if (!state.has(next.service) && Object.hasOwn(project.file.services, next.service))
        enter(next.service);
    }
  }
}
