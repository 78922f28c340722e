import { filledIn } from '../../compose/interpolation.ts';
import { inService, projectsOf, servicesOf } from '../../compose/project.ts';
import { textOf } from '../../document.ts';
import { imageReference, suppliedImages } from '../../kubernetes/images.ts';
import { unpinned } from '../../kubernetes/pinned.ts';
import type { Rule } from '../../rule.ts';

export const composeImagePinned: Rule = {
  id: 'compose-image-pinned',
  severity: 'error',
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
        const reference = imageReference(image);
        const found = supplied.has(reference.repository) ? undefined : unpinned(image, reference, 'version');
        if (found) report.find(inService(project, name, 'image'), found.message);
      }
    }
  },
};
