import { tellAbsent } from '../../cross-file/absent.ts';
import { objectsOf } from '../../cross-file/names.ts';
import { type Autoscaler, autoscalers } from '../../kubernetes/autoscalers.ts';
import { takesTraffic } from '../../kubernetes/traffic.ts';
import { missingIn, named, spotOf } from '../../kubernetes/workloads.ts';
import type { Reporter, Rule } from '../../rule.ts';
import type { Manifest, Workspace } from '../../workspace.ts';

/** Kinds whose manifests can be looked for, with the API version that can scale them. */
const scalable: Readonly<Record<string, string>> = {
  Deployment: 'apps/v1',
  StatefulSet: 'apps/v1',
  ReplicaSet: 'apps/v1',
  ReplicationController: 'v1',
};

export const hpaTarget: Rule = {
  id: 'hpa-target',
  severity: 'error',
  layer: 'policy',
  title: 'Autoscalers scale something that exists, within bounds that make sense',
  why: 'An autoscaler with a wrong target says nothing and scales nothing; the first load peak shows it.',
  fix: 'Let `scaleTargetRef` name the workload by apiVersion, kind and name, and write `minReplicas` (2 or more for what takes traffic) below `maxReplicas`.',
  source: 'https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/',
  check(workspace, report) {
    const scaled = new Map<string, Autoscaler>();
    for (const scaler of autoscalers(workspace)) {
      if (scaler.manifest.kind !== 'HorizontalPodAutoscaler') continue;
      checkTarget({ scaler, workspace, report });
      checkBounds(scaler, report);
      checkDoubled(scaler, scaled, report);
    }
  },
};

interface Task {
  scaler: Autoscaler;
  workspace: Workspace;
  report: Reporter;
}

function checkTarget({ scaler, workspace, report }: Task): void {
  const { manifest, target } = scaler;
  const apiVersion = Object.hasOwn(scalable, target.kind) ? scalable[target.kind] : undefined;
  if (apiVersion === undefined || (target.apiVersion !== '' && isCustomGroup(target.apiVersion))) {
    report.skip(manifest.document, `${named(manifest)} scales the custom kind ${target.kind}`);
    return;
  }
  if (target.apiVersion !== apiVersion) {
    const given = target.apiVersion === '' ? 'no apiVersion' : `the apiVersion "${target.apiVersion}"`;
    report.find(
      target.apiVersion === ''
        ? missingIn(manifest, ['spec', 'scaleTargetRef'])
        : spotOf(manifest, ['spec', 'scaleTargetRef', 'apiVersion']),
      `${named(manifest)} gives its target ${given}; a ${target.kind} is ${apiVersion}`,
    );
  }
  const [found] = objectsOf(workspace, target.kind).named(target.name, manifest);
  if (!found) checkAbsent({ scaler, workspace, report });
  else checkLeast(scaler, found.manifest, { workspace, report });
}

const isCustomGroup = (apiVersion: string): boolean => /^[^/]*\.[^/]*\//.test(apiVersion);

function checkAbsent({ scaler, workspace, report }: Task): void {
  const { manifest: from, target } = scaler;
  const { kind, name } = target;
  const index = objectsOf(workspace, kind);
  if (index.beside(from).length === 0 && index.anywhere(name).length === 0) {
    report.skip(from.document, `no ${kind} beside ${named(from)} to compare its target with`);
    return;
  }
  const spot = spotOf(from, ['spec', 'scaleTargetRef', 'name']);
  tellAbsent({ workspace, report, index, from, kind, name, spot, subject: named(from) });
}

function checkLeast(
  scaler: Autoscaler,
  target: Manifest,
  { workspace, report }: Pick<Task, 'workspace' | 'report'>,
) {
  if (scaler.min !== 1 || !takesTraffic(workspace, target)) return;
  const isWritten = Object.hasOwn((scaler.manifest.value['spec'] ?? {}) as object, 'minReplicas');
  report.find(
    isWritten ? spotOf(scaler.manifest, ['spec', 'minReplicas']) : missingIn(scaler.manifest, ['spec']),
    `${named(scaler.manifest)} may go down to a single replica${isWritten ? '' : ' (the default)'} of something that takes traffic; write minReplicas: 2 or more`,
    { severity: 'warning' },
  );
}

/** A maximum below the minimum is refused by the API server, which the schema tells. */
function checkBounds({ manifest, min, max }: Autoscaler, report: Reporter): void {
  if (min === undefined || max !== min) return;
  report.find(
    spotOf(manifest, ['spec', 'maxReplicas']),
    `${named(manifest)} has maxReplicas equal to minReplicas (${min}), so it never scales`,
    { severity: 'warning' },
  );
}

/** Two autoscalers of one workload undo each other; variants of one have one name. */
function checkDoubled(scaler: Autoscaler, scaled: Map<string, Autoscaler>, report: Reporter): void {
  const { manifest, target } = scaler;
  const key = `${manifest.namespace ?? ''}/${target.kind}/${target.name}`;
  const first = scaled.get(key);
  if (!first) scaled.set(key, scaler);
  else if (first.manifest.name !== manifest.name) {
    report.find(
      spotOf(manifest, ['spec', 'scaleTargetRef', 'name']),
      `${named(manifest)} and ${named(first.manifest)} both scale ${target.kind} "${target.name}", and undo each other`,
    );
  }
}
