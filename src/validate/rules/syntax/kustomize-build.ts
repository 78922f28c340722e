import { readingRule } from './reading.ts';

export const kustomizeBuild = readingRule('kustomize-build', {
  title: 'Kustomize overlays build',
  why: 'An overlay that does not build cannot be applied, and its objects were not checked.',
  fix: 'Run `kubectl kustomize` on the folder and mend what it names.',
  source: 'https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/',
});
