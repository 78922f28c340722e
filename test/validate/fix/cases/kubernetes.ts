import type { Case } from './case.ts';

const pod = (container: string, more = ''): string => `apiVersion: v1
kind: Pod
metadata:
  name: gateway
  namespace: trading
spec:
${more}  containers:
${container}`;

const named = `    - name: gateway
      image: ghcr.io/acme/gateway:1.0.0
`;

const json = `{
  "apiVersion": "v1",
  "kind": "Pod",
  "metadata": { "name": "gateway", "namespace": "trading" },
  "spec": {
    "containers": [
      {
        "name": "gateway",
        "image": "ghcr.io/acme/gateway:1.0.0"
      }
    ]
  }
}
`;

const file = 'k8s/gateway.yml';
const escalation = { rule: 'privilege-escalation', file };
const dropping = { rule: 'drop-capabilities', file };
const profile = { rule: 'seccomp', file };
const token = { rule: 'default-service-account-token', file };

export const kubernetesCases: readonly Case[] = [
  {
    ...escalation,
    name: 'true',
    before: pod(`${named}      securityContext:\n        allowPrivilegeEscalation: true # why?\n`),
    after: pod(`${named}      securityContext:\n        allowPrivilegeEscalation: false # why?\n`),
  },
  {
    ...escalation,
    name: 'no securityContext, between other keys and comments',
    before: pod(`    # the gateway
    - name: gateway
      image: ghcr.io/acme/gateway:1.0.0 # pinned
      # its ports
      ports:
        - containerPort: 8000

    # a second one
    - image: ghcr.io/acme/proxy:1.0.0
      name: proxy
`),
    after: pod(`    # the gateway
    - name: gateway
      image: ghcr.io/acme/gateway:1.0.0 # pinned
      securityContext:
        allowPrivilegeEscalation: false
      # its ports
      ports:
        - containerPort: 8000

    # a second one
    - image: ghcr.io/acme/proxy:1.0.0
      name: proxy
      securityContext:
        allowPrivilegeEscalation: false
`),
  },
  {
    ...escalation,
    name: 'into a securityContext that is there',
    before: pod(
      `${named}      securityContext:\n        runAsUser: 1000\n        capabilities:\n          drop: [ALL]\n`,
    ),
    after: pod(
      `${named}      securityContext:\n        runAsUser: 1000\n        allowPrivilegeEscalation: false\n        capabilities:\n          drop: [ALL]\n`,
    ),
  },
  {
    ...escalation,
    name: 'into one with nothing on one line',
    before: pod(
      `${named}      securityContext:\n        capabilities:\n          drop:\n            - ALL\n`,
    ),
    after: pod(
      `${named}      securityContext:\n        capabilities:\n          drop:\n            - ALL\n        allowPrivilegeEscalation: false\n`,
    ),
  },
  {
    ...escalation,
    name: 'into one in flow style',
    before: pod(`${named}      securityContext: { runAsUser: 1000 } # flow\n`),
    after: pod(
      `${named}      securityContext: { runAsUser: 1000, allowPrivilegeEscalation: false } # flow\n`,
    ),
  },
  {
    ...escalation,
    name: 'into an empty one',
    before: pod(`${named}      securityContext: {}\n`),
    after: pod(`${named}      securityContext: { allowPrivilegeEscalation: false }\n`),
  },
  {
    ...escalation,
    name: 'a container in flow style',
    before: pod('    - { name: gateway, image: "ghcr.io/acme/gateway:1.0.0" }\n'),
    after: pod(
      '    - { name: gateway, image: "ghcr.io/acme/gateway:1.0.0", securityContext: { allowPrivilegeEscalation: false } }\n',
    ),
  },
  {
    ...escalation,
    name: 'JSON',
    file: 'k8s/gateway.json',
    before: json,
    after: json.replace(
      '1.0.0"\n',
      '1.0.0",\n        "securityContext": { "allowPrivilegeEscalation": false }\n',
    ),
  },
  {
    ...escalation,
    name: 'CRLF',
    before: pod(named).replaceAll('\n', '\r\n'),
    after: pod(`${named}      securityContext:\n        allowPrivilegeEscalation: false\n`).replaceAll(
      '\n',
      '\r\n',
    ),
  },
  {
    ...escalation,
    name: 'no line end at the end',
    before: pod(named.trimEnd()),
    after: pod(`${named}      securityContext:\n        allowPrivilegeEscalation: false`),
  },
  {
    ...escalation,
    name: 'the second document',
    before: `${pod(named).replaceAll('gateway', 'first').replace('image: ghcr.io/acme/first:1.0.0', 'image: ghcr.io/acme/first:1.0.0\n      securityContext: { allowPrivilegeEscalation: false }')}---\n${pod(named)}`,
    after: `${pod(named).replaceAll('gateway', 'first').replace('image: ghcr.io/acme/first:1.0.0', 'image: ghcr.io/acme/first:1.0.0\n      securityContext: { allowPrivilegeEscalation: false }')}---\n${pod(`${named}      securityContext:\n        allowPrivilegeEscalation: false\n`)}`,
  },
  {
    ...escalation,
    name: 'shared through an anchor: once, where it is written',
    before: pod(
      `    - &base\n      name: gateway\n      image: ghcr.io/acme/gateway:1.0.0\n      securityContext: &context { runAsUser: 1000, allowPrivilegeEscalation: false }\n    - name: proxy\n      image: ghcr.io/acme/proxy:1.0.0\n      securityContext: &other { runAsUser: 1000 }\n    - name: third\n      image: ghcr.io/acme/third:1.0.0\n      securityContext: *other\n`,
    ),
    after: pod(
      `    - &base\n      name: gateway\n      image: ghcr.io/acme/gateway:1.0.0\n      securityContext: &context { runAsUser: 1000, allowPrivilegeEscalation: false }\n    - name: proxy\n      image: ghcr.io/acme/proxy:1.0.0\n      securityContext: &other { runAsUser: 1000, allowPrivilegeEscalation: false }\n    - name: third\n      image: ghcr.io/acme/third:1.0.0\n      securityContext: *other\n`,
    ),
  },
  {
    ...escalation,
    name: 'beside SYS_ADMIN, where Kubernetes refuses it: left alone',
    before: pod(`${named}      securityContext:\n        capabilities: { add: [SYS_ADMIN], drop: [ALL] }\n`),
  },
  {
    ...dropping,
    name: 'without root',
    before: pod(`${named}      securityContext:\n        runAsNonRoot: true\n        runAsUser: 1000\n`),
    after: pod(
      `${named}      securityContext:\n        runAsNonRoot: true\n        runAsUser: 1000\n        capabilities:\n          drop: [ALL]\n`,
    ),
  },
  {
    ...dropping,
    name: 'beside those that are added',
    before: pod(
      `${named}      securityContext:\n        runAsUser: 1000\n        capabilities:\n          add: [NET_BIND_SERVICE]\n`,
    ),
    after: pod(
      `${named}      securityContext:\n        runAsUser: 1000\n        capabilities:\n          add: [NET_BIND_SERVICE]\n          drop: [ALL]\n`,
    ),
  },
  { ...dropping, name: 'perhaps root: left alone', before: pod(named) },
  {
    ...dropping,
    name: 'other ones are dropped: left alone',
    before: pod(`${named}      securityContext: { runAsUser: 1000, capabilities: { drop: [NET_RAW] } }\n`),
  },
  {
    ...profile,
    name: 'of the pod',
    before: pod(named, '  terminationGracePeriodSeconds: 60\n'),
    after: pod(
      named,
      '  terminationGracePeriodSeconds: 60\n  securityContext:\n    seccompProfile:\n      type: RuntimeDefault\n',
    ),
  },
  {
    ...profile,
    name: 'of one container, where another has its own',
    before: pod(
      `${named}    - name: proxy\n      image: ghcr.io/acme/proxy:1.0.0\n      securityContext: { seccompProfile: { type: Localhost, localhostProfile: a.json } }\n`,
    ),
    after: pod(
      `${named}      securityContext:\n        seccompProfile:\n          type: RuntimeDefault\n    - name: proxy\n      image: ghcr.io/acme/proxy:1.0.0\n      securityContext: { seccompProfile: { type: Localhost, localhostProfile: a.json } }\n`,
    ),
  },
  {
    ...profile,
    name: 'Unconfined: left alone',
    before: pod(`${named}      securityContext: { seccompProfile: { type: Unconfined } }\n`),
  },
  {
    ...token,
    name: 'nothing said',
    before: pod(named),
    after: `${pod(named)}  automountServiceAccountToken: false\n`,
  },
  {
    ...token,
    name: 'the default account named',
    before: pod(named, '  serviceAccountName: default\n'),
    after: pod(named, '  serviceAccountName: default\n  automountServiceAccountToken: false\n'),
  },
  {
    ...token,
    name: 'said to be mounted: left alone',
    before: pod(named, '  automountServiceAccountToken: true\n'),
  },
  {
    ...token,
    name: 'the account has rights: left alone',
    before: pod(named),
    around: {
      'k8s/rights.yml': `apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: readers, namespace: trading }
subjects: [{ kind: ServiceAccount, name: default, namespace: trading }]
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }
`,
    },
  },
];
