import { colorOfName } from '../../cross-file/colors.ts';
import { objectsOf } from '../../cross-file/names.ts';
import { componentOf } from '../../kubernetes/components.ts';
import type { PodSpec } from '../../kubernetes/pods.ts';
import { takesTraffic } from '../../kubernetes/traffic.ts';
import { completePods, named, spotOf } from '../../kubernetes/workloads.ts';
import type { Rule } from '../../rule.ts';
import type { Workspace } from '../../workspace.ts';

const colors = ['blue', 'green'] as const;

/** Longest value of a label and longest host name of a pod, RFC 1123. */
const longestName = 63;

export const coloredNameCollision: Rule = {
  id: 'colored-name-collision',
  severity: 'error',
  layer: 'cross-file',
  title: 'Names of Deployments leave room for their colour',
  why: 'A cutover makes `<name>-blue` and `<name>-green`. One that exists already would be overwritten with other pods, and a name that gets too long is refused in the middle of the release.',
  fix: `Keep either the Deployment without a colour or the coloured ones in the manifests, and names at most ${longestName - '-green'.length} characters long.`,
  source: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/names/',
  check(workspace, report) {
    const deployments = objectsOf(workspace, 'Deployment');
    for (const pod of completePods(workspace).filter((each) => isColored(workspace, each))) {
      const { manifest } = pod;
      const spot = spotOf(manifest, ['metadata', 'name']);
      for (const color of colors) {
        const [other] = deployments.named(`${manifest.name}-${color}`, manifest);
        if (!other) continue;
        const { file } = other.manifest.document;
        report.find(
          spot,
          `${named(manifest)} would be called "${other.name}" when it is coloured, which exists in ${file.path}`,
        );
      }
      const length = manifest.name.length + '-green'.length;
      if (length <= longestName) continue;
      report.find(
        spot,
        `${named(manifest)} has ${length} characters when it is coloured; at most ${longestName} are allowed`,
      );
    }
  },
};

/** What a cutover makes two colours of: components, and without a release file all that takes traffic. */
function isColored(workspace: Workspace, pod: PodSpec): boolean {
  const { manifest } = pod;
  if (manifest.kind !== 'Deployment' || colorOfName(manifest.name) !== undefined) return false;
  return takesTraffic(workspace, manifest) || componentOf(workspace, pod) !== undefined;
}
