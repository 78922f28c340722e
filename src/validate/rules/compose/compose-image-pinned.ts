import { filledIn } from '../../compose/interpolation.ts';
import { inService, projectsOf, servicesOf } from '../../compose/project.ts';
import { textOf } from '../../document.ts';
import { imageReference, suppliedImages } from '../../kubernetes/images.ts';
import type { Rule } from '../../rule.ts';

export const composeImagePinned: Rule = {
  id: 'compose-image-pinned',
  severity: 'warning',
  layer: 'policy',
  title: 'Images in Compose files have the tag of a version',
  why: '`latest` is whatever was pushed last: two hosts, or one host after a pull, run different versions, and a database may be upgraded over its data.',
  fix: 'Write the version, `image: postgres:17.6`, or the digest.',
  source: 'https://docs.docker.com/reference/compose-file/services/#image',
  check(workspace, report) {
    const supplied = suppliedImages(workspace);
    for (const project of projectsOf(workspace)) {
      for (const [name, service] of servicesOf(project)) {
        const written = textOf(service['image']);
        // The name of what is built here.
        if (
          written === undefined ||
          service['build'] !== undefined ||
          project.service(name)?.['build'] !== undefined
        )
          continue;
        const image = filledIn(written);
        if (image === undefined || image === '') continue;
        const { tag, digest, repository } = imageReference(image);
        if (digest !== undefined || supplied.has(repository)) continue;
        const spot = inService(project, name, 'image');
        if (tag === undefined)
          report.find(spot, `"${image}" has no tag, which means latest; write a version`);
        else if (/^(?:latest|stable|edge|nightly|main|master)$/i.test(tag))
          report.find(spot, `the tag of "${image}" moves; write a version`);
      }
    }
  },
};
