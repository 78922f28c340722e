import { type Defect, defectsIn } from '../defect.ts';

const pod = defectsIn('kubernetes', 'k8s/deployment.yml');
const settings = defectsIn('kubernetes', 'k8s/settings.yml');
const context = '          securityContext:\n            allowPrivilegeEscalation: false';
const volumes = '        - name: scratch\n          emptyDir:\n            sizeLimit: 64Mi\n';
const podContext = '      securityContext:\n        runAsNonRoot: true\n        runAsUser: $U\n';

const volume = (name: string, put: string, mark = ''): Defect =>
  pod(
    name,
    volumes,
    `${volumes}        - name: node\n          hostPath:\n            path: ${mark}${put}\n`,
  );

/** What gives a container more than it needs. */
export const securityDefects: readonly Defect[] = [
  pod('privileged', context, '          securityContext:\n            privileged: «privileged»true'),
  pod(
    'escalation on',
    'allowPrivilegeEscalation: false',
    'allowPrivilegeEscalation: «privilege-escalation»true',
  ),
  pod(
    'escalation left out',
    context.concat('\n            readOnly'),
    '          «privilege-escalation»securityContext:\n            readOnly',
  ),
  pod('root by name', 'runAsNonRoot: true\n        runAsUser: $U', 'runAsUser: «run-as-non-root»0'),
  pod('non-root off', 'runAsNonRoot: true\n        runAsUser: $U', 'runAsNonRoot: «run-as-non-root»false'),
  pod('writable root', 'readOnlyRootFilesystem: true', 'readOnlyRootFilesystem: «read-only-root-fs»false'),
  pod(
    'root file system left out',
    `${context}\n            readOnlyRootFilesystem: true\n`,
    '          «read-only-root-fs»securityContext:\n            allowPrivilegeEscalation: false\n',
  ),
  pod('host process ids', podContext, `      hostPID: «host-namespaces»true\n${podContext}`),
  pod('host memory', podContext, `      hostIPC: «host-namespaces»true\n${podContext}`),
  pod('host network', podContext, `      hostNetwork: «host-namespaces»true\n${podContext}`, { alone: true }),
  volume('docker socket', '/var/run/docker.sock', '«docker-socket»'),
  volume('containerd socket', '/run/containerd/containerd.sock', '«docker-socket»'),
  volume('all of the node', '/', '«sensitive-host-path»'),
  volume('keys of the cluster', '/etc/kubernetes/pki', '«sensitive-host-path»'),
  pod(
    'keeps capabilities',
    '              drop:\n                - ALL',
    '              drop: «drop-capabilities»[NET_RAW]',
    { asWritten: true },
  ),
  pod(
    'adds an administrator',
    '              drop:\n                - ALL',
    '              drop:\n                - ALL\n              add:\n                - «drop-capabilities»SYS_ADMIN',
  ),
  pod(
    'no filter of system calls',
    `${podContext}        seccompProfile:\n          type: RuntimeDefault\n`,
    podContext.replace('securityContext', '«seccomp»securityContext'),
  ),
  pod('unconfined', 'type: RuntimeDefault', 'type: «seccomp»Unconfined'),
  pod(
    'unsafe kernel parameter',
    podContext,
    `${podContext}        sysctls:\n          - name: «unsafe-sysctls»net.core.somaxconn\n            value: "4096"\n`,
    { asWritten: true },
  ),
  pod(
    'password in the environment',
    '            - name: REGION\n              value: eu-central',
    '            - name: DATABASE_PASSWORD\n              value: «secret-literal»tr4ding-floor-9',
    {},
  ),
  settings('password in a ConfigMap', 'LIMITS: "25"', 'DATABASE_PASSWORD: «secret-literal»tr4ding-floor-9'),
  settings(
    'password in a block of text',
    'LIMITS: "25"',
    'application.yml: |\n    database:\n      user: orders\n      «secret-literal»password: tr4ding-floor-9',
    { asWritten: true },
  ),
  settings('all verbs', 'verbs: [get, watch]', 'verbs: [«rbac-wildcard»"*"]', { asWritten: true }),
  settings(
    'all resources',
    'resources: [configmaps]\n    resourceNames: [$A-settings]',
    'resources: [«rbac-wildcard»"*"]',
    { asWritten: true },
  ),
  pod(
    'token mounted',
    '      serviceAccountName: $A\n      automountServiceAccountToken: false',
    '      serviceAccountName: default\n      automountServiceAccountToken: «default-service-account-token»true',
  ),
  pod('latest', 'image: ghcr.io/acme/$A:1.4.2@sha256:$D', 'image: «image-pinned»ghcr.io/acme/$A:latest'),
  pod('no tag', 'image: ghcr.io/acme/$A:1.4.2@sha256:$D', 'image: «image-pinned»ghcr.io/acme/$A'),
  pod('no digest', 'image: ghcr.io/acme/$A:1.4.2@sha256:$D', 'image: «image-pinned»ghcr.io/acme/$A:1.4.2'),
];
