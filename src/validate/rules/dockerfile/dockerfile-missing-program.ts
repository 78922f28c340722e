import { callsOf, remedyOf, startsCommand } from '../../dockerfile/commands.ts';
import { type Contents, contentsBefore, contentsOf } from '../../dockerfile/contents.ts';
import { programName } from '../../dockerfile/shell.ts';
import { type Build, buildOf, inherited, type Placed, placedInstructions } from '../../dockerfile/stages.ts';
import type { Reporter, Rule } from '../../rule.ts';

export const dockerfileMissingProgram: Rule = {
  id: 'dockerfile-missing-program',
  severity: 'error',
  layer: 'policy',
  title: 'HEALTHCHECK, CMD and ENTRYPOINT call programs that the image contains',
  why: 'A health check whose curl is missing fails for ever: the container is never healthy, dependants never start, and a cutover waits for a colour that works. It shows at run time only.',
  fix: 'Call a program that the base has (`wget -q -O /dev/null` on Alpine, `node -e` or `python -c` on slim images), or install it in the final stage; an earlier stage does not count.',
  source: 'https://docs.docker.com/reference/dockerfile/#healthcheck',
  check(workspace, report) {
    for (const dockerfile of workspace.dockerfiles) {
      const build = buildOf(dockerfile);
      checkImage(build, report);
      checkShells(build, report);
    }
  },
};

/** What the image starts, and how it is checked. */
function checkImage(build: Build, report: Reporter): void {
  const { final, dockerfile } = build;
  if (final < 0) return;
  const placed = inherited(build, final);
  const last = (name: string): Placed | undefined =>
    placed.findLast(({ instruction }) => instruction.name === name);
  const contents = contentsOf(build, final);
  const entrypoint = last('ENTRYPOINT');
  const command = isStarted(entrypoint, contents) ? last('CMD') : undefined;
  for (const each of [last('HEALTHCHECK'), entrypoint, command]) {
    if (!each || each.instruction.words.length === 0) continue;
    const told = new Set<string>();
    for (const { program, path } of callsOf(each, shellAt(build, each))) {
      const name = programName(program);
      const { state, because } = contents.presence(program);
      if (state === 'unknown' && because !== undefined) {
        report.skip(dockerfile.document, `whether the final stage has "${name}" cannot be told: ${because}`);
      }
      if (state !== 'absent' || told.has(name)) continue;
      told.add(name);
      const isShellForm = each.instruction.exec === undefined && name === programName(shellAt(build, each));
      const what = isShellForm ? 'is in shell form, but' : `calls ${name}, but`;
      report.find(
        { document: dockerfile.document, path },
        `${each.instruction.name} ${what} the final stage (${contents.base}) has no ${name}; ${remedyOf(name, contents)}`,
      );
      // Without the shell nothing else is reached.
      if (isShellForm) break;
    }
  }
}

/** Whether the words of CMD are a program that gets started. */
const isStarted = (entrypoint: Placed | undefined, contents: Contents): boolean =>
  entrypoint === undefined ? contents.image?.entrypoint !== 'takes-arguments' : startsCommand(entrypoint);

/** The shell that SHELL has set before the instruction. */
const shellAt = (build: Build, { index, stage }: Placed): string => contentsBefore(build, stage, index).shell;

/** The first RUN in shell form of a stage needs a shell to begin with. */
function checkShells(build: Build, report: Reporter): void {
  const { dockerfile } = build;
  const seen = new Set<number>();
  for (const { instruction, index, stage } of placedInstructions(dockerfile)) {
    if (instruction.name !== 'RUN' || instruction.exec || stage < 0 || seen.has(stage)) continue;
    seen.add(stage);
    const contents = contentsBefore(build, stage, index);
    if (contents.presence(contents.shell).state !== 'absent') continue;
    report.find(
      { document: dockerfile.document, path: [index], part: 'key' },
      `RUN needs a shell, but ${contents.base} has no ${programName(contents.shell)}; do this in an earlier stage and copy the result`,
    );
  }
}
