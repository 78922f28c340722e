import { at } from '../../dockerfile/report.ts';
import { buildOf } from '../../dockerfile/stages.ts';
import type { Rule } from '../../rule.ts';

export const dockerfilePlatform: Rule = {
  id: 'dockerfile-platform',
  severity: 'warning',
  layer: 'policy',
  title: 'The final stage is built for the platform that is asked for',
  why: 'A final stage on $BUILDPLATFORM gives an image for the machine that built it under the name of another platform: pods on the other nodes crash with "exec format error".',
  fix: 'Write `--platform=$BUILDPLATFORM` on build stages only, and leave it out of the final stage.',
  source: 'https://github.com/hadolint/hadolint/wiki/DL3029',
  check(workspace, report) {
    for (const dockerfile of workspace.dockerfiles) {
      const { lineage, final } = buildOf(dockerfile);
      for (const stage of final < 0 ? [] : lineage(final)) {
        const index = dockerfile.stages[stage]?.instructions[0];
        const platform = index === undefined ? undefined : dockerfile.instructions[index]?.flags['platform'];
        if (index === undefined || platform === undefined) continue;
        const word = dockerfile.instructions[index]?.words.findIndex((text) => text.startsWith('--platform'));
        if (/BUILD(?:PLATFORM|ARCH|OS)/.test(platform)) {
          report.find(
            at(dockerfile, index, word),
            'the final stage takes the platform of the machine that builds; leave --platform out here',
          );
        } else if (!platform.includes('$') && platform !== '') {
          report.find(
            at(dockerfile, index, word),
            `the final stage is always built for ${platform}, whatever platform is asked for`,
          );
        }
      }
    }
  },
};
