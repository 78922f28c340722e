import { inService, projectsOf, servicesOf } from '../../compose/project.ts';
import { listOf, textOf } from '../../document.ts';
import type { Rule } from '../../rule.ts';

/** Each of them is a way to the host; capabilities(7). */
const dangerous: ReadonlySet<string> = new Set([
  'ALL',
  'SYS_ADMIN',
  'SYS_MODULE',
  'SYS_PTRACE',
  'SYS_RAWIO',
  'DAC_READ_SEARCH',
  'BPF',
]);

export const composePrivileged: Rule = {
  id: 'compose-privileged',
  severity: 'error',
  layer: 'policy',
  title: 'Services do not run privileged',
  why: 'A privileged container can load modules, write disks and see all processes: who takes over the service has the host.',
  fix: 'Remove `privileged` and add the one capability that is needed, such as `cap_add: [NET_BIND_SERVICE]`; keep seccomp and AppArmor on.',
  source: 'https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities',
  check(workspace, report) {
    for (const project of projectsOf(workspace)) {
      for (const [name, service] of servicesOf(project)) {
        if (service['privileged'] === true || service['privileged'] === 'true')
          report.find(inService(project, name, 'privileged'), `"${name}" runs privileged`);
        listOf(service['cap_add']).forEach((item, i) => {
          const capability = (textOf(item) ?? '').toUpperCase().replace(/^CAP_/, '');
          if (dangerous.has(capability))
            report.find(
              inService(project, name, 'cap_add', i),
              `the capability ${capability} is as good as the rights of the host`,
            );
        });
        listOf(service['security_opt']).forEach((item, i) => {
          if (/^(?:seccomp|apparmor)[:=]unconfined$|^label[:=]disable$/.test(textOf(item) ?? ''))
            report.find(
              inService(project, name, 'security_opt', i),
              `"${textOf(item) ?? ''}" switches a protection of the host off`,
              { severity: 'warning' },
            );
        });
      }
    }
  },
};
