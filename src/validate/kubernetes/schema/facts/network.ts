import { listOf, mappingOf, textOf } from '../../../document.ts';
import {
  between,
  cidr,
  dnsLabel,
  dnsSubdomain,
  ipAddress,
  labelValue,
  portNumberOrName,
  wildcardHost,
} from '../formats.ts';
import type { Fault } from '../problem.ts';
import {
  clash,
  type Facts,
  fault,
  filled,
  labels,
  type Mapping,
  oneOf,
  portNumber,
  protocol,
  required,
  uniqueBy,
} from './facts.ts';

/**
 * Services, Ingresses, NetworkPolicies, EndpointSlices. Sources: the API reference of Kubernetes, and
 * pkg/apis/{core,networking,discovery}/validation of kubernetes/kubernetes.
 */

const families = oneOf('IPv4', 'IPv6');

function servicePorts(spec: Mapping): readonly Fault[] {
  const type = spec['type'] ?? 'ClusterIP';
  const ports = listOf(spec['ports']).map((item) => mappingOf(item) ?? {});
  const portless = type === 'ExternalName' || spec['clusterIP'] === 'None';
  return [
    ...(ports.length === 0 && !portless ? [fault('ports are required')] : []),
    ...ports.flatMap((port, index) => [
      ...(ports.length > 1 && !textOf(port['name'])
        ? [fault('name is required where a Service has several ports', 'ports', index)]
        : []),
      ...(type === 'ClusterIP' && typeof port['nodePort'] === 'number' && port['nodePort'] !== 0
        ? [clash('a nodePort does not go with type ClusterIP', 'ports', index, 'nodePort')]
        : []),
    ]),
  ];
}

function serviceFaults(spec: Mapping): readonly Fault[] {
  const type = spec['type'] ?? 'ClusterIP';
  const external = type === 'ExternalName';
  return [
    ...servicePorts(spec),
    ...(external && !textOf(spec['externalName'])
      ? [fault('externalName is required with type ExternalName')]
      : []),
    ...(spec['clusterIP'] === 'None' && (type === 'NodePort' || type === 'LoadBalancer')
      ? [clash(`None does not go with type ${type}`, 'clusterIP')]
      : []),
    ...(type === 'ClusterIP' &&
    textOf(spec['externalTrafficPolicy']) &&
    listOf(spec['externalIPs']).length === 0
      ? [clash('externalTrafficPolicy does not go with type ClusterIP', 'externalTrafficPolicy')]
      : []),
  ];
}

function pathFaults(path: Mapping): readonly Fault[] {
  const type = path['pathType'];
  if (type !== 'Exact' && type !== 'Prefix') return [];
  const text = path['path'];
  if (text === undefined || text === null) return [fault(`path is required with pathType ${type}`)];
  if (typeof text !== 'string') return [];
  if (!text.startsWith('/')) return [fault(`${JSON.stringify(text)} does not start with "/"`, 'path')];
  return /\/\/|\/\.\.?(\/|$)/.test(text)
    ? [fault(`${JSON.stringify(text)} holds "//", "/./" or "/../"`, 'path')]
    : [];
}

function portRange(port: Mapping): readonly Fault[] {
  const { endPort, port: first } = port;
  if (typeof endPort !== 'number') return [];
  if (typeof first !== 'number') return [fault('endPort needs a port that is a number', 'endPort')];
  return endPort < first ? [fault(`${endPort} is less than port (${first})`, 'endPort')] : [];
}

function peerFaults(peer: Mapping): readonly Fault[] {
  const selectors = ['podSelector', 'namespaceSelector'].filter((name) => mappingOf(peer[name]));
  return mappingOf(peer['ipBlock']) && selectors.length > 0
    ? [clash('ipBlock does not go with selectors', 'ipBlock')]
    : [];
}

/** In a RoleBinding the binding's own namespace is meant where none is given. */
const subjectNamespaces = (binding: Mapping): readonly Fault[] =>
  listOf(binding['subjects']).flatMap((item, index) => {
    const subject = mappingOf(item);
    return subject?.['kind'] === 'ServiceAccount' && !textOf(subject['namespace'])
      ? [fault('namespace is required for a ServiceAccount in a ClusterRoleBinding', 'subjects', index)]
      : [];
  });

