import { colorLabel, colorOfName, withoutColor } from '../../cross-file/colors.ts';
import { allPods, podIndex } from '../../cross-file/pods.ts';
import { canMeet } from '../../cross-file/scope.ts';
import { selectingServices } from '../../cross-file/services.ts';
import { mappingOf, type Path, valueAt } from '../../document.ts';
import type { PodSpec } from '../../kubernetes/pods.ts';
import { labelSelector } from '../../kubernetes/selectors.ts';
import { isComplete, missingIn, named } from '../../kubernetes/workloads.ts';
import type { Reporter, Rule } from '../../rule.ts';
import type { Workspace } from '../../workspace.ts';

const selectorPath: Path = ['spec', 'selector'];

export const bothColorsSelector: Rule = {
  id: 'both-colors-selector',
  severity: 'error',
  layer: 'cross-file',
  title: 'A selector tells the two colours apart',
  why: 'A Service that selects both colours sends production traffic to the standby one while it is being prepared; workloads whose selectors match both confuse their autoscalers and budgets.',
  fix: 'Keep one Deployment without a colour for each component and let the cutover make the colours; or give each colour a label of its own in its template and its selector, and one Service each.',
  source: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/',
  check(workspace, report) {
    checkServices(workspace, report);
    for (const [blue, green] of coloredPairs(workspace)) {
      checkLabels(blue, green, report);
      checkSelectors(blue, green, { workspace, report });
      checkSelectors(green, blue, { workspace, report });
    }
  },
};

const colorOf = (pod: PodSpec): string | undefined =>
  colorOfName(pod.manifest.name) ?? colorLabel(pod.labels)?.color;

function checkServices(workspace: Workspace, report: Reporter): void {
  for (const { manifest, pods, isHeadless } of selectingServices(workspace)) {
    const blue = isHeadless ? undefined : pods.find((pod) => colorOf(pod) === 'blue');
    const green = blue && pods.find((pod) => colorOf(pod) === 'green');
    if (!blue || !green) continue;
    const message = `${named(manifest)} selects the pods of both colours, ${named(blue.manifest)} and ${named(green.manifest)}, so both get its traffic at once`;
    report.find({ document: manifest.document, path: selectorPath, part: 'key' }, message);
  }
}

type Pair = readonly [blue: PodSpec, green: PodSpec];

/** Workloads called `x-blue` and `x-green`. */
function coloredPairs(workspace: Workspace): readonly Pair[] {
  const colored = allPods(workspace).filter(
    (pod) => isComplete(pod) && colorOfName(pod.manifest.name) !== undefined,
  );
  const groups = Map.groupBy(colored, ({ manifest }) => `${manifest.kind}/${withoutColor(manifest.name)}`);
  return [...groups.values()].flatMap((pods) =>
    pods
      .filter(({ manifest }) => colorOfName(manifest.name) === 'blue')
      .flatMap((blue): Pair[] => {
        const green = pods.find(
          (pod) => colorOfName(pod.manifest.name) === 'green' && canMeet(pod.manifest, blue.manifest),
        );
        return green ? [[blue, green]] : [];
      }),
  );
}

const labelsPath = (pod: PodSpec): Path => [...pod.path.slice(0, -1), 'metadata', 'labels'];

/** Labels that are the same in both say nothing about the colour. */
function checkLabels(blue: PodSpec, green: PodSpec, report: Reporter): void {
  if (!isAlike(blue.labels, green.labels)) return;
  for (const [pod, other] of [
    [blue, green],
    [green, blue],
  ] as const) {
    const message = `pods of ${named(pod.manifest)} have the same labels as those of ${named(other.manifest)}, so that no Service can choose one colour; add a label with the colour`;
    report.find(missingIn(pod.manifest, labelsPath(pod)), message);
  }
}

function isAlike(a: PodSpec['labels'], b: PodSpec['labels']): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => a[key] === b[key]);
}

function checkSelectors(
  pod: PodSpec,
  other: PodSpec,
  { workspace, report }: { workspace: Workspace; report: Reporter },
): void {
  const value = valueAt(pod.manifest.value, selectorPath);
  const selector = mappingOf(value) && labelSelector(value);
  if (!selector || isAlike(pod.labels, other.labels)) return;
  const isBoth = podIndex(workspace)
    .selected(selector, pod.manifest)
    .some(({ manifest }) => manifest === other.manifest);
  if (!isBoth) return;
  const message = `${named(pod.manifest)} also selects the pods of ${named(other.manifest)}; add the colour to its selector`;
  report.find({ document: pod.manifest.document, path: selectorPath, part: 'key' }, message);
}
