import { inService, projectsOf, servicesOf } from '../../compose/project.ts';
import { listOf, valueAt } from '../../document.ts';
import type { Rule } from '../../rule.ts';

export const composeMemoryLimit: Rule = {
  id: 'compose-memory-limit',
  severity: 'notice',
  layer: 'policy',
  title: 'Services have a memory limit',
  why: 'A leak in one service takes the memory of the whole host: the kernel then ends whichever process it likes, maybe the one that trades.',
  fix: 'Write `mem_limit: 512m` or `deploy: { resources: { limits: { memory: 512M } } }`, well above the measured peak.',
  source: 'https://docs.docker.com/reference/compose-file/deploy/#resources',
  check(workspace, report) {
    for (const project of projectsOf(workspace)) {
      for (const [name] of servicesOf(project)) {
        const service = project.service(name) ?? {};
        const isSet =
          service['mem_limit'] !== undefined ||
          valueAt(service, ['deploy', 'resources', 'limits', 'memory']) !== undefined;
        const isTool =
          listOf(service['profiles']).length > 0 ||
          service['provider'] !== undefined ||
          service['extends'] !== undefined;
        if (!isSet && !isTool && !project.isOverride)
          report.find(
            inService(project, name),
            `"${name}" has no memory limit, so a leak in it takes the memory of the host`,
          );
      }
    }
  },
};
