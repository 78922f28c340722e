import type { Rule } from '../../rule.ts';
import { apiDeprecated } from './api-deprecated.ts';
import { apiRemoved } from './api-removed.ts';
import { customResource } from './custom-resource.ts';
import { defaultNamespace } from './default-namespace.ts';
import { defaultServiceAccountToken } from './default-service-account-token.ts';
import { dockerSocket } from './docker-socket.ts';
import { dropCapabilities } from './drop-capabilities.ts';
import { duplicateItem } from './duplicate-item.ts';
import { exclusiveFields } from './exclusive-fields.ts';
import { gracePeriod } from './grace-period.ts';
import { hostNamespaces } from './host-namespaces.ts';
import { hpaFixedReplicas } from './hpa-fixed-replicas.ts';
import { hpaTarget } from './hpa-target.ts';
import { imagePinned } from './image-pinned.ts';
import { livenessEqualsReadiness } from './liveness-equals-readiness.ts';
import { loadBalancerSourceRanges } from './load-balancer-source-ranges.ts';
import { networkPolicyDns } from './network-policy-dns.ts';
import { newerThanCluster } from './newer-than-cluster.ts';
import { pdb } from './pdb.ts';
import { preStop } from './pre-stop.ts';
import { privilegeEscalation } from './privilege-escalation.ts';
import { privileged } from './privileged.ts';
import { probePortDeclared } from './probe-port-declared.ts';
import { quantity } from './quantity.ts';
import { rbacWildcard } from './rbac-wildcard.ts';
import { readOnlyRootFs } from './read-only-root-fs.ts';
import { readinessProbe } from './readiness-probe.ts';
import { replicas } from './replicas.ts';
import { requestsLimits } from './requests-limits.ts';
import { rolloutStrategy } from './rollout-strategy.ts';
import { runAsNonRoot } from './run-as-non-root.ts';
import { schema } from './schema.ts';
import { seccomp } from './seccomp.ts';
import { secretLiteral } from './secret-literal.ts';
import { sensitiveHostPath } from './sensitive-host-path.ts';
import { spread } from './spread.ts';
import { unknownField } from './unknown-field.ts';
import { unknownKind } from './unknown-kind.ts';
import { unsafeSysctls } from './unsafe-sysctls.ts';

export const kubernetesRules: readonly Rule[] = [
  schema,
  unknownField,
  exclusiveFields,
  duplicateItem,
  quantity,
  customResource,
  unknownKind,
  apiRemoved,
  apiDeprecated,
  newerThanCluster,
  privileged,
  privilegeEscalation,
  runAsNonRoot,
  readOnlyRootFs,
  hostNamespaces,
  dockerSocket,
  sensitiveHostPath,
  dropCapabilities,
  seccomp,
  unsafeSysctls,
  secretLiteral,
  rbacWildcard,
  defaultServiceAccountToken,
  defaultNamespace,
  imagePinned,
  requestsLimits,
  readinessProbe,
  livenessEqualsReadiness,
  probePortDeclared,
  replicas,
  pdb,
  spread,
  hpaTarget,
  hpaFixedReplicas,
  rolloutStrategy,
  gracePeriod,
  preStop,
  networkPolicyDns,
  loadBalancerSourceRanges,
];
