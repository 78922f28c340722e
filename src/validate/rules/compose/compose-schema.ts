import { didYouMean } from '../../../config/suggest.ts';
import { innerKeys, kindNames, kindOf, kinds, serviceKeys, topKeys } from '../../compose/keys.ts';
import { portOf } from '../../compose/ports.ts';
import { inService, keyIn, type Mapping, type Project, projectsOf } from '../../compose/project.ts';
import { listOf, mappingOf, type Path } from '../../document.ts';
import type { Reporter, Rule } from '../../rule.ts';

export const composeSchema: Rule = {
  id: 'compose-schema',
  severity: 'error',
  layer: 'schema',
  title: 'Compose files follow the Compose specification',
  why: 'Compose refuses the whole file for one unknown key or a value of the wrong kind, at the moment when it should start the services.',
  fix: 'Write the key as the specification names it; keys of your own begin with `x-`.',
  source: 'https://docs.docker.com/reference/compose-file/',
  check(workspace, report) {
    for (const project of projectsOf(workspace)) {
      const { document, value } = project.file;
      unknownKeys(value, topKeys).forEach(({ key, hint }) => {
        report.find({ document, path: [key], part: 'key' }, `"${key}" is not a key of a Compose file${hint}`);
      });
      for (const section of ['services', 'networks', 'volumes', 'configs', 'secrets'])
        checkSection(project, section, report);
      for (const [name, service] of Object.entries(project.file.services))
        checkService(project, name, service, report);
    }
  },
};

const unknownKeys = (value: Mapping, known: readonly string[]): { key: string; hint: string }[] =>
  Object.keys(value)
    .filter((key) => !known.includes(key) && !key.startsWith('x-'))
    .map((key) => ({ key, hint: didYouMean(key, known) }));

function checkSection({ file: { document, value } }: Project, section: string, report: Reporter): void {
  const written = value[section];
  if (written === null || written === undefined) return;
  const entries = mappingOf(written);
  if (!entries) {
    report.find(
      { document, path: [section] },
      `${section} is ${nameOf(written)}; allowed: a mapping of names`,
    );
    return;
  }
  for (const [name, entry] of Object.entries(entries)) {
    const isEmpty = entry === null || entry === undefined;
    if (!/^[a-zA-Z0-9._-]+$/.test(name))
      report.find(
        { document, path: [section, name], part: 'key' },
        `"${name}" is not a name; allowed: letters, digits, dots, hyphens and underscores`,
      );
    if (!mappingOf(entry) && !(isEmpty && section !== 'services')) {
      report.find(
        { document, path: [section, name], part: 'key' },
        `${section}/${name} is ${nameOf(entry)}; allowed: a mapping`,
      );
    }
  }
}

const nameOf = (value: unknown): string => {
  const kind = kindOf(value);
  return kind === undefined ? 'empty' : kindNames[kind];
};

function checkService(project: Project, name: string, service: Mapping, report: Reporter): void {
  for (const { key, hint } of unknownKeys(service, serviceKeys))
    report.find(keyIn(project, name, key), `"${key}" is not a key of a service${hint}`);
  for (const [key, known] of Object.entries(innerKeys)) {
    for (const { key: inner, hint } of unknownKeys(mappingOf(service[key]) ?? {}, known)) {
      report.find(keyIn(project, name, key, inner), `"${inner}" is not a key of ${key}${hint}`);
    }
  }
  for (const [key, allowed] of Object.entries(kinds)) {
    const kind = kindOf(service[key]);
    if (kind === undefined || allowed.includes(kind)) continue;
    report.find(
      inService(project, name, key),
      `${key} is ${kindNames[kind]}; allowed: ${allowed.map((each) => kindNames[each]).join(' or ')}`,
    );
  }
  const isComplete = ['image', 'build', 'extends', 'provider'].some((key) => service[key] !== undefined);
  if (!isComplete && !project.isOverride)
    report.find(inService(project, name), `the service "${name}" has neither image nor build`);
  checkValues(project, name, service, report);
}

function checkValues(project: Project, name: string, service: Mapping, report: Reporter): void {
  const find = (path: Path, message: string): void => report.find(inService(project, name, ...path), message);
  const restart = service['restart'];
  if (typeof restart === 'string' && !/^(?:no|always|unless-stopped|on-failure(?::\d+)?)$|\$/.test(restart)) {
    find(
      ['restart'],
      `"${restart}" is no restart policy; allowed: no, always, on-failure, on-failure:<times>, unless-stopped`,
    );
  }
  for (const [dependency, options] of Object.entries(mappingOf(service['depends_on']) ?? {})) {
    const condition = mappingOf(options)?.['condition'];
    const allowed = ['service_started', 'service_healthy', 'service_completed_successfully'];
    if (typeof condition === 'string' && !allowed.includes(condition)) {
      find(
        ['depends_on', dependency, 'condition'],
        `"${condition}" is no condition; allowed: ${allowed.join(', ')}${didYouMean(condition, allowed)}`,
      );
    }
  }
  listOf(service['ports']).forEach((item, i) => {
    const problem = portProblem(item, ['ports', i]);
    if (problem !== undefined) find(['ports', i], problem);
  });
}

function portProblem(item: unknown, path: Path): string | undefined {
  if (mappingOf(item)?.['target'] === undefined && mappingOf(item)) return 'the port has no target';
  const port = portOf(item, path);
  if (!port) {
    if (typeof item === 'string' && !item.includes('$'))
      return `"${item}" is not a port; allowed: [address:][published:]target[/protocol]`;
    return undefined;
  }
  for (const range of [port.published, port.target]) {
    if (range && (range.to > 65_535 || range.from > range.to))
      return `"${port.text}" is out of range; allowed: 1 to 65535`;
  }
  // YAML 1.1 readers take 22:22 for a number to the base of 60.
  return typeof item === 'number' && item > 65_535
    ? `${item} is out of range; a port with a colon has to be quoted`
    : undefined;
}
