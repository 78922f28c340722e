import { makesPods } from '../../cross-file/pods.ts';
import { valueAt } from '../../document.ts';
import { type Budget, budgets, selectorPath } from '../../kubernetes/budgets.ts';
import { amountOf, replicasOf } from '../../kubernetes/replicas.ts';
import { sameNamespace } from '../../kubernetes/selectors.ts';
import { completePods, missingIn, named, runsForEver, spotOf } from '../../kubernetes/workloads.ts';
import type { Reporter, Rule } from '../../rule.ts';
import type { Manifest, Workspace } from '../../workspace.ts';

export const pdb: Rule = {
  id: 'pdb',
  severity: 'warning',
  layer: 'policy',
  title: 'Replicated workloads have a disruption budget that can be kept',
  why: 'Without a budget a node drain may take all replicas at once; with one that allows no disruption, drains and cluster upgrades wait for ever or are forced.',
  fix: 'Add a PodDisruptionBudget whose selector matches the pods, with `maxUnavailable: 1` or a `minAvailable` below the number of replicas.',
  source: 'https://kubernetes.io/docs/tasks/run-application/configure-pdb/',
  check(workspace, report) {
    checkWorkloads(workspace, report);
    const { all } = budgets(workspace);
    if (all.length === 0) return;
    const neighbours = neighboursIn(workspace);
    for (const budget of all) {
      if (budget.pods.length === 0) checkEmpty(budget, neighbours, report);
      else checkBudget(budget, workspace, report);
    }
  },
};

function checkWorkloads(workspace: Workspace, report: Reporter): void {
  const { byWorkload } = budgets(workspace);
  for (const { manifest } of completePods(workspace).filter(runsForEver)) {
    const replicas = replicasOf(workspace, manifest);
    if (!replicas || replicas.count < 2) continue;
    const of = byWorkload.get(manifest) ?? [];
    if (of.length === 0) {
      report.find(
        replicas.path ? spotOf(manifest, replicas.path) : missingIn(manifest, ['spec']),
        `${named(manifest)} has ${replicas.count} replicas and no PodDisruptionBudget selects them`,
      );
    }
  }
}

function checkBudget(budget: Budget, workspace: Workspace, report: Reporter): void {
  const { manifest } = budget;
  checkDoubled(budget, workspace, report);
  const counts = budget.pods.map((pod) => replicasOf(workspace, pod.manifest)?.count);
  // A DaemonSet's number of pods is the cluster's; nothing can be said about a budget over one.
  const total = counts.reduce<number | undefined>(
    (sum, count) => (sum === undefined || count === undefined ? undefined : sum + count),
    0,
  );
  const found = total === undefined || total === 0 ? undefined : impossible(budget, total);
  if (found) report.find(spotOf(manifest, ['spec', found.key]), found.message);
}

/** Both are rounded up: https://kubernetes.io/docs/tasks/run-application/configure-pdb/#rounding-logic-when-specifying-percentages */
function impossible({ manifest }: Budget, total: number): { key: string; message: string } | undefined {
  const least = valueAt(manifest.value, ['spec', 'minAvailable']);
  const demanded = amountOf(least, total, Math.ceil);
  if (demanded !== undefined && demanded >= total) {
    const message = `${named(manifest)} demands minAvailable: ${least} of ${total} ${total === 1 ? 'pod' : 'pods'}, so none may ever be drained; demand fewer`;
    return { key: 'minAvailable', message };
  }
  const most = valueAt(manifest.value, ['spec', 'maxUnavailable']);
  if (amountOf(most, total, Math.ceil) === 0) {
    const message = `${named(manifest)} allows maxUnavailable: ${most}, so no pod may ever be drained; allow at least 1`;
    return { key: 'maxUnavailable', message };
  }
  return undefined;
}

/** A budget over nothing protects nothing, unless an operator makes its pods from a custom resource. */
function checkEmpty(
  { manifest, incomplete }: Budget,
  { workloads, customs }: Neighbours,
  report: Reporter,
): void {
  if (incomplete) {
    report.skip(manifest.document, `the pods of ${named(incomplete.manifest)} are not written in full`);
    return;
  }
  if (!workloads.some((other) => sameNamespace(other, manifest))) {
    report.skip(manifest.document, `no workload beside ${named(manifest)} to compare its selector with`);
    return;
  }
  const custom = customs.find((other) => sameNamespace(other, manifest));
  if (custom) {
    report.skip(manifest.document, `${named(manifest)} may select pods that ${named(custom)} makes`);
    return;
  }
  report.find(
    missingIn(manifest, selectorPath),
    `${named(manifest)} selects no pods; its selector must match the labels of a workload's pods`,
  );
}

/** What could make the pods of a budget. */
interface Neighbours {
  readonly workloads: readonly Manifest[];
  readonly customs: readonly Manifest[];
}

const neighboursIn = ({ manifests }: Workspace): Neighbours => ({
  workloads: manifests.filter(({ kind }) => workloadKinds.has(kind)),
  customs: manifests.filter(makesPods),
});

const workloadKinds = new Set(['Deployment', 'StatefulSet', 'ReplicaSet', 'DaemonSet', 'Pod']);

/** The eviction API refuses a pod that two budgets select; variants of one budget have one name. */
function checkDoubled({ manifest, pods }: Budget, workspace: Workspace, report: Reporter): void {
  const { byWorkload } = budgets(workspace);
  for (const pod of pods) {
    const of = byWorkload.get(pod.manifest) ?? [];
    const [first] = of.filter(({ namespace }) => namespace === manifest.namespace);
    if (!first || first === manifest || first.name === manifest.name) continue;
    report.find(
      missingIn(manifest, [...selectorPath]),
      `${named(manifest)} selects pods of ${named(pod.manifest)} that ${named(first)} selects as well; evictions of such pods always fail`,
    );
    return;
  }
}
