import { textOf } from '../../document.ts';
import { imageReference, isProduction, isTemplated, suppliedImages } from '../../kubernetes/images.ts';
import { unpinned } from '../../kubernetes/pinned.ts';
import { applicationPods, spotOf } from '../../kubernetes/workloads.ts';
import type { Rule } from '../../rule.ts';

export const imagePinned: Rule = {
  id: 'image-pinned',
  severity: 'error',
  layer: 'policy',
  title: 'Images are pinned',
  why: 'A tag can be moved: a pod that is rescheduled at night may run other code than the one that was tested, and a rollback may bring the new image again.',
  fix: 'Write the image with its digest, `repository:1.4.2@sha256:…`, at least in production; never `latest`.',
  source: 'https://kubernetes.io/docs/concepts/containers/images/#image-names',
  check(workspace, report) {
    const supplied = suppliedImages(workspace);
    const wanted = isProduction(workspace) ? 'digest' : 'version';
    for (const pod of applicationPods(workspace)) {
      for (const container of pod.containers) {
        const image = textOf(container.value['image']);
        if (image === undefined || isTemplated(image)) continue;
        const reference = imageReference(image);
        if (supplied.has(reference.repository)) continue;
        const found = unpinned(image, reference, wanted);
        if (!found) continue;
        const spot = spotOf(pod.manifest, [...container.path, 'image']);
        report.find(spot, found.message, { severity: found.severity });
      }
    }
  },
};
