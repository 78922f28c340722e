import { at } from '../../dockerfile/report.ts';
import { buildOf, plainWords } from '../../dockerfile/stages.ts';
import { isProduction } from '../../kubernetes/images.ts';
import type { Rule } from '../../rule.ts';

export const dockerfilePinnedBase: Rule = {
  id: 'dockerfile-pinned-base',
  severity: 'error',
  layer: 'policy',
  title: 'Base images are pinned',
  why: 'A tag that moves makes two builds of one commit differ: what is tested is not what is built next, and a rollback build may bring the fault again.',
  fix: 'Write the tag of a version, and for production its digest too: `FROM node:24.1.0-slim@sha256:…`. Renovate or Dependabot keep both current.',
  source: 'https://github.com/hadolint/hadolint/wiki/DL3006',
  check(workspace, report) {
    const needsDigest = isProduction(workspace);
    for (const dockerfile of workspace.dockerfiles) {
      const { bases } = buildOf(dockerfile);
      bases.forEach((base, stage) => {
        const index = dockerfile.stages[stage]?.instructions[0] ?? 0;
        const instruction = dockerfile.instructions[index];
        const spot = at(dockerfile, index, instruction ? plainWords(instruction)[0]?.index : undefined);
        if (base.kind === 'unresolved')
          report.skip(dockerfile.document, `the base image "${base.text}" is a variable without a default`);
        if (base.kind !== 'image' || base.image.digest !== undefined) return;
        const { tag } = base.image;
        if (tag === undefined)
          report.find(spot, `"${base.text}" has no tag, which means latest; write a version`);
        else if (/^(?:latest|stable|edge|nightly|main|master|rolling)$/i.test(tag)) {
          report.find(spot, `the tag of "${base.text}" moves; write a version`);
        } else if (needsDigest) {
          report.find(spot, `"${base.text}" has no digest, so its tag can be moved; append @sha256:…`, {
            severity: 'warning',
          });
        }
      });
    }
  },
};
