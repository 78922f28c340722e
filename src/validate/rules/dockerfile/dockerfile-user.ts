import { contentsOf } from '../../dockerfile/contents.ts';
import { at } from '../../dockerfile/report.ts';
import {
  type Build,
  buildOf,
  inherited,
  plainWords,
  rootBase,
  substituted,
} from '../../dockerfile/stages.ts';
import type { Reporter, Rule } from '../../rule.ts';
import type { Dockerfile } from '../../workspace.ts';

export const dockerfileUser: Rule = {
  id: 'dockerfile-user',
  severity: 'warning',
  layer: 'policy',
  title: 'The final stage runs as another user than root',
  why: 'A process that breaks out of its code runs with the rights of its user; as root it can write everything in the container and, with a flaw in the kernel or the runtime, reach the host.',
  fix: 'Make a user in the final stage and write `USER 10001` (a number, so that `runAsNonRoot` can be verified) before CMD.',
  source: 'https://github.com/hadolint/hadolint/wiki/DL3002',
  check(workspace, report) {
    for (const dockerfile of workspace.dockerfiles) checkUser(buildOf(dockerfile), report);
  },
};

function checkUser(build: Build, report: Reporter): void {
  const { dockerfile, final } = build;
  const placed = inherited(build, final);
  const last = placed.findLast(({ instruction }) => instruction.name === 'USER');
  if (!last) {
    checkBase(build, report);
    return;
  }
  const word = plainWords(last.instruction)[0];
  const user = substituted(word?.text ?? '', argumentDefaults(dockerfile));
  if (user === undefined) report.skip(dockerfile.document, 'the user is a variable without a default');
  else if (/^["']?(?:root|0)["']?(?::|$)/.test(user)) {
    report.find(
      at(dockerfile, last.index, word?.index),
      'the final stage runs as root; end it with another user, such as USER 10001',
    );
  }
}

function argumentDefaults({ instructions }: Dockerfile): ReadonlyMap<string, string> {
  return new Map(
    instructions
      .filter(({ name }) => name === 'ARG' || name === 'ENV')
      .flatMap(({ words }) => words)
      .flatMap((word) => {
        const equals = word.indexOf('=');
        return equals === -1 ? [] : [[word.slice(0, equals), word.slice(equals + 1)] as const];
      }),
  );
}

function checkBase(build: Build, report: Reporter): void {
  const { dockerfile, final } = build;
  const from = dockerfile.stages[final]?.instructions[0];
  const base = rootBase(build, final);
  if (from === undefined || !base) return;
  const { image } = contentsOf(build, final);
  if (base.kind === 'scratch' || image?.user === 'root') {
    report.find(
      at(dockerfile, from),
      `the final stage names no user and "${contentsOf(build, final).base}" runs as root; add USER`,
    );
  } else if (image?.user !== 'other') {
    report.skip(
      dockerfile.document,
      `the final stage names no user, and that of "${contentsOf(build, final).base}" is not known`,
    );
  }
}