export const networkFacts: Facts = {
  V1Service: { fields: { spec: required } },
  V1ServiceSpec: {
    fields: {
      type: oneOf('ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'),
      ports: {
        unique: [{ fields: ['port', 'protocol'], defaults: { protocol: 'TCP' } }, { fields: ['name'] }],
      },
      selector: labels,
      sessionAffinity: oneOf('None', 'ClientIP'),
      externalTrafficPolicy: oneOf('Cluster', 'Local'),
      internalTrafficPolicy: oneOf('Cluster', 'Local'),
      ipFamilyPolicy: oneOf('SingleStack', 'PreferDualStack', 'RequireDualStack'),
      ipFamilies: families,
      trafficDistribution: oneOf('PreferClose', 'PreferSameZone', 'PreferSameNode'),
      externalName: { check: dnsSubdomain },
      externalIPs: { check: ipAddress },
      loadBalancerSourceRanges: { check: cidr },
      clusterIP: {
        check: (value) => (value === '' || value === 'None' ? undefined : ipAddress(value)),
      },
    },
    also: serviceFaults,
  },
  V1ServicePort: {
    fields: {
      name: { check: dnsLabel },
      port: portNumber,
      nodePort: { check: between(0, 65535) },
      targetPort: { check: portNumberOrName },
      protocol,
    },
  },
  V1ClientIPConfig: { fields: { timeoutSeconds: { check: between(1, 86_400) } } },
  V1Ingress: { fields: { spec: required } },
  V1IngressSpec: {
    atLeastOne: ['defaultBackend', 'rules'],
    fields: { ingressClassName: { check: dnsSubdomain } },
  },
  V1IngressRule: { fields: { host: { check: wildcardHost } } },
  V1HTTPIngressRuleValue: { fields: { paths: filled } },
  V1HTTPIngressPath: {
    fields: { pathType: oneOf('Exact', 'Prefix', 'ImplementationSpecific') },
    also: pathFaults,
  },
  V1IngressBackend: { exactlyOne: ['service', 'resource'] },
  V1IngressServiceBackend: { fields: { port: required } },
  V1ServiceBackendPort: { exactlyOne: ['name', 'number'], fields: { number: portNumber } },
  V1IngressTLS: { fields: { hosts: { check: wildcardHost } } },
  V1IngressClassParametersReference: { fields: { scope: oneOf('Cluster', 'Namespace') } },
  V1NetworkPolicy: { fields: { spec: required } },
  V1NetworkPolicySpec: { fields: { policyTypes: oneOf('Ingress', 'Egress') } },
  V1NetworkPolicyPort: {
    fields: { port: { check: portNumberOrName }, protocol, endPort: portNumber },
    also: portRange,
  },
  V1NetworkPolicyPeer: { atLeastOne: ['ipBlock', 'podSelector', 'namespaceSelector'], also: peerFaults },
  V1IPBlock: { fields: { cidr: { check: cidr }, except: { check: cidr } } },
  V1EndpointSlice: { fields: { addressType: oneOf('IPv4', 'IPv6', 'FQDN'), ports: uniqueBy('name') } },
  V1Endpoint: { fields: { addresses: filled, hostname: { check: dnsLabel } } },
  DiscoveryV1EndpointPort: { fields: { port: portNumber, protocol } },
  CoreV1EndpointPort: { fields: { port: portNumber, protocol } },
  V1EndpointAddress: { fields: { ip: { check: ipAddress } } },
  V1ServiceCIDRSpec: { fields: { cidrs: { check: cidr } } },
  V1RoleRef: {
    fields: { kind: oneOf('Role', 'ClusterRole'), apiGroup: oneOf('rbac.authorization.k8s.io', '') },
  },
  RbacV1Subject: { fields: { kind: oneOf('User', 'Group', 'ServiceAccount') } },
  V1ClusterRoleBinding: { also: subjectNamespaces },
  V1PolicyRule: {
    fields: { verbs: filled },
    also: (rule) =>
      listOf(rule['resources']).length > 0 && !Array.isArray(rule['apiGroups'])
        ? [fault('apiGroups is required beside resources, "" is the group of Pods and Services')]
        : [],
  },
  V1ForZone: { fields: { name: { check: labelValue } } },
};
