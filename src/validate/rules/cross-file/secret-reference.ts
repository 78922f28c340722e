import { checkHolders } from '../../cross-file/holder-check.ts';
import type { Rule } from '../../rule.ts';

export const secretReference: Rule = {
  id: 'secret-reference',
  severity: 'error',
  layer: 'cross-file',
  title: 'Secrets and their keys that are asked for exist',
  why: 'A container whose Secret or key is missing is never started, and an Ingress without its certificate serves a self-signed one to every client.',
  fix: 'Write the name and the key as the Secret has them, or as the ExternalSecret, SealedSecret or Certificate that makes it does. Where the workspace holds no Secret of the namespace at all this is only a notice, as they may be kept elsewhere.',
  source: 'https://kubernetes.io/docs/concepts/configuration/secret/',
  check(workspace, report) {
    checkHolders(workspace, report, 'Secret');
  },
};
