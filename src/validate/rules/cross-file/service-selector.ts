import { didYouMean } from '../../../config/suggest.ts';
import { colorOfName, componentName } from '../../cross-file/colors.ts';
import { objectsOf } from '../../cross-file/names.ts';
import { hiddenPodsBeside, podIndex } from '../../cross-file/pods.ts';
import { type SelectingService, selectingServices } from '../../cross-file/services.ts';
import { type PodSpec, podSpecOf } from '../../kubernetes/pods.ts';
import { named, spotOf } from '../../kubernetes/workloads.ts';
import type { Reporter, Rule, Spot } from '../../rule.ts';
import type { Workspace } from '../../workspace.ts';

export const serviceSelector: Rule = {
  id: 'service-selector',
  severity: 'error',
  layer: 'cross-file',
  title: 'A Service selects the pods of one component',
  why: 'A selector that matches nothing leaves the Service without endpoints and every request is refused; one that matches too much sends a share of the requests to pods that were never meant to answer them.',
  fix: "Write labels under the Service's `spec.selector` that the pod template of the component has, and that no other workload of the namespace has.",
  source: 'https://kubernetes.io/docs/concepts/services-networking/service/',
  check(workspace, report) {
    for (const service of selectingServices(workspace)) {
      if (service.pods.length === 0) tellNothing(service, workspace, report);
      else checkMeant(service, workspace, report);
    }
  },
};

const selectorOf = ({ manifest }: SelectingService): Spot => ({
  document: manifest.document,
  path: ['spec', 'selector'],
  part: 'key',
});

function tellNothing(service: SelectingService, workspace: Workspace, report: Reporter): void {
  const { manifest, labels } = service;
  const index = podIndex(workspace);
  const beside = index.beside(manifest);
  const wrong = Object.entries(labels).filter(
    ([key, value]) => index.labelled(key, value, manifest).length === 0,
  );
  if (beside.length === 0) {
    report.skip(manifest.document, `no workload beside ${named(manifest)} to compare its selector with`);
    return;
  }
  const hidden = hiddenPodsBeside(workspace, manifest);
  const near = nearestPod(service, [...namesakes(service, workspace), ...beside.slice(0, mostCompared)]);
  if (hidden && near.difference === undefined) {
    report.skip(manifest.document, `${named(manifest)} may select pods that ${named(hidden)} makes`);
    return;
  }
  const [key, value] = wrong[0] ?? [];
  const spot = key === undefined ? selectorOf(service) : spotOf(manifest, ['spec', 'selector', key]);
  const what = key === undefined ? 'labels that no pod has together' : `${key}: ${value}, which no pod has`;
  report.find(spot, `${named(manifest)} selects ${what}, so it has no endpoints${near.difference ?? ''}`);
}

/** So many pods are compared with a selector that matches none. */
const mostCompared = 200;

/** Pods of workloads that bear the Service's name. */
const namesakes = ({ manifest }: SelectingService, workspace: Workspace): readonly PodSpec[] =>
  ['Deployment', 'StatefulSet', 'DaemonSet', 'Rollout']
    .flatMap((kind) => objectsOf(workspace, kind).named(manifest.name, manifest))
    .flatMap((item) => podSpecOf(item.manifest) ?? []);

/** The workload that the Service most likely means, and how it differs. */
function nearestPod(service: SelectingService, pods: readonly PodSpec[]): { difference: string | undefined } {
  const entries = Object.entries(service.labels);
  for (const pod of pods) {
    const wrong = entries.filter(([key, value]) => String(pod.labels[key]) !== String(value));
    const [key, value] = wrong[0] ?? [];
    if (key === undefined || wrong.length > 1) continue;
    const given = Object.hasOwn(pod.labels, key) ? String(pod.labels[key]) : undefined;
    const isMeant =
      entries.length > 1 || componentName(pod.manifest.name) === componentName(service.manifest.name);
    if (given !== undefined && (isMeant || didYouMean(String(value), [given]) !== ''))
      return { difference: `; ${named(pod.manifest)} has ${key}: ${given}` };
    const misspelt = given === undefined && didYouMean(key, Object.keys(pod.labels));
    if (misspelt) return { difference: misspelt };
    if (given === undefined && isMeant) return { difference: `; ${named(pod.manifest)} has no label ${key}` };
  }
  return { difference: undefined };
}

function checkMeant(service: SelectingService, workspace: Workspace, report: Reporter): void {
  const { manifest, pods, isHeadless } = service;
  const byComponent = Map.groupBy(pods, identity);
  const [first, ...others] = [...byComponent.values()].sort((a, b) => rank(service, a) - rank(service, b));
  const meant = first?.[0];
  // A headless Service can be there to find all pods of a system.
  const other = isHeadless ? undefined : others[0]?.[0];
  if (meant && other) {
    const isTask = ['Job', 'CronJob'].includes(other.manifest.kind);
    const message = `${named(manifest)} selects pods of ${named(meant.manifest)} and of ${named(other.manifest)}; add a label that only the pods meant have`;
    report.find(selectorOf(service), message, { severity: isTask ? 'error' : 'warning' });
    return;
  }
  if (meant) checkNamesake(service, meant, { workspace, report });
}

/** The one that bears the Service's name first, what ends by itself last. */
function rank({ manifest }: SelectingService, [pod]: readonly PodSpec[]): number {
  if (!pod) return 3;
  if (componentName(pod.manifest.name) === componentName(manifest.name)) return 0;
  return ['Job', 'CronJob'].includes(pod.manifest.kind) ? 2 : 1;
}

const identity = ({ manifest }: PodSpec): string => componentName(manifest.name);

/** A Service of one workload's name that selects another's pods. */
function checkNamesake(
  service: SelectingService,
  meant: PodSpec,
  { workspace, report }: { workspace: Workspace; report: Reporter },
): void {
  const { manifest } = service;
  const wantedColor = colorOfName(manifest.name);
  const givenColor = colorOfName(meant.manifest.name);
  const isOther = identity(meant) !== componentName(manifest.name);
  if (!isOther && (wantedColor === undefined || givenColor === undefined || wantedColor === givenColor))
    return;
  const namesake = ['Deployment', 'StatefulSet', 'DaemonSet']
    .flatMap((kind) => objectsOf(workspace, kind).named(manifest.name, manifest))
    .find((item) => podSpecOf(item.manifest) !== undefined);
  if (!namesake || namesake.manifest === meant.manifest) return;
  report.find(
    selectorOf(service),
    `${named(manifest)} selects pods of ${named(meant.manifest)}, not of the ${namesake.manifest.kind} of its own name`,
    { severity: 'warning' },
  );
}
