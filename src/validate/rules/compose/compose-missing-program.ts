import { serviceContents } from '../../compose/images.ts';
import { inService, type Mapping, type Project, projectsOf, servicesOf } from '../../compose/project.ts';
import { programsNeeded, remedyOf } from '../../dockerfile/commands.ts';
import { programName, textCommands } from '../../dockerfile/shell.ts';
import { mappingOf, type Path } from '../../document.ts';
import type { Reporter, Rule } from '../../rule.ts';
import type { Workspace } from '../../workspace.ts';

export const composeMissingProgram: Rule = {
  id: 'compose-missing-program',
  severity: 'error',
  layer: 'cross-file',
  title: 'Health checks call programs that the image contains',
  why: 'A health check whose program is missing fails for ever: the container is never healthy and what waits for it never starts.',
  fix: 'Call a program of the image: `pg_isready`, `redis-cli ping`, `wget -q -O /dev/null` on Alpine, `node -e` or `python -c` on slim images.',
  source: 'https://docs.docker.com/reference/compose-file/services/#healthcheck',
  check(workspace, report) {
    for (const project of projectsOf(workspace)) {
      for (const [name, service] of servicesOf(project))
        checkService(workspace, project, { name, service, report });
    }
  },
};

interface Checked {
  name: string;
  service: Mapping;
  report: Reporter;
}

function checkService(workspace: Workspace, project: Project, { name, service, report }: Checked): void {
  const test = mappingOf(service['healthcheck'])?.['test'];
  const calls = callsOf(test);
  if (calls.length === 0) return;
  const contents = serviceContents(workspace, project, { ...project.service(name), ...service });
  if (!contents) {
    report.skip(
      project.file.document,
      `whether "${name}" has ${calls.map(({ program }) => programName(program)).join(', ')} cannot be told: its image is not known`,
    );
    return;
  }
  for (const { program, path } of calls) {
    const { state, because } = contents.presence(program);
    const called = programName(program);
    if (state === 'unknown' && because !== undefined)
      report.skip(project.file.document, `whether "${name}" has ${called} cannot be told: ${because}`);
    if (state !== 'absent') continue;
    const remedy =
      service['build'] === undefined
        ? remedyOf(called, contents).replace(/(?:, or )?install.*$/, '')
        : remedyOf(called, contents);
    report.find(
      inService(project, name, 'healthcheck', ...path),
      `the health check calls ${called}, but the image (${contents.base}) has no ${called}${remedy === '' ? '' : `; ${remedy}`}`,
    );
    return;
  }
}

/** Of `[CMD, …]`, `[CMD-SHELL, …]` and text, which is run by a shell. */
function callsOf(test: unknown): readonly { program: string; path: Path }[] {
  if (typeof test === 'string') return shellCalls(test, ['test']);
  if (!Array.isArray(test)) return [];
  const [kind, first]: unknown[] = test;
  if (typeof first !== 'string') return [];
  if (kind === 'CMD') return [{ program: first, path: ['test', 1] }];
  return kind === 'CMD-SHELL' ? shellCalls(first, ['test', 1]) : [];
}

const builtins = /^(?:exit|test|\[|\[\[|echo|true|false|cd|exec|export|set|kill|:)$/;

const shellCalls = (script: string, path: Path): readonly { program: string; path: Path }[] => [
  { program: 'sh', path },
  ...programsNeeded(textCommands(script.replaceAll('$$', '$'), 0))
    .filter(({ program }) => !builtins.test(program))
    .map(({ program }) => ({ program, path })),
];
