import { didYouMean } from '../../../config/suggest.ts';
import { allPods } from '../../cross-file/pods.ts';
import { listOf, textOf, valueAt } from '../../document.ts';
import type { PodSpec } from '../../kubernetes/pods.ts';
import { containerName, isComplete, spotOf } from '../../kubernetes/workloads.ts';
import type { Rule } from '../../rule.ts';

/** What a container lists of volumes, and the word for it. */
const mounts = { volumeMounts: 'mounts', volumeDevices: 'uses the device' } as const;

export const volumeMount: Rule = {
  id: 'volume-mount',
  severity: 'error',
  layer: 'cross-file',
  title: 'Volumes that containers mount are defined',
  why: 'The API server refuses a pod template that mounts a volume which it does not define, so the release stops half way through its manifests.',
  fix: "Write the name of one of the pod's `volumes`, or of a StatefulSet's `volumeClaimTemplates`, under `volumeMounts[].name`.",
  source: 'https://kubernetes.io/docs/concepts/storage/volumes/',
  check(workspace, report) {
    for (const pod of allPods(workspace).filter(isComplete)) {
      const defined = definedBy(pod);
      for (const container of pod.containers) {
        for (const [list, verb] of Object.entries(mounts)) {
          listOf(container.value[list]).forEach((item, index) => {
            const name = textOf(valueAt(item, ['name']));
            if (name === undefined || defined.includes(name)) return;
            report.find(
              spotOf(pod.manifest, [...container.path, list, index, 'name']),
              `${containerName(container)} ${verb} volume "${name}", which the pod does not define${didYouMean(name, defined)}`,
            );
          });
        }
      }
    }
  },
};

function definedBy({ spec, manifest }: PodSpec): readonly string[] {
  const volumes = listOf(spec['volumes']).flatMap((volume) => textOf(valueAt(volume, ['name'])) ?? []);
  const templates = listOf(valueAt(manifest.value, ['spec', 'volumeClaimTemplates']));
  return [...volumes, ...templates.flatMap((claim) => textOf(valueAt(claim, ['metadata', 'name'])) ?? [])];
}
