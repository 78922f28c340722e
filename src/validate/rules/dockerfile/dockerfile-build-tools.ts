import { officialName } from '../../dockerfile/base-images.ts';
import { packageCall, packageName } from '../../dockerfile/packages.ts';
import { at, atCommand } from '../../dockerfile/report.ts';
import { type Run, runsOf } from '../../dockerfile/runs.ts';
import { buildOf, placedInstructions, plainWords, rootBase } from '../../dockerfile/stages.ts';
import type { Reporter, Rule } from '../../rule.ts';
import type { Dockerfile } from '../../workspace.ts';

const compilers =
  /^(?:build-essential|build-base|alpine-sdk|gcc|g\+\+|gcc-c\+\+|clang|make|cmake|autoconf|automake|cargo|rust|rustc|golang|golang-go|go|maven|gradle|default-jdk|openjdk-\d+-jdk(?:-headless)?|python3-dev|linux-headers|git)$/;

const buildImages =
  /^(?:golang|rust|maven|gradle|gcc|haskell|swift|elixir|erlang|dotnet\/sdk|buildpack-deps|sbtscala\/.*)$/;

export const dockerfileBuildTools: Rule = {
  id: 'dockerfile-build-tools',
  severity: 'notice',
  layer: 'policy',
  title: 'The final stage has no compilers and build tools',
  why: 'They make the image several times larger, slow down every start on a fresh node, and give an intruder what is needed to build an attack on the spot.',
  fix: 'Build in an earlier stage and copy only the result, `COPY --from=build /app/dist /app/dist`, or remove the tools in the RUN that installed them.',
  source: 'https://docs.docker.com/build/building/multi-stage/',
  check(workspace, report) {
    for (const dockerfile of workspace.dockerfiles) {
      checkBase(dockerfile, report);
      checkCopies(dockerfile, report);
    }
    for (const run of runsOf(workspace)) {
      const { lineage, final } = buildOf(run.dockerfile);
      if (lineage(final).includes(run.stage)) checkInstalls(run, report);
    }
  },
};

function checkBase(dockerfile: Dockerfile, report: Reporter): void {
  const build = buildOf(dockerfile);
  const base = build.final < 0 ? undefined : rootBase(build, build.final);
  const index = dockerfile.stages[build.final]?.instructions[0];
  if (base?.kind !== 'image' || index === undefined || !buildImages.test(officialName(base.image.repository)))
    return;
  const instruction = dockerfile.instructions[index];
  report.find(
    at(dockerfile, index, instruction && plainWords(instruction)[0]?.index),
    `the final stage is made from "${base.text}", which holds a whole toolchain`,
  );
}

/** The whole file system of a build stage. */
function checkCopies(dockerfile: Dockerfile, report: Reporter): void {
  const { lineage, final, bases } = buildOf(dockerfile);
  for (const { instruction, index, stage } of placedInstructions(dockerfile)) {
    // Into scratch it is a way to make one layer of many.
    const isSquash = bases[stage]?.kind === 'scratch';
    if (
      instruction.name !== 'COPY' ||
      instruction.flags['from'] === undefined ||
      isSquash ||
      !lineage(final).includes(stage)
    )
      continue;
    const whole = plainWords(instruction)
      .slice(0, -1)
      .find(({ text }) => /^(?:\/|\/usr\/?|\/root\/?)$/.test(text));
    if (whole)
      report.find(
        at(dockerfile, index, whole.index),
        `${whole.text} of another stage is copied as a whole, build tools included`,
      );
  }
}

function checkInstalls(run: Run, report: Reporter): void {
  const removed = new Set<string>();
  const calls = run.commands.flatMap((command) => {
    const call = packageCall(command);
    if (call?.action === 'remove')
      for (const { text } of call.packages) removed.add(packageName(call.tool, text));
    return call?.action === 'install' && ['apt', 'apk', 'dnf'].includes(call.tool) ? [{ command, call }] : [];
  });
  for (const { command, call } of calls) {
    const virtual =
      call.flags.find((_, i) => ['--virtual', '-t'].includes(call.flags[i - 1] ?? '')) ??
      call.flags.find((flag) => flag.startsWith('--virtual='))?.slice(10);
    if (virtual !== undefined && removed.has(virtual)) continue;
    const left = call.packages
      .map(({ text }) => packageName(call.tool, text))
      .filter((name) => compilers.test(name) && !removed.has(name));
    if (left.length > 0)
      report.find(
        atCommand(run.dockerfile, run, command),
        `the final stage keeps the build tool${left.length > 1 ? 's' : ''} ${left
          .slice(0, 3)
          .map((name) => `"${name}"`)
          .join(', ')}`,
      );
  }
}
