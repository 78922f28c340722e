import { posix } from 'node:path';
import { programName } from '../dockerfile/shell.ts';
import { type Path, textOf } from '../document.ts';
import type { Workspace } from '../workspace.ts';
import { actionOf, type Job, named, type Step, type Workflow } from './model.ts';
import { flagValues, operands, type ScriptCommand, scriptCommands, startOf } from './scripts.ts';
import { workingDirectoryOf } from './variables.ts';

export interface FileFault {
  readonly path: Path;
  /** Where the file is named in the script at `path`. */
  readonly index?: number | undefined;
  readonly message: string;
}

/** A file that a step needs, relative to the repository. */
interface Need {
  readonly file: string;
  readonly path: Path;
  readonly index?: number | undefined;
  readonly what: string;
  /** Any of these is enough. */
  readonly anyOf?: readonly string[];
}

/** Files that a workflow names and that the repository does not have; nothing that a step could have made or fetched. */
export function existingFaults(workspace: Workspace, workflow: Workflow): readonly FileFault[] {
  return [...workflow.jobs.values()].flatMap((job) => [
    ...calledFault(workspace, job),
    ...job.steps.flatMap((step) => stepFaults(workspace, workflow, job, step)),
  ]);
}

function calledFault(workspace: Workspace, job: Job): FileFault[] {
  if (!job.uses?.startsWith('./') || workspace.exists(job.uses.slice(2))) return [];
  return [
    { path: [...job.path, 'uses'], message: `${named(job)} calls "${job.uses}", which does not exist` },
  ];
}

function stepFaults(workspace: Workspace, workflow: Workflow, job: Job, step: Step): FileFault[] {
  const before = job.steps.slice(0, step.index);
  if (!before.some(isPlainCheckout) || before.some(bringsFiles)) return [];
  const made = before.map(textOfStep).join('\n');
  return needsOf(workflow, job, step).flatMap(({ file, path, index, what, anyOf }) => {
    const exists = (anyOf ?? [file]).some((one) => workspace.exists(posix.normalize(one)));
    if (exists || isGenerated(file) || mentions(made, file)) return [];
    return [{ path, index, message: `${what} "${file}" does not exist` }];
  });
}

/** Checks out this repository, at its root. */
const isPlainCheckout = (step: Step): boolean =>
  actionOf(step) === 'actions/checkout' &&
  step.with['repository'] === undefined &&
  step.with['path'] === undefined;

/** Brings files of which nothing is written here. */
const bringsFiles = (step: Step): boolean =>
  /download-artifact|actions\/cache/.test(actionOf(step) ?? '') ||
  (actionOf(step) === 'actions/checkout' &&
    (step.with['submodules'] !== undefined ||
      step.with['repository'] !== undefined ||
      step.with['ref'] !== undefined)) ||
  /\bgit (?:clone|submodule|fetch|checkout|switch)\b|\btar\b|\bunzip\b|\bcd\b/.test(step.run ?? '');

const textOfStep = ({ value, run }: Step): string => `${run ?? ''}\n${JSON.stringify(value['with'] ?? '')}`;

/** Folders that builds fill. */
const isGenerated = (file: string): boolean =>
  /(?:^|\/)(?:node_modules|dist|build|target|out|bin|vendor|\.venv|venv|tmp|coverage)(?:\/|$)|^\.\.(?:\/|$)/.test(
    posix.normalize(file),
  );

/** Whether an earlier step could have made it: it names the file, and not only to make it executable or run it. */
function mentions(text: string, file: string): boolean {
  const name = posix.basename(file);
  return text.split('\n').some((line) => line.includes(name) && !/^\s*(?:chmod|\.\/|bash |sh )/.test(line));
}

function needsOf(workflow: Workflow, job: Job, step: Step): readonly Need[] {
  const uses = step.uses?.startsWith('./') ? [actionNeed(step, step.uses)] : [];
  const directory = textOf(step.value['working-directory']);
  const isPlainDirectory = step.run !== undefined && directory !== undefined && isWritten(directory);
  const folder = isPlainDirectory
    ? [{ file: directory, path: [...step.path, 'working-directory'], what: 'the working directory' }]
    : [];
  const base = workingDirectoryOf(workflow, job, step);
  const commands = base === undefined ? [] : scriptNeeds(step, base);
  return [...uses, ...folder, ...commands, ...buildNeeds(step)];
}

