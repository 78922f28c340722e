import type { Rule } from '../../rule.ts';
import { imagesOf, isUnresolved } from '../../workflows/images.ts';
import { atIndex, workflowsOf } from '../../workflows/model.ts';

export const workflowScannedImage: Rule = {
  id: 'workflow-scanned-image',
  severity: 'error',
  layer: 'policy',
  title: 'The image that is scanned is the one that is built',
  why: 'A scan of another name or tag passes on an old or foreign image, while the one that is released was never looked at.',
  fix: 'Scan the very reference that the build step produces, best by its digest: `image-ref: registry/app@${{ steps.build.outputs.digest }}`.',
  source: 'https://github.com/aquasecurity/trivy-action#scan-ci-pipeline',
  check(workspace, report) {
    for (const workflow of workflowsOf(workspace)) {
      const { built, pulled, scanned, isOpaque } = imagesOf(workflow);
      const there = [...built, ...pulled];
      if (isOpaque || there.length === 0 || there.some(({ image }) => isUnresolved(image))) continue;
      const names = new Set(there.map(({ image }) => image));
      for (const { image, path, index } of scanned) {
        if (names.has(image) || isUnresolved(image) || image.includes('@')) continue;
        const list = [...names]
          .slice(0, 3)
          .map((name) => `"${name}"`)
          .join(', ');
        report.find(
          atIndex(workflow, path, index),
          `"${image}" is scanned, but this workflow builds ${list}`,
        );
      }
    }
  },
};
