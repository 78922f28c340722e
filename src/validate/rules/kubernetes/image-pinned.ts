import { textOf } from '../../document.ts';
import type { Severity } from '../../finding.ts';
import { imageReference, isProduction, isTemplated, suppliedImages } from '../../kubernetes/images.ts';
import { applicationPods, spotOf } from '../../kubernetes/workloads.ts';
import type { Rule } from '../../rule.ts';

/** Tags that are moved from one image to the next by convention. */
const moving = new Set([
  'latest',
  'stable',
  'edge',
  'nightly',
  'dev',
  'develop',
  'main',
  'master',
  'canary',
  'snapshot',
]);

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
    const needsDigest = isProduction(workspace);
    for (const pod of applicationPods(workspace)) {
      for (const container of pod.containers) {
        const image = textOf(container.value['image']);
        if (image === undefined || isTemplated(image)) continue;
        const { repository, tag, digest } = imageReference(image);
        if (digest !== undefined || supplied.has(repository)) continue;
        const found = problem(image, tag, needsDigest);
        if (!found) continue;
        const spot = spotOf(pod.manifest, [...container.path, 'image']);
        report.find(spot, found.message, { severity: found.severity });
      }
    }
  },
};

function problem(
  image: string,
  tag: string | undefined,
  needsDigest: boolean,
): { message: string; severity: Severity } | undefined {
  if (tag === undefined) {
    return { message: `"${image}" has no tag, which means latest; pin it by its digest`, severity: 'error' };
  }
  if (moving.has(tag.toLowerCase())) {
    return { message: `"${image}" has a tag that moves; pin it by its digest`, severity: 'error' };
  }
  return needsDigest
    ? { message: `"${image}" has no digest, so its tag can be moved; append @sha256:…`, severity: 'warning' }
    : undefined;
}
