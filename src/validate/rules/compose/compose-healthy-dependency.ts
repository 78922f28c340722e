import { dependenciesOf } from '../../compose/dependencies.ts';
import { builtFrom } from '../../compose/images.ts';
import { filledIn } from '../../compose/interpolation.ts';
import {
  inService,
  keyIn,
  type Mapping,
  type Project,
  projectsOf,
  servicesOf,
} from '../../compose/project.ts';
import { baseImage, officialName } from '../../dockerfile/base-images.ts';
import { inherited, rootBase } from '../../dockerfile/stages.ts';
import { mappingOf, textOf } from '../../document.ts';
import { imageReference } from '../../kubernetes/images.ts';
import type { Reporter, Rule } from '../../rule.ts';
import type { Workspace } from '../../workspace.ts';

export const composeHealthyDependency: Rule = {
  id: 'compose-healthy-dependency',
  severity: 'error',
  layer: 'cross-file',
  title: 'What others wait for until it is healthy has a health check',
  why: 'With `condition: service_healthy` Compose refuses to start the dependants of a container without a health check.',
  fix: 'Write a `healthcheck` for the service that is waited for (`test: [CMD, pg_isready, -U, postgres]`), or wait for service_started.',
  source: 'https://docs.docker.com/compose/how-tos/startup-order/',
  check(workspace, report) {
    for (const project of projectsOf(workspace)) {
      for (const [name, service] of servicesOf(project))
        checkService(workspace, project, { name, service, report });
    }
  },
};

function checkService(
  workspace: Workspace,
  project: Project,
  { name, service, report }: { name: string; service: Mapping; report: Reporter },
): void {
  for (const { service: other, condition, path } of dependenciesOf(service)) {
    const wanted = project.service(other);
    if (condition !== 'service_healthy' || !wanted) continue;
    const spot = mappingOf(service['depends_on'])
      ? inService(project, name, ...path, 'condition')
      : keyIn(project, name, ...path);
    const { state, because } = healthOf(workspace, project, wanted);
    if (state === 'none') report.find(spot, `"${other}" is waited for until it is healthy, but ${because}`);
    if (state === 'unknown')
      report.skip(project.file.document, `whether "${other}" has a health check cannot be told: ${because}`);
  }
}

interface Health {
  state: 'own' | 'none' | 'unknown';
  because: string;
}

function healthOf(workspace: Workspace, project: Project, service: Mapping): Health {
  const written = mappingOf(service['healthcheck']);
  const test = written?.['test'];
  if (written?.['disable'] === true || test === 'NONE' || (Array.isArray(test) && test[0] === 'NONE'))
    return { state: 'none', because: 'its health check is switched off' };
  if (test !== undefined) return { state: 'own', because: '' };
  if (service['build'] !== undefined) return builtHealth(workspace, project, service);
  const image = filledIn(textOf(service['image']) ?? '$');
  if (image === undefined || mappingOf(service['extends'])?.['file'] !== undefined)
    return { state: 'unknown', because: 'its image is not known' };
  return imageHealth(image);
}

/** None of the images in the table brings a health check of its own. */
function imageHealth(image: string): Health {
  const reference = imageReference(image);
  const isKnown = baseImage(reference) !== undefined;
  const name = officialName(reference.repository);
  return isKnown
    ? { state: 'none', because: `neither it nor its image ${name} has a health check` }
    : { state: 'unknown', because: `the image ${name} may bring one` };
}

function builtHealth(workspace: Workspace, project: Project, service: Mapping): Health {
  const built = builtFrom(workspace, project, service);
  if (!built) return { state: 'unknown', because: 'its Dockerfile is not in the workspace' };
  const last = inherited(built.build, built.stage).findLast(
    ({ instruction }) => instruction.name === 'HEALTHCHECK',
  );
  if (last) {
    const isOff = last.instruction.words.some((word) => word.toUpperCase() === 'NONE');
    return isOff
      ? { state: 'none', because: 'its Dockerfile switches the health check off' }
      : { state: 'own', because: '' };
  }
  const base = rootBase(built.build, built.stage);
  if (base?.kind === 'scratch' || (base?.kind === 'image' && baseImage(base.image)))
    return { state: 'none', because: 'neither it nor its Dockerfile has a health check' };
  return { state: 'unknown', because: 'its base image may bring one' };
}
