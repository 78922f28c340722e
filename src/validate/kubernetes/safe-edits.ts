import { listOf, mappingOf, textOf } from '../document.ts';
import type { Workspace } from '../workspace.ts';
import type { Container, PodSpec } from './pods.ts';
import { effective, own } from './security-context.ts';

/** What has to hold for a change of a pod to be one that its program does not notice. */

/** Whether the container's processes run without the rights of root, so that they have no capabilities to lose. */
export function runsWithoutRoot(pod: PodSpec, container: Container): boolean {
  const user = effective(pod, container, ['runAsUser'])?.value;
  if (typeof user === 'number') return user > 0;
  return effective(pod, container, ['runAsNonRoot'])?.value === true;
}

/** Kubernetes refuses `allowPrivilegeEscalation: false` beside it. */
export const addsSysAdmin = (container: Container): boolean =>
  listOf(own(container, ['capabilities', 'add'])?.value).some((one) =>
    /^(?:CAP_)?(?:SYS_ADMIN|ALL)$/i.test(String(one)),
  );

/** Whether rights are given to a default service account, whose token is then there for a reason. */
export const usesDefaultAccount = ({ manifests }: Workspace): boolean =>
  manifests.some(
    ({ kind, value }) =>
      (kind === 'RoleBinding' || kind === 'ClusterRoleBinding') &&
      listOf(value['subjects']).some((subject) => {
        const { kind: what, name } = mappingOf(subject) ?? {};
        return (what === 'ServiceAccount' && name === 'default') || (what === 'Group' && isAccounts(name));
      }),
  );

const isAccounts = (name: unknown): boolean => textOf(name)?.startsWith('system:serviceaccounts') === true;
