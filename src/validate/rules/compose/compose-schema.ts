import { entryProblem, inconsistencies } from '../../compose/consistency.ts';
import { portOf } from '../../compose/ports.ts';
import { inService, type Project, projectsOf, servicesOf } from '../../compose/project.ts';
import { misshapen } from '../../compose/spec/check.ts';
import { composeFile } from '../../compose/spec/file.ts';
import { type Document, listOf, mappingOf, type Path } from '../../document.ts';
import type { Edit } from '../../finding.ts';
import { editOf, withValue, writtenExtent } from '../../fix/mapping-edits.ts';
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
      checkShape(project, report);
      checkEntries(project, report);
      for (const [name, service] of servicesOf(project)) checkService(project, { name, service }, report);
    }
  },
};

function checkShape({ file: { document, value }, isOverride }: Project, report: Reporter): void {
  const start = { path: [], label: 'the file', isPartial: isOverride };
  for (const { path, part, message, lacksQuotes } of misshapen(value, composeFile, start))
    report.find(
      { document, path, part },
      message,
      editOf(lacksQuotes === true ? quoted(document, path) : undefined),
    );
}

/** As it is written: 0644 stays 0644. */
function quoted(document: Document, path: Path): Edit | undefined {
  const extent = writtenExtent(document, path);
  const text = extent && document.file.text.slice(extent.start, extent.end);
  return text !== undefined && /^[\w.+-]+$/.test(text) ? withValue(document, path, `"${text}"`) : undefined;
}

/** What the entries of the sections need beyond their shape. */
function checkEntries({ file: { document, value }, isOverride }: Project, report: Reporter): void {
  for (const [name, entry] of Object.entries(mappingOf(value['services']) ?? {})) {
    if (entry === null || entry === undefined)
      report.find(
        { document, path: ['services', name], part: 'key' },
        `services/${name} is empty; allowed: a mapping`,
      );
  }
  for (const section of isOverride ? [] : ['networks', 'volumes', 'configs', 'secrets']) {
    for (const [name, entry] of Object.entries(mappingOf(value[section]) ?? {})) {
      const problem = entryProblem(section, entry);
      if (!problem) continue;
      const path = [section, name, ...problem.path];
      report.find({ document, path, part: 'key' }, `${section}/${name}: ${problem.message}`);
    }
  }
}

interface Named {
  name: string;
  service: Readonly<Record<string, unknown>>;
}

function checkService(project: Project, { name, service }: Named, report: Reporter): void {
  const isComplete = ['image', 'build', 'extends', 'provider'].some((key) => service[key] !== undefined);
  if (!isComplete && !project.isOverride)
    report.find(inService(project, name), `the service "${name}" has neither image nor build`);
  for (const { path, message } of inconsistencies(service))
    report.find(inService(project, name, ...path), message);
  listOf(service['ports']).forEach((item, i) => {
    const problem = portProblem(item, ['ports', i]);
    if (problem !== undefined) report.find(inService(project, name, 'ports', i), problem);
  });
}

function portProblem(item: unknown, path: Path): string | undefined {
  const port = portOf(item, path);
  if (!port) {
    if (typeof item === 'string' && !item.includes('$'))
      return `"${item}" is not a port; allowed: [address:][published:]target[/protocol]`;
    return undefined;
  }
  // The long form's target is a number of its own, which its shape checks.
  for (const range of mappingOf(item) ? [port.published] : [port.published, port.target]) {
    if (range && (range.to > 65_535 || range.from > range.to))
      return `"${port.text}" is out of range; allowed: 1 to 65535`;
  }
  // YAML 1.1 readers take 22:22 for a number to the base of 60.
  return typeof item === 'number' && item > 65_535
    ? `${item} is out of range; a port with a colon has to be quoted`
    : undefined;
}
