import type { Dockerfile, Workspace } from '../workspace.ts';
import { type Command, commandsOf } from './shell.ts';
import { type Placed, placedInstructions } from './stages.ts';

/** A RUN instruction and its commands. */
export interface Run extends Placed {
  readonly dockerfile: Dockerfile;
  readonly commands: readonly Command[];
}

const cache = new WeakMap<Workspace, readonly Run[]>();

/** Every RUN of the workspace's Dockerfiles. */
export function runsOf(workspace: Workspace): readonly Run[] {
  const known = cache.get(workspace);
  if (known) return known;
  const runs = workspace.dockerfiles.flatMap((dockerfile) =>
    placedInstructions(dockerfile)
      .filter(({ instruction }) => instruction.name === 'RUN')
      .map((placed) => ({ ...placed, dockerfile, commands: commandsOf(placed.instruction) })),
  );
  cache.set(workspace, runs);
  return runs;
}

/** Whether a mount of a RUN keeps what is under a folder out of the image: `--mount=type=cache,target=/root/.cache`. */
export function isMounted({ instruction }: Placed, folder: string): boolean {
  return (instruction.flags['mount'] ?? '').split('\n').some((mount) =>
    mount.split(',').some((option) => {
      const [, path] = /^(?:target|dst|destination)=(.+)$/.exec(option) ?? [];
      return (
        path !== undefined &&
        (folder === path.replace(/\/+$/, '') ||
          folder.startsWith(`${path.replace(/\/+$/, '')}/`) ||
          path.startsWith(`${folder}/`))
      );
    }),
  );
}
