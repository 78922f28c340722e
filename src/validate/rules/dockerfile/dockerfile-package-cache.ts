import { wordsBehind } from '../../dockerfile/edits.ts';
import type { PackageCall } from '../../dockerfile/packages.ts';
import { atCommand } from '../../dockerfile/report.ts';
import { isMounted, isShipped, packageCallsOf, type Run } from '../../dockerfile/runs.ts';
import { buildOf, inherited } from '../../dockerfile/stages.ts';
import { editOf } from '../../fix/mapping-edits.ts';
import type { Rule } from '../../rule.ts';

export const dockerfilePackageCache: Rule = {
  id: 'dockerfile-package-cache',
  severity: 'notice',
  layer: 'policy',
  title: 'Package caches stay out of the image',
  why: 'Caches of apk and pip are never used again in the image; they make every pull slower, also the one in a rollback.',
  fix: 'Write `apk add --no-cache`, `pip install --no-cache-dir` or set `PIP_NO_CACHE_DIR=1`; or mount the cache with `RUN --mount=type=cache,target=…`.',
  source: 'https://github.com/hadolint/hadolint/wiki/DL3042',
  check(workspace, report) {
    for (const { run, command, call } of packageCallsOf(workspace)) {
      if (!['install', 'project'].includes(call.action) || !isShipped(run)) continue;
      const spot = atCommand(run.dockerfile, run, command);
      if (call.tool === 'apk' && keepsIndex(call, run))
        report.find(
          spot,
          'apk add keeps its index in the image; add --no-cache',
          editOf(wordsBehind(run, command, { word: 'add', add: '--no-cache' })),
        );
      if (call.tool === 'pip' && isPip(call) && keepsWheels(call, run) && !hasNoPipCache(run)) {
        report.find(
          spot,
          'pip install keeps its cache in the image; add --no-cache-dir',
          editOf(wordsBehind(run, command, { word: 'install', add: '--no-cache-dir' })),
        );
      }
    }
  },
};

const isPip = ({ program }: PackageCall): boolean => /(?:^|\/)(?:pip[\d.]*|python[\d.]*)$/.test(program.text);

const keepsIndex = ({ flags }: PackageCall, run: Run): boolean =>
  !flags.includes('--no-cache') &&
  !isMounted(run, '/var/cache/apk') &&
  !run.commands.some(({ words }) => words.some(({ text }) => text.includes('/var/cache/apk')));

const keepsWheels = ({ flags }: PackageCall, run: Run): boolean =>
  !flags.some((flag) => flag.startsWith('--no-cache')) &&
  !isMounted(run, '/root/.cache') &&
  !/\.cache|pip3? cache purge/.test(run.instruction.text);

const known = new WeakMap<Run['dockerfile'], Map<Run['stage'], boolean>>();

/** By a variable of the stage; looked up once a stage. */
function hasNoPipCache({ dockerfile, stage }: Run): boolean {
  const stages = known.get(dockerfile) ?? new Map<Run['stage'], boolean>();
  known.set(dockerfile, stages);
  const found = stages.get(stage) ?? setsNoPipCache({ dockerfile, stage });
  stages.set(stage, found);
  return found;
}

const setsNoPipCache = ({ dockerfile, stage }: Pick<Run, 'dockerfile' | 'stage'>): boolean =>
  inherited(buildOf(dockerfile), stage).some(
    ({ instruction }) =>
      (instruction.name === 'ENV' || instruction.name === 'ARG') &&
      /PIP_NO_CACHE_DIR[= ]/.test(instruction.text),
  );
