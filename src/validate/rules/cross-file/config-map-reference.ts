import { checkHolders } from '../../cross-file/holder-check.ts';
import type { Rule } from '../../rule.ts';

export const configMapReference: Rule = {
  id: 'config-map-reference',
  severity: 'error',
  layer: 'cross-file',
  title: 'ConfigMaps and their keys that pods ask for exist',
  why: 'A container whose ConfigMap or key is missing is never started: the new colour hangs in CreateContainerConfigError or ContainerCreating and the release times out.',
  fix: 'Write the name and the key as the ConfigMap (or the `configMapGenerator`) has them, add what is missing, or mark the reference with `optional: true`.',
  source: 'https://kubernetes.io/docs/concepts/configuration/configmap/',
  check(workspace, report) {
    checkHolders(workspace, report, 'ConfigMap');
  },
};
