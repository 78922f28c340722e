import { extraHosts, pairs, textOrList, textual, truthful, ulimits, words } from './common.ts';
import { platform } from './formats.ts';
import { mounts } from './mounts.ts';
import { bytes, truthOrText } from './scalars.ts';
import { either, keys, list, of, type Shape } from './shape.ts';

/** `build`: build.md of the specification. */
export const build: Shape = either(
  textual,
  keys(
    'build',
    {
      context: textual,
      dockerfile: textual,
      dockerfile_inline: textual,
      entitlements: words,
      args: pairs('args'),
      ssh: either(textual, pairs('ssh')),
      labels: pairs('labels'),
      cache_from: words,
      cache_to: words,
      no_cache: truthful,
      no_cache_filter: textOrList,
      additional_contexts: pairs('additional_contexts'),
      network: textual,
      provenance: of(truthOrText),
      sbom: of(truthOrText),
      pull: truthful,
      target: textual,
      shm_size: of(bytes),
      extra_hosts: extraHosts,
      isolation: textual,
      privileged: truthful,
      secrets: mounts,
      tags: words,
      ulimits,
      platforms: list(of(platform)),
    },
    { exclusive: [['dockerfile', 'dockerfile_inline']] },
  ),
);
