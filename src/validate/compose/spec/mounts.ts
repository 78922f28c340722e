import { pairs, textual, truthful } from './common.ts';
import { bytes, fileMode, oneOf } from './scalars.ts';
import { either, keys, list, of, type Shape } from './shape.ts';

/** `configs` and `secrets` of a service or a build. */
export const mounts: Shape = list(
  either(
    textual,
    keys('a mount', { source: textual, target: textual, uid: textual, gid: textual, mode: of(fileMode) }),
  ),
);

const types = ['bind', 'volume', 'tmpfs', 'cluster', 'npipe', 'image'];
const propagations = ['private', 'rprivate', 'shared', 'rshared', 'slave', 'rslave'];

/** `volumes` of a service. */
export const volumes: Shape = list(
  either(
    textual,
    keys(
      'a mount of a volume',
      {
        type: of(oneOf('a type of volume', types)),
        source: textual,
        target: textual,
        read_only: truthful,
        consistency: textual,
        bind: keys('bind', {
          propagation: of(oneOf('a propagation', propagations)),
          create_host_path: truthful,
          recursive: of(oneOf('a way to mount', ['enabled', 'disabled', 'writable', 'readonly'])),
          selinux: of(oneOf('an SELinux option', ['z', 'Z'])),
        }),
        volume: keys('volume', { labels: pairs('labels'), nocopy: truthful, subpath: textual }),
        tmpfs: keys('tmpfs', { size: of(bytes), mode: of(fileMode) }),
        image: keys('image', { subpath: textual }),
      },
      { required: ['type'] },
    ),
  ),
);
