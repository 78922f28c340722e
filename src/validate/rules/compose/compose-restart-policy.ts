import { inService, projectsOf, servicesOf } from '../../compose/project.ts';
import { listOf, mappingOf, valueAt } from '../../document.ts';
import type { Rule } from '../../rule.ts';

export const composeRestartPolicy: Rule = {
  id: 'compose-restart-policy',
  severity: 'notice',
  layer: 'policy',
  title: 'Long-running services are restarted when they end',
  why: 'Without a policy a service that crashes at night stays down, and nothing comes back after a restart of the host.',
  fix: 'Write `restart: unless-stopped`; for a job that runs once `restart: "no"`.',
  source: 'https://docs.docker.com/reference/compose-file/services/#restart',
  check(workspace, report) {
    for (const project of projectsOf(workspace)) {
      const jobs = completedServices(project.file.services);
      for (const [name] of servicesOf(project)) {
        const service = project.service(name) ?? {};
        const isSet =
          service['restart'] !== undefined || valueAt(service, ['deploy', 'restart_policy']) !== undefined;
        // Tools behind a profile are run by hand.
        const isTool =
          listOf(service['profiles']).length > 0 ||
          service['provider'] !== undefined ||
          jobs.has(name) ||
          service['extends'] !== undefined;
        if (!isSet && !isTool && !project.isOverride)
          report.find(
            inService(project, name),
            `"${name}" has no restart policy, so it stays down after a crash`,
          );
      }
    }
  },
};

/** Services that others wait for to be done. */
function completedServices(
  services: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): ReadonlySet<string> {
  return new Set(
    Object.values(services).flatMap((service) =>
      Object.entries(mappingOf(service['depends_on']) ?? {})
        .filter(([, options]) => mappingOf(options)?.['condition'] === 'service_completed_successfully')
        .map(([name]) => name),
    ),
  );
}
