import { at } from '../../dockerfile/report.ts';
import { buildOf, plainWords } from '../../dockerfile/stages.ts';
import { isProduction } from '../../kubernetes/images.ts';
import { unpinned } from '../../kubernetes/pinned.ts';
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
    const wanted = isProduction(workspace) ? 'digest' : 'version';
    for (const dockerfile of workspace.dockerfiles) {
      const { bases } = buildOf(dockerfile);
      bases.forEach((base, stage) => {
        const index = dockerfile.stages[stage]?.instructions[0] ?? 0;
        const instruction = dockerfile.instructions[index];
        const spot = at(dockerfile, index, instruction ? plainWords(instruction)[0]?.index : undefined);
        if (base.kind === 'unresolved')
          report.skip(dockerfile.document, `the base image "${base.text}" is a variable without a default`);
        const found = base.kind === 'image' ? unpinned(base.text, base.image, wanted) : undefined;
        if (found) report.find(spot, found.message, { severity: found.severity });
      });
    }
  },
};
