import { autoscalersOf } from '../../kubernetes/autoscalers.ts';
import { replicasOf } from '../../kubernetes/replicas.ts';
import { named, spotOf } from '../../kubernetes/workloads.ts';
import type { Rule } from '../../rule.ts';

export const hpaFixedReplicas: Rule = {
  id: 'hpa-fixed-replicas',
  severity: 'warning',
  layer: 'policy',
  title: 'Nothing fixes the replicas that an autoscaler sets',
  why: "Every apply of the manifest writes its `replicas` over the autoscaler's: in the middle of a load peak a release throws away the pods that carry it.",
  fix: 'Remove `spec.replicas` from the workload that the autoscaler scales.',
  source:
    'https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/#migrating-deployments-and-statefulsets-to-horizontal-autoscaling',
  check(workspace, report) {
    for (const manifest of workspace.manifests) {
      const replicas = replicasOf(workspace, manifest);
      if (!replicas?.autoscaled || !replicas.path) continue;
      const [scaler] = autoscalersOf(workspace, manifest);
      if (!scaler) continue;
      report.find(
        spotOf(manifest, replicas.path),
        `${named(manifest)} fixes the replicas that ${named(scaler.manifest)} sets; leave them out`,
      );
    }
  },
};
