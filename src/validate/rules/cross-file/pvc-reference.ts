import { tellAbsent } from '../../cross-file/absent.ts';
import { NameIndex, objectsOf } from '../../cross-file/names.ts';
import { allPods } from '../../cross-file/pods.ts';
import { listOf, textOf, valueAt } from '../../document.ts';
import { isTemplated } from '../../kubernetes/images.ts';
import { named, spotOf, volumesOf } from '../../kubernetes/workloads.ts';
import type { Rule } from '../../rule.ts';
import type { Workspace } from '../../workspace.ts';

export const pvcReference: Rule = {
  id: 'pvc-reference',
  severity: 'error',
  layer: 'cross-file',
  title: 'PersistentVolumeClaims that volumes name exist',
  why: 'A pod with an unknown claim is never scheduled; it stays Pending and the release times out.',
  fix: 'Write the name of a PersistentVolumeClaim of the same namespace under `claimName`, or add its manifest. Claims that a StatefulSet makes are called `<template>-<StatefulSet>-<number>`.',
  source: 'https://kubernetes.io/docs/concepts/storage/persistent-volumes/#claims-as-volumes',
  check(workspace, report) {
    const index = objectsOf(workspace, 'PersistentVolumeClaim');
    const templates = claimTemplates(workspace);
    for (const pod of allPods(workspace)) {
      for (const { value, path } of volumesOf(pod)) {
        const from = pod.manifest;
        const name = textOf(valueAt(value, ['persistentVolumeClaim', 'claimName']));
        if (name === undefined || isTemplated(name) || index.named(name, from).length > 0) continue;
        const numbered = /^(.+)-\d{1,5}$/.exec(name)?.[1];
        if (numbered !== undefined && templates.named(numbered, from).length > 0) continue;
        const subject = `volume "${textOf(value['name']) ?? path.at(-1)}" of ${named(from)}`;
        const spot = spotOf(from, [...path, 'persistentVolumeClaim', 'claimName']);
        const kind = 'PersistentVolumeClaim';
        tellAbsent({ workspace, report, index, from, kind, name, spot, subject, none: 'warning' });
      }
    }
  },
};

/** `<template>-<StatefulSet>`: the claims' names without their number. */
function claimTemplates(
  workspace: Workspace,
): NameIndex<{ name: string; manifest: Workspace['manifests'][0] }> {
  return new NameIndex(
    objectsOf(workspace, 'StatefulSet').all.flatMap(({ manifest, name }) =>
      listOf(valueAt(manifest.value, ['spec', 'volumeClaimTemplates'])).flatMap((template) => {
        const claim = textOf(valueAt(template, ['metadata', 'name']));
        return claim === undefined ? [] : [{ name: `${claim}-${name}`, manifest }];
      }),
    ),
  );
}
