import { didYouMean } from '../../config/suggest.ts';
import { listOf, mappingOf, type Path, textOf, valueAt } from '../document.ts';
import { declaredPorts } from '../kubernetes/ports.ts';
import { labelSelector, matches, type Selector, selectsAll } from '../kubernetes/selectors.ts';
import { lasting, named, spotOf } from '../kubernetes/workloads.ts';
import type { Reporter } from '../rule.ts';
import type { Manifest, Workspace } from '../workspace.ts';
import { LabelIndex, type Labelled } from './labels.ts';
import { objectsOf } from './names.ts';
import { podIndex } from './pods.ts';
import { canMeet, sameEnvironment } from './scope.ts';
import { servicePorts } from './services.ts';

interface Task {
  manifest: Manifest;
  workspace: Workspace;
  report: Reporter;
}

/** Checks the selector and the ports of ServiceMonitors and PodMonitors. */
export function checkMonitors(workspace: Workspace, report: Reporter): void {
  for (const manifest of workspace.manifests) {
    if (!manifest.apiVersion.startsWith('monitoring.coreos.com/')) continue;
    if (manifest.kind === 'ServiceMonitor') checkServiceMonitor({ manifest, workspace, report });
    if (manifest.kind === 'PodMonitor') checkPodMonitor({ manifest, workspace, report });
  }
}

/** Those in the namespaces that the monitor looks into: its own, or the listed ones. */
function isWatched(monitor: Manifest, other: Manifest): boolean {
  const wanted = mappingOf(valueAt(monitor.value, ['spec', 'namespaceSelector']));
  if (!wanted) return canMeet(monitor, other);
  if (!sameEnvironment(monitor, other)) return false;
  const names = listOf(wanted['matchNames']);
  if (wanted['any'] === true || other.namespace === undefined) return true;
  return names.length === 0 ? canMeet(monitor, other) : names.includes(other.namespace);
}

const selectorOf = ({ value }: Manifest): Selector | undefined => {
  const selector = labelSelector(valueAt(value, ['spec', 'selector']));
  return selector && !selectsAll(selector) ? selector : undefined;
};

/** Namespaces with Services that nobody's manifests make: of DNS, of the kubelets, and of the API server itself. */
const clusterNamespaces = new Set(['kube-system', 'kube-public', 'openshift-dns', 'openshift-monitoring']);
const apiServerLabels = { component: 'apiserver', provider: 'kubernetes' };

function watchesCluster(monitor: Manifest): boolean {
  const names = listOf(valueAt(monitor.value, ['spec', 'namespaceSelector', 'matchNames']));
  const spaces = names.length > 0 ? names : [monitor.namespace];
  if (spaces.some((name) => clusterNamespaces.has(String(name)))) return true;
  const selector = selectorOf(monitor);
  return spaces.includes('default') && selector !== undefined && matches(selector, apiServerLabels);
}

const services = new WeakMap<Workspace, LabelIndex<Labelled>>();

/** Services by their own labels. */
function serviceIndex(workspace: Workspace): LabelIndex<Labelled> {
  const known = services.get(workspace);
  if (known) return known;
  const found = new LabelIndex(
    objectsOf(workspace, 'Service').all.map(({ manifest }) => ({ manifest, labels: labelsOf(manifest) })),
  );
  services.set(workspace, found);
  return found;
}

const labelsOf = ({ value }: Manifest): Readonly<Record<string, string>> =>
  (mappingOf(valueAt(value, ['metadata', 'labels'])) ?? {}) as Record<string, string>;

/** What a monitor selects in the namespaces that it looks into; tells where that is nothing. */
function watched<Item extends Labelled>(task: Task, index: LabelIndex<Item>, what: string): readonly Item[] {
  const { manifest, report } = task;
  const selector = selectorOf(manifest);
  if (!selector) return [];
  const found = index
    .candidates(selector)
    .filter((one) => matches(selector, one.labels) && isWatched(manifest, one.manifest));
  if (found.length > 0) return found;
  if (what === 'Service' && watchesCluster(manifest)) {
    report.skip(manifest.document, `${named(manifest)} may select Services that the cluster makes`);
    return [];
  }
  if (!index.all.some((one) => isWatched(manifest, one.manifest))) {
    report.skip(manifest.document, `no ${what} beside ${named(manifest)} to compare its selector with`);
    return [];
  }
  const spot = { document: manifest.document, path: ['spec', 'selector'], part: 'key' } as const;
  const whose = what === 'pod' ? "the pods'" : "the Service's own";
  const message = `${named(manifest)} selects no ${what}, so it scrapes nothing; its selector must match ${whose} labels`;
  report.find(spot, message);
  return [];
}

function checkServiceMonitor(task: Task): void {
  const { manifest, report } = task;
  const found = watched(task, serviceIndex(task.workspace), 'Service').map((one) => one.manifest);
  if (found.length === 0) return;
  const ports = found.flatMap(servicePorts);
  const names = ports.flatMap(({ name }) => name ?? []);
  const isNumber = (text: string): boolean => ports.some(({ port }) => String(port) === text);
  for (const { endpoint, path } of endpointsOf(manifest, 'endpoints')) {
    const port = textOf(endpoint['port']);
    if (port === undefined || names.includes(port)) continue;
    const hint = isNumber(port) ? '; it takes the name of a port, not its number' : didYouMean(port, names);
    const message = `${named(manifest)} scrapes port "${port}", which ${listed(found)} does not have${hint}`;
    report.find(spotOf(manifest, [...path, 'port']), message);
  }
}

function checkPodMonitor(task: Task): void {
  const { manifest, report } = task;
  const pods = watched(task, podIndex(task.workspace), 'pod');
  if (pods.length === 0) return;
  const where = listed(pods.map((pod) => pod.manifest));
  const ports = pods.flatMap(lasting).flatMap(declaredPorts);
  const names = ports.flatMap(({ name }) => name ?? []);
  const numbers = ports.flatMap(({ number }) => number ?? []);
  for (const { endpoint, path } of endpointsOf(manifest, 'podMetricsEndpoints')) {
    const port = textOf(endpoint['port']);
    const number = endpoint['portNumber'];
    if (port !== undefined && !names.includes(port)) {
      const message = `${named(manifest)} scrapes port "${port}", which ${where} does not have${didYouMean(port, names)}`;
      report.find(spotOf(manifest, [...path, 'port']), message);
    }
    if (port !== undefined || typeof number !== 'number') continue;
    if (numbers.length === 0 || numbers.includes(number)) continue;
    const message = `${named(manifest)} scrapes port ${number}, which ${where} does not have`;
    report.find(spotOf(manifest, [...path, 'portNumber']), message);
  }
}

function endpointsOf(
  manifest: Manifest,
  key: string,
): readonly { endpoint: Readonly<Record<string, unknown>>; path: Path }[] {
  return listOf(valueAt(manifest.value, ['spec', key])).flatMap((item, index) => {
    const endpoint = mappingOf(item);
    return endpoint ? [{ endpoint, path: ['spec', key, index] }] : [];
  });
}

/** The first two by name. */
const listed = (manifests: readonly Manifest[]): string => manifests.slice(0, 2).map(named).join(' or ');
