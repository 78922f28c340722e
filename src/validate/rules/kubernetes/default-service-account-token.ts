import type { Path } from '../../document.ts';
import { editOf, withKey } from '../../fix/mapping-edits.ts';
import type { PodSpec } from '../../kubernetes/pods.ts';
import { usesDefaultAccount } from '../../kubernetes/safe-edits.ts';
import { sameNamespace } from '../../kubernetes/selectors.ts';
import { completePods, missingIn, named, spotOf } from '../../kubernetes/workloads.ts';
import type { Rule } from '../../rule.ts';

const mended = { key: 'automountServiceAccountToken', value: 'false' };

export const defaultServiceAccountToken: Rule = {
  id: 'default-service-account-token',
  severity: 'warning',
  layer: 'policy',
  title: "Pods do not carry the default service account's token",
  why: 'The token of the default service account is mounted into every pod that does not say otherwise; any right that somebody gives that account goes to all of them, and to whoever breaks into one.',
  fix: 'Write `automountServiceAccountToken: false` in the pod spec, or give the pod a `serviceAccountName` of its own where it talks to the API server.',
  source:
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#opt-out-of-api-credential-automounting',
  check(workspace, report) {
    const quiet = workspace.manifests.filter(
      ({ kind, name, value }) =>
        kind === 'ServiceAccount' && name === 'default' && value['automountServiceAccountToken'] === false,
    );
    const isUsed = usesDefaultAccount(workspace);
    for (const pod of completePods(workspace)) {
      if (!usesDefault(pod)) continue;
      const automount = pod.spec['automountServiceAccountToken'];
      if (automount === false) continue;
      if (automount !== true && quiet.some((account) => sameNamespace(account, pod.manifest))) continue;
      const said = saidAt(pod);
      report.find(
        said ? spotOf(pod.manifest, said) : missingIn(pod.manifest, pod.path),
        `${named(pod.manifest)} mounts the token of the default service account; write automountServiceAccountToken: false`,
        // Where it is said to be mounted, or has rights, somebody may want it.
        editOf(automount === true || isUsed ? undefined : withKey(pod.manifest.document, pod.path, mended)),
      );
    }
  },
};

const accountOf = (pod: PodSpec): unknown => pod.spec['serviceAccountName'] ?? pod.spec['serviceAccount'];

function usesDefault(pod: PodSpec): boolean {
  const account = accountOf(pod);
  return account === undefined || account === null || account === '' || account === 'default';
}

function saidAt(pod: PodSpec): Path | undefined {
  const key = ['automountServiceAccountToken', 'serviceAccountName', 'serviceAccount'].find((candidate) =>
    Object.hasOwn(pod.spec, candidate),
  );
  return key === undefined ? undefined : [...pod.path, key];
}
