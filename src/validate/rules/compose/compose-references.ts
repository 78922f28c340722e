import { didYouMean } from '../../../config/suggest.ts';
import { serviceReferences } from '../../compose/dependencies.ts';
import {
  inService,
  keyIn,
  type Mapping,
  type Project,
  pathFrom,
  projectsOf,
  type Section,
  servicesOf,
} from '../../compose/project.ts';
import { listOf, mappingOf, type Path, textOf } from '../../document.ts';
import type { Reporter, Rule } from '../../rule.ts';
import type { Workspace } from '../../workspace.ts';

export const composeReferences: Rule = {
  id: 'compose-references',
  severity: 'error',
  layer: 'cross-file',
  title: 'What a Compose file refers to exists',
  why: 'Compose refuses the whole project for one name that is not defined, or starts a service without the file that configures it.',
  fix: 'Define the service, network, volume, config or secret at the top level, or correct its name; mark an env file that may be missing with `required: false`.',
  source: 'https://docs.docker.com/reference/compose-file/services/',
  check(workspace, report) {
    for (const project of projectsOf(workspace)) {
      if (project.hasIncludes)
        report.skip(
          project.file.document,
          'include brings in services and networks that are not looked into; references are not checked',
        );
      for (const [name, service] of servicesOf(project)) {
        if (!project.hasIncludes) {
          checkServices(project, name, service, report);
          checkNames(project, name, service, report);
        }
        checkFiles(workspace, project, name, service, report);
      }
    }
  },
};

function checkServices(project: Project, name: string, service: Mapping, report: Reporter): void {
  const known = project.names('services');
  const profiles = listOf(service['profiles']);
  for (const { service: other, path, part, what } of serviceReferences(service)) {
    if (other.includes('$')) continue;
    const spot = part === 'key' ? keyIn(project, name, ...path) : inService(project, name, ...path);
    if (!known.has(other) && project.isInOtherOverride('services', other)) continue;
    if (!known.has(other)) {
      report.find(
        spot,
        `${what} names the service "${other}", which is not defined${didYouMean(other, [...known])}`,
      );
      continue;
    }
    const needed = listOf(project.service(other)?.['profiles']);
    const isOptional = mappingOf(mappingOf(service['depends_on'])?.[other])?.['required'] === false;
    if (
      what === 'depends_on' &&
      !isOptional &&
      needed.length > 0 &&
      !profiles.some((profile) => needed.includes(profile)) &&
      profiles.length === 0
    ) {
      report.find(
        spot,
        `depends_on names "${other}", which starts with the profile ${needed.join(' or ')} only, while "${name}" always starts`,
      );
    }
  }
}

interface Use {
  section: Section;
  name: string;
  path: Path;
  part: 'key' | 'value';
}

function checkNames(project: Project, name: string, service: Mapping, report: Reporter): void {
  for (const use of usesOf(service)) {
    const known = project.names(use.section);
    if (
      known.has(use.name) ||
      project.isInOtherOverride(use.section, use.name) ||
      use.name.includes('$') ||
      (use.section === 'networks' && use.name === 'default')
    )
      continue;
    const spot =
      use.part === 'key' ? keyIn(project, name, ...use.path) : inService(project, name, ...use.path);
    report.find(
      spot,
      `"${use.name}" is not defined under ${use.section} at the top level${didYouMean(use.name, [...known])}`,
    );
  }
}

function usesOf(service: Mapping): Use[] {
  const uses: Use[] = (['networks', 'models'] as const).flatMap((section) =>
    Object.keys(mappingOf(service[section]) ?? {}).map((name) => ({
      section,
      name,
      path: [section, name],
      part: 'key' as const,
    })),
  );
  for (const section of ['networks', 'models', 'configs', 'secrets'] as const) {
    listOf(service[section]).forEach((item, i) => {
      const source = textOf(mappingOf(item)?.['source']);
      const name = textOf(item) ?? source;
      if (name !== undefined)
        uses.push({
          section,
          name,
          path: source === undefined ? [section, i] : [section, i, 'source'],
          part: 'value',
        });
    });
  }
  listOf(mappingOf(service['build'])?.['secrets']).forEach((item, i) => {
    const name = textOf(item);
    if (name !== undefined)
      uses.push({ section: 'secrets', name, path: ['build', 'secrets', i], part: 'value' });
  });
  listOf(service['volumes']).forEach((item, i) => {
    const use = volumeUse(item);
    if (use !== undefined)
      uses.push({
        section: 'volumes',
        name: use,
        path: mappingOf(item) ? ['volumes', i, 'source'] : ['volumes', i],
        part: 'value',
      });
  });
  return uses;
}

/** The name of a named volume; paths and volumes without a name are none. */
function volumeUse(item: unknown): string | undefined {
  const options = mappingOf(item);
  if (options) return options['type'] === 'volume' ? textOf(options['source']) : undefined;
  const [source, target] = (textOf(item) ?? '').split(':');
  return target !== undefined &&
    source !== undefined &&
    /^[a-zA-Z0-9][\w.-]*$/.test(source) &&
    target.startsWith('/')
    ? source
    : undefined;
}

function checkFiles(
  workspace: Workspace,
  project: Project,
  name: string,
  service: Mapping,
  report: Reporter,
): void {
  const written = service['env_file'];
  const files: readonly { value: unknown; path: Path }[] = Array.isArray(written)
    ? written.map((value, i) => ({ value, path: ['env_file', i] }))
    : [{ value: written, path: ['env_file'] }];
  for (const { value, path } of files) {
    const options = mappingOf(value);
    if (options?.['required'] === false) continue;
    const file = textOf(value) ?? textOf(options?.['path']);
    const place = file === undefined ? undefined : pathFrom(project, file);
    if (place === undefined || workspace.exists(place)) continue;
    const at = inService(project, name, ...(options ? [...path, 'path'] : path));
    // Files with secrets are kept out of the repository on purpose.
    const isLocal = /(?:^|\/)\.env(?:$|\.)/.test(place);
    report.find(at, `the env file "${place}" does not exist${isLocal ? ' in the repository' : ''}`, {
      severity: isLocal ? 'notice' : 'error',
    });
  }
  const extended = mappingOf(service['extends']);
  const file = textOf(extended?.['file']);
  const place = file === undefined ? undefined : pathFrom(project, file);
  if (place === undefined) return;
  const other = workspace.composeFiles.find(({ document }) => document.file.path === place);
  const wanted = textOf(extended?.['service']);
  if (!workspace.exists(place))
    report.find(inService(project, name, 'extends', 'file'), `the file "${place}" does not exist`);
  else if (other && wanted !== undefined && !Object.hasOwn(other.services, wanted)) {
    report.find(
      inService(project, name, 'extends', 'service'),
      `"${place}" has no service "${wanted}"${didYouMean(wanted, Object.keys(other.services))}`,
    );
  }
}
