import { hostPathsOf } from '../../kubernetes/host-paths.ts';
import { applicationPods, spotOf } from '../../kubernetes/workloads.ts';
import type { Rule } from '../../rule.ts';

/** The folder itself; single files below, such as /etc/localtime or /dev/infiniband, can be harmless. */
const itself = new Set([
  '/',
  '/boot',
  '/dev',
  '/etc',
  '/home',
  '/lib',
  '/lib64',
  '/opt',
  '/run',
  '/sys',
  '/usr',
  '/var',
  '/var/lib',
  '/var/run',
]);

/** The folder and all below it. */
const andBelow = [
  '/boot',
  '/dev/mem',
  '/dev/kmem',
  '/etc/cni',
  '/etc/cron.d',
  '/etc/kubernetes',
  '/etc/passwd',
  '/etc/shadow',
  '/etc/ssh',
  '/etc/sudoers',
  '/etc/systemd',
  '/proc',
  '/root',
  '/run/containerd',
  '/usr/bin',
  '/usr/sbin',
  '/var/lib/containerd',
  '/var/lib/docker',
  '/var/lib/etcd',
  '/var/lib/kubelet',
];

export const sensitiveHostPath: Rule = {
  id: 'sensitive-host-path',
  severity: 'error',
  layer: 'policy',
  title: "Pods do not mount the node's own folders",
  why: "A folder such as /etc, /proc or the kubelet's holds keys and programs of the node: reading it leaks the cluster's credentials, writing it takes the node over.",
  fix: 'Use a ConfigMap, Secret, emptyDir or PersistentVolumeClaim. Where a node agent needs the folder, mount the smallest part of it with `readOnly: true`.',
  source: 'https://docs.kubelinter.io/#/generated/checks?id=sensitive-host-mounts',
  check(workspace, report) {
    for (const pod of applicationPods(workspace)) {
      for (const { folder, path, readOnly } of hostPathsOf(pod)) {
        if (!isSensitive(folder)) continue;
        const how = readOnly ? 'read-only' : 'writable';
        report.find(
          spotOf(pod.manifest, path),
          `the volume gives containers ${folder} of the node, ${how}; use a volume of the pod's own`,
          { severity: readOnly ? 'warning' : 'error' },
        );
      }
    }
  },
};

const isSensitive = (folder: string): boolean =>
  !folder.endsWith('.sock') &&
  (itself.has(folder) || andBelow.some((top) => folder === top || folder.startsWith(`${top}/`)));
