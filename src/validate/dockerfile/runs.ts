import type { Dockerfile, Workspace } from '../workspace.ts';
import { type PackageCall, packageCall } from './packages.ts';
import { type Command, commandsOf } from './shell.ts';
import { buildOf, type Placed, placedInstructions } from './stages.ts';

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

/** A command of a RUN that calls a package tool. */
export interface PlacedCall {
  readonly run: Run;
  readonly command: Command;
  readonly call: PackageCall;
}

/** Every call of a package tool in the workspace's Dockerfiles. */
export const packageCallsOf = (workspace: Workspace): readonly PlacedCall[] =>
  runsOf(workspace).flatMap((run) =>
    run.commands.flatMap((command) => {
      const call = packageCall(command);
      return call ? [{ run, command, call }] : [];
    }),
  );

/** Whether what a stage leaves behind is in the final image; what other stages leave stays there. */
export function isShipped({ dockerfile, stage }: Run): boolean {
  const build = buildOf(dockerfile);
  return build.lineage(build.final).includes(stage);
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