function actionNeed(step: Step, uses: string): Need {
  const files = ['action.yml', 'action.yaml', 'Dockerfile'].map((name) => posix.join(uses, name));
  return { file: uses, path: [...step.path, 'uses'], what: 'the action', anyOf: files };
}

/** A path that stands there as it is. */
const isWritten = (path: string): boolean => path !== '' && !/[$*?{}~`<>|:]|^\/|^-/.test(path);

function buildNeeds(step: Step): readonly Need[] {
  if (actionOf(step) !== 'docker/build-push-action') return [];
  const [context, file] = [textOf(step.with['context']), textOf(step.with['file'])];
  const found: Need[] = [];
  if (context !== undefined && isWritten(context))
    found.push({ file: context, path: [...step.path, 'with', 'context'], what: 'the build context' });
  if (file !== undefined && isWritten(file))
    found.push({ file, path: [...step.path, 'with', 'file'], what: 'the Dockerfile' });
  return found;
}

const interpreters: ReadonlySet<string> = new Set([
  'bash',
  'sh',
  'python',
  'python3',
  'node',
  'ruby',
  'perl',
  'pwsh',
  'source',
  '.',
]);
const script = /\.(?:sh|bash|py|js|mjs|cjs|ts|rb|pl|ps1)$|(?:^|\/)(?:gradlew|mvnw)$/;

function scriptNeeds(step: Step, base: string): readonly Need[] {
  const found: Need[] = [];
  const path = [...step.path, 'run'];
  const earlier: string[] = [];
  for (const command of scriptCommands(step.run ?? '')) {
    const { words } = command;
    const program = programName(words[0] ?? '');
    // From here on nothing is certain: another folder, or files from elsewhere.
    if (['cd', 'pushd', 'git', 'tar', 'unzip', 'curl', 'wget'].includes(program)) break;
    const file = scriptOf(words);
    if (file !== undefined && !earlier.some((line) => mentions(line, file)))
      found.push({ file: posix.join(base, file), path, index: startOf(command, file), what: 'the script' });
    found.push(...dockerNeeds(command, base, path));
    earlier.push(words.join(' '));
  }
  return found;
}

function scriptOf(words: readonly string[]): string | undefined {
  const [first = '', second = ''] = words;
  const file = first.startsWith('./') ? first : interpreters.has(first) ? second : '';
  return isWritten(file) && script.test(file) ? file : undefined;
}

const buildFlags = [
  '-f',
  '--file',
  '-t',
  '--tag',
  '--build-arg',
  '--platform',
  '--target',
  '--cache-from',
  '--cache-to',
  '--label',
  '--secret',
  '--ssh',
  '--progress',
  '--network',
  '--output',
  '-o',
  '--builder',
  '--iidfile',
  '--metadata-file',
  '--add-host',
  '--build-context',
  '--provenance',
  '--sbom',
  '--attest',
  '--annotation',
  '--cgroup-parent',
  '--shm-size',
  '--ulimit',
  '-m',
  '--memory',
  '--allow',
];

function dockerNeeds(command: ScriptCommand, base: string, path: Path): readonly Need[] {
  const { words } = command;
  const need = (file: string, what: string): Need => ({
    file: posix.join(base, file),
    path,
    index: startOf(command, file) ?? command.starts[0],
    what,
  });
  const rest = words.slice(1).filter((word) => word !== 'buildx' && word !== 'image');
  if (words[0] !== 'docker' || rest[0] !== 'build') return [];
  const [context] = operands(rest.slice(1), buildFlags).slice(-1);
  const files = flagValues(rest, ['-f', '--file']).filter(isWritten);
  const dockerfiles = files.map((file) => need(file, 'the Dockerfile'));
  const isFolder = context !== undefined && isWritten(context);
  return isFolder ? [...dockerfiles, need(context, 'the build context')] : dockerfiles;
}
