import { didYouMean } from '../../config/suggest.ts';
import { isTemplated } from '../kubernetes/images.ts';
import { spotOf } from '../kubernetes/workloads.ts';
import type { Reporter } from '../rule.ts';
import type { Workspace } from '../workspace.ts';
import { tellAbsent } from './absent.ts';
import type { Holder } from './generated.ts';
import { type HolderReference, holderReferences } from './holder-references.ts';
import { type HolderKind, holders } from './holders.ts';
import { canMeet } from './scope.ts';

/** ConfigMaps that the cluster makes in every namespace. */
const builtIn = new Set(['kube-root-ca.crt', 'openshift-service-ca.crt', 'istio-ca-root-cert']);

/** Checks that every ConfigMap or Secret that is referred to will be there, with the keys that are asked of it. */
export function checkHolders(workspace: Workspace, report: Reporter, kind: HolderKind): void {
  const index = holders(workspace, kind);
  for (const reference of holderReferences(workspace)) {
    const { manifest: from, name, path, subject } = reference;
    if (reference.kind !== kind || isTemplated(name)) continue;
    if (kind === 'ConfigMap' && builtIn.has(name)) continue;
    const found = index.named(name, from);
    if (found.length > 0) {
      // A key may be added in another folder, by an overlay that merges into the nearest one.
      const isOpen = index
        .anywhere(name)
        .some(({ keys, manifest }) => keys === undefined && canMeet(manifest, from));
      if (!isOpen) checkKeys(reference, found, report);
      continue;
    }
    const spot = spotOf(from, path);
    // Many keep all Secrets outside of the repository; then nothing can be said about one of them.
    const none = kind === 'Secret' ? { none: 'notice' as const } : {};
    tellAbsent({ workspace, report, index, from, kind, name, spot, subject, ...none });
  }
}

function checkKeys(reference: HolderReference, found: readonly Holder[], report: Reporter): void {
  const { manifest, kind, name, subject } = reference;
  const present = [...new Set(found.flatMap(({ keys }) => [...(keys ?? [])]))];
  const missing = reference.keys.filter(({ key }) => !present.includes(key) && !isTemplated(key));
  for (const { key, path } of missing) {
    const guess = didYouMean(key, present);
    const message = `${subject} asks ${kind} "${name}" for the key "${key}", which it does not have${guess}`;
    report.find(spotOf(manifest, path), message);
  }
}
