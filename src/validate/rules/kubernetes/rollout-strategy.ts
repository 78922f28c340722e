import { listOf, mappingOf, textOf, valueAt } from '../../document.ts';
import type { PodSpec } from '../../kubernetes/pods.ts';
import { amountOf, replicasOf } from '../../kubernetes/replicas.ts';
import { servingPods } from '../../kubernetes/traffic.ts';
import { named, spotOf } from '../../kubernetes/workloads.ts';
import type { Reporter, Rule } from '../../rule.ts';
import type { Workspace } from '../../workspace.ts';

export const rolloutStrategy: Rule = {
  id: 'rollout-strategy',
  severity: 'warning',
  layer: 'policy',
  title: 'A rollout keeps replicas that take traffic',
  why: '`Recreate`, or a rolling update that may make all replicas unavailable, stops the old pods before the new ones answer: every release is an outage.',
  fix: 'Write `strategy: { type: RollingUpdate, rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } }`.',
  source: 'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy',
  check(workspace, report) {
    for (const { pod } of servingPods(workspace)) {
      if (pod.manifest.kind === 'Deployment') checkStrategy(pod, workspace, report);
    }
  },
};

function checkStrategy(pod: PodSpec, workspace: Workspace, report: Reporter): void {
  const { manifest } = pod;
  const strategy = valueAt(manifest.value, ['spec', 'strategy']);
  if (valueAt(strategy, ['type']) === 'Recreate') {
    // A volume that only one node can mount leaves no other way.
    if (mountsClaim(pod)) return;
    report.find(
      spotOf(manifest, ['spec', 'strategy', 'type']),
      `${named(manifest)} takes traffic and stops all its pods before it starts new ones (Recreate); write RollingUpdate`,
    );
    return;
  }
  checkRolling(valueAt(strategy, ['rollingUpdate']), pod, { workspace, report });
}

function checkRolling(
  rolling: unknown,
  { manifest }: PodSpec,
  { workspace, report }: { workspace: Workspace; report: Reporter },
): void {
  const total = replicasOf(workspace, manifest)?.count ?? 0;
  const written = valueAt(rolling, ['maxUnavailable']);
  const unavailable = amountOf(written, total, Math.floor);
  if (total <= 0 || unavailable === undefined) return;
  if (unavailable < total) return;
  report.find(
    spotOf(manifest, ['spec', 'strategy', 'rollingUpdate', 'maxUnavailable']),
    `${named(manifest)} takes traffic with ${total} ${total === 1 ? 'replica' : 'replicas'}, and a rollout may make all unavailable (maxUnavailable: ${written})`,
  );
}

const mountsClaim = (pod: PodSpec): boolean =>
  listOf(pod.spec['volumes']).some(
    (volume) => textOf(valueAt(mappingOf(volume), ['persistentVolumeClaim', 'claimName'])) !== undefined,
  );
