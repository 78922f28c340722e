import { relative } from 'node:path';
import { join } from 'node:path/posix';
import type { Component } from '../../../config/model.ts';
import { didYouMean } from '../../../config/suggest.ts';
import { type Document, mappingOf, textOf, valueAt } from '../../document.ts';
import { componentOf } from '../../kubernetes/components.ts';
import type { PodSpec } from '../../kubernetes/pods.ts';
import { declaredPorts } from '../../kubernetes/ports.ts';
import { completePods, lasting, named, runsForEver } from '../../kubernetes/workloads.ts';
import { readYaml } from '../../read/yaml.ts';
import type { Reporter, Rule } from '../../rule.ts';
import type { Workspace } from '../../workspace.ts';

export const componentReference: Rule = {
  id: 'component-reference',
  severity: 'error',
  layer: 'cross-file',
  title: 'What cutover.yml says of a component fits the files',
  why: 'A component whose folder does not exist fails only at its build; a health path that the pods do not probe makes the release judge something else than the cluster does.',
  fix: 'Write a folder relative to cutover.yml under `context`, and the path and port of the readiness probe under `health.http` and `port`.',
  check(workspace, report) {
    const { release } = workspace;
    const document = release && releaseDocument(workspace, release.folder);
    if (!release || !document) return;
    const pods = podsByComponent(workspace);
    const base = relative(workspace.root, release.folder).replaceAll('\\', '/');
    for (const component of Object.values(release.components)) {
      checkFolders({ workspace, document, component, report, base });
      checkProbes({ document, component, report }, pods.get(component.name) ?? []);
    }
  },
};

/** The file that holds the components; its name can be chosen. */
function releaseDocument(workspace: Workspace, folder: string): Document | undefined {
  const base = relative(workspace.root, folder).replaceAll('\\', '/');
  const files = [...workspace.files.values()].filter(
    ({ path }) => /\.ya?ml$/i.test(path) && join(path, '..') === (base === '' ? '.' : base),
  );
  const first = files.find(({ path }) => /(?:^|\/)cutover\.ya?ml$/.test(path));
  const candidates = first ? [first] : files.filter(({ text }) => /^components:/m.test(text));
  return candidates
    .flatMap((file) => readYaml(file).documents)
    .find(({ value }) => mappingOf(valueAt(value, ['components'])));
}

function podsByComponent(workspace: Workspace): ReadonlyMap<string, readonly PodSpec[]> {
  const pods = completePods(workspace).filter(runsForEver);
  return Map.groupBy(pods, (pod) => componentOf(workspace, pod)?.name ?? '');
}

interface Task {
  document: Document;
  component: Component;
  report: Reporter;
}

function checkFolders({
  workspace,
  document,
  component,
  report,
  base,
}: Task & { workspace: Workspace; base: string }): void {
  for (const keys of [['context'], ['build', 'context']]) {
    const path = ['components', component.name, ...keys];
    const given = textOf(valueAt(document.value, path));
    if (given === undefined || given.includes('${')) continue;
    const folder = join(base, given).replace(/\/$/, '');
    if (folder === '.' || folder === '' || folder.startsWith('..') || workspace.exists(folder)) continue;
    const guess = didYouMean(folder, foldersOf(workspace));
    report.find(
      { document, path },
      `component "${component.name}" is in "${given}", which is not a folder of the workspace${guess}`,
    );
  }
}

function foldersOf(workspace: Workspace): readonly string[] {
  const folders = [...workspace.files.keys()].flatMap((path) => {
    const parts = path.split('/').slice(0, -1);
    return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
  });
  return [...new Set(folders)].slice(0, 200);
}

/** Only what is written is compared: a default says nothing about the pods. */
function checkProbes({ document, component, report }: Task, pods: readonly PodSpec[]): void {
  const [first] = pods;
  if (!first) return;
  const containers = pods.flatMap(lasting);
  const probes = containers.flatMap(({ value }) =>
    ['readinessProbe', 'startupProbe', 'livenessProbe'].flatMap(
      (key) => textOf(valueAt(value, [key, 'httpGet', 'path'])) ?? [],
    ),
  );
  const health = ['components', component.name, 'health', 'http'];
  const path = textOf(valueAt(document.value, health));
  // Without a readiness probe there is nothing that says the same; readiness-probe tells that.
  const says = containers.some(({ value }) => valueAt(value, ['readinessProbe']) !== undefined);
  if (path !== undefined && says && probes.length > 0 && !probes.includes(path)) {
    const message = `component "${component.name}" is healthy by ${path}, but ${named(first.manifest)} probes ${[...new Set(probes)].join(', ')}`;
    report.find({ document, path: health }, message, { severity: 'warning' });
  }
  const ports = containers.flatMap(declaredPorts).flatMap(({ number }) => number ?? []);
  const given = valueAt(document.value, ['components', component.name, 'port']);
  if (typeof given !== 'number' || given === 0 || ports.length === 0 || ports.includes(given)) return;
  const message = `component "${component.name}" has port ${given}, but ${named(first.manifest)} declares ${[...new Set(ports)].join(', ')}`;
  report.find({ document, path: ['components', component.name, 'port'] }, message, { severity: 'warning' });
}
