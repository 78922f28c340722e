import { hostPathsOf } from '../../kubernetes/host-paths.ts';
import { applicationPods, spotOf } from '../../kubernetes/workloads.ts';
import type { Rule } from '../../rule.ts';

/** Control sockets of container engines; each gives root on the node. */
const sockets = new Set([
  'docker.sock',
  'containerd.sock',
  'crio.sock',
  'cri-dockerd.sock',
  'podman.sock',
  'dockershim.sock',
  'buildkitd.sock',
]);

export const dockerSocket: Rule = {
  id: 'docker-socket',
  severity: 'error',
  layer: 'policy',
  title: "No container holds the container engine's socket",
  why: "Whoever can write to the engine's socket starts a privileged container and owns the node, also where the socket is mounted read-only.",
  fix: 'Remove the volume. Build images outside the cluster or with a rootless builder, and read container metrics from the kubelet.',
  source: 'https://docs.kubelinter.io/#/generated/checks?id=docker-sock',
  check(workspace, report) {
    for (const pod of applicationPods(workspace)) {
      for (const { folder, path } of hostPathsOf(pod)) {
        const socket = folder.slice(folder.lastIndexOf('/') + 1);
        if (!sockets.has(socket)) continue;
        report.find(
          spotOf(pod.manifest, path),
          `the volume gives containers the node's ${socket}; remove it`,
        );
      }
    }
  },
};
