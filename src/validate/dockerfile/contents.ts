import { type BaseImage, baseImage, oftenBrought, tracked } from './base-images.ts';
import { type PackageCall, packageCall, packageName, programsOf } from './packages.ts';
import { type Command, commandsOf, programName, programOf } from './shell.ts';
import { type Build, inherited, type Placed, plainWords, rootBase, stageNamed } from './stages.ts';

/** What is known of the programs in a stage's file system. */
export interface Contents {
  /** `unknown` holds for all that is not in the table, too; `because` says why where it is worth telling. */
  presence(program: string): { readonly state: 'present' | 'absent' | 'unknown'; readonly because?: string };
  /** `alpine:3.20`, as messages name it. */
  readonly base: string;
  /** The well-known image that it stands on. */
  readonly image: BaseImage | undefined;
  /** The shell of shell form at the end of the stage: `sh`, or the first word of SHELL. */
  readonly shell: string;
}

interface State {
  has: Set<string>;
  maybe: Set<string>;
  removed: Set<string>;
  /** Why anything may be in it. */
  open: string | undefined;
  /** A package that is not in the table may have drawn in others. */
  mayHaveDependencies: boolean;
  /** `--virtual` names of apk and what they stand for. */
  virtual: Map<string, readonly string[]>;
  shell: string;
}

const cache = new WeakMap<Build, Map<number, Contents>>();

/** What a stage contains after all of its instructions, those of the stages it is made from included. */
export function contentsOf(build: Build, stage: number): Contents {
  const known = cache.get(build) ?? new Map<number, Contents>();
  cache.set(build, known);
  const found = known.get(stage) ?? contentsBefore(build, stage, Number.POSITIVE_INFINITY);
  known.set(stage, found);
  return found;
}

/** What it contains before an instruction runs. */
export function contentsBefore(build: Build, stage: number, instruction: number): Contents {
  const base = rootBase(build, stage);
  const image = base?.kind === 'image' ? baseImage(base.image) : undefined;
  const state = initial(
    base?.kind === 'scratch' ? 'scratch' : image,
    base && 'text' in base ? base.text : '',
  );
  for (const placed of inherited(build, stage)) {
    if (placed.index >= instruction) break;
    apply(state, placed, build);
  }
  const text = base && 'text' in base ? base.text : '';
  // The digest says nothing to a reader.
  const name = base?.kind === 'scratch' ? 'scratch' : (text.split('@')[0] ?? text);
  return { base: name, image, shell: state.shell, presence: (program) => presenceIn(state, program) };
}

/** What an image contains that is used as it is. */
export function contentsOfImage(image: BaseImage | undefined, text: string): Contents {
  const state = initial(image, text);
  return { base: text, image, shell: 'sh', presence: (program) => presenceIn(state, program) };
}

function initial(image: BaseImage | 'scratch' | undefined, text: string): State {
  const isKnown = image !== undefined;
  return {
    has: new Set(image === 'scratch' ? [] : image?.has),
    maybe: new Set(image === 'scratch' ? [] : image?.maybe),
    removed: new Set(),
    open: isKnown ? undefined : `which programs "${text}" contains is not known`,
    mayHaveDependencies: false,
    virtual: new Map(),
    shell: 'sh',
  };
}

function presenceIn(
  state: State,
  program: string,
): { state: 'present' | 'absent' | 'unknown'; because?: string } {
  const name = programName(program);
  const folder = program.slice(0, Math.max(0, program.length - name.length));
  if (folder !== '' && !/^\/(?:usr\/)?(?:local\/)?s?bin\/$/.test(folder)) return { state: 'unknown' };
  if (state.has.has(name)) return { state: 'present' };
  if (!tracked.has(name)) return { state: 'unknown' };
  if (state.removed.has(name)) return { state: 'absent' };
  if (state.open !== undefined) return { state: 'unknown', because: state.open };
  if (state.maybe.has(name)) return { state: 'unknown' };
  if (state.mayHaveDependencies && oftenBrought.has(name)) {
    return { state: 'unknown', because: `a package that is installed may bring ${name} along` };
  }
  return { state: 'absent' };
}

function apply(state: State, placed: Placed, build: Build): void {
  const { instruction } = placed;
  switch (instruction.name) {
    case 'RUN':
      run(state, commandsOf(instruction));
      break;
    case 'COPY':
    case 'ADD':
      copy(state, placed, build);
      break;
    case 'SHELL':
      state.shell = instruction.exec?.[0] ?? state.shell;
      break;
    case 'ENV':
      // A PATH of its own leads to programs that were copied somewhere else.
      if (/^PATH[= ]/.test(instruction.text) && /\/(?:venv|\.venv|env|opt)\b/.test(instruction.text)) {
        state.maybe = new Set([...state.maybe, ...pythonScripts]);
      }
  }
}

const pythonScripts = [
  'gunicorn',
  'uvicorn',
  'celery',
  'flask',
  'hypercorn',
  'django-admin',
  'python',
  'python3',
  'pip',
  'supervisord',
];

function run(state: State, commands: readonly Command[]): void {
  for (const command of commands) {
    const call = packageCall(command);
    if (call) packages(state, call);
    else mentioned(state, command);
  }
}

function packages(state: State, call: PackageCall): void {
  if (call.action === 'project') {
    // What the project's own files name.
    for (const program of call.tool === 'pip' ? pythonScripts : []) state.maybe.add(program);
    return;
  }
  if (call.action === 'remove') removePackages(state, call);
  if (call.action !== 'install') return;
  const names = call.packages.map(({ text }) => packageName(call.tool, text));
  const variable = names.find((name) => /[$`]/.test(name));
  if (variable !== undefined) state.open = `which packages ${variable} stands for is not known`;
  if (call.tool === 'apk') {
    const virtual = virtualName(call.flags);
    if (virtual !== undefined) state.virtual.set(virtual, names);
  }
  for (const name of names) install(state, call, name);
}

function install(state: State, { tool }: PackageCall, name: string): void {
  const { programs, isKnown } = programsOf(tool, name);
  for (const program of programs) {
    state.has.add(program);
    state.removed.delete(program);
  }
  if (!isKnown) state.mayHaveDependencies = true;
}

/** `--virtual .deps`, `-t .deps`, `--virtual=.deps` */
function virtualName(flags: readonly string[]): string | undefined {
  const at = flags.findIndex((flag) => flag === '--virtual' || flag === '-t');
  return at === -1
    ? flags.find((flag) => flag.startsWith('--virtual='))?.slice('--virtual='.length)
    : flags[at + 1];
}

function removePackages(state: State, { tool, packages: named }: PackageCall): void {
  const names = named.flatMap(({ text }) => state.virtual.get(text) ?? [packageName(tool, text)]);
  for (const name of names) {
    // Only the program of that name: others may come from elsewhere, too.
    if (!state.has.has(programName(name))) continue;
    state.has.delete(programName(name));
    state.removed.add(programName(name));
  }
}

/** A program that a RUN uses, makes, links or loads is there; one that it deletes is not. */
function mentioned(state: State, command: Command): void {
  const program = programName(programOf(command) ?? '');
  const names = command.words.map(({ text }) => text);
  if (program === 'rm') {
    for (const path of names.filter((text) => /\/s?bin\/[^/*]+$/.test(text))) {
      state.has.delete(programName(path));
      state.removed.add(programName(path));
    }
    return;
  }
  if (/^(?:make|cmake|ninja|tar|unzip|install\.sh)$/.test(program) || isScript(program, names)) {
    const target = /^(?:tar|unzip)$/.test(program)
      ? names.some((text) => /^\/$|\/(?:usr|bin|local)\b/.test(text))
      : true;
    if (target) state.open = `what "${program}" puts into the image is not known`;
  }
  if (program === 'command' || program === 'which' || program === 'type') return;
  if (program === 'corepack') for (const name of ['yarn', 'pnpm']) state.has.add(name);
  for (const text of names) {
    // The last part of any path or assignment: /usr/local/bin/tini, -o/usr/bin/jq.
    const name = programName(text);
    if (!tracked.has(name)) continue;
    state.has.add(name);
    state.removed.delete(name);
  }
}

/** A script from the network or the context may install anything. */
const isScript = (program: string, names: readonly string[]): boolean =>
  (/^(?:sh|bash|ash|dash)$/.test(program) && !names.includes('-c')) || /\.(?:sh|bash)$/.test(program);

/** Folders on the PATH, and those that hold them. */
const isBinFolder = (path: string): boolean =>
  /^\/(?:(?:usr|usr\/local|opt)?\/?|(?:usr\/|usr\/local\/)?s?bin\/?)$/.test(path);

function copy(state: State, { instruction, stage }: Placed, build: Build): void {
  const words = instruction.exec ?? plainWords(instruction).map(({ text }) => text);
  const sources = words.slice(0, -1);
  const target = words.at(-1) ?? '';
  for (const source of sources) {
    const name = programName(source.replace(/\/+$/, ''));
    state.has.add(programName(target));
    state.has.add(name);
    if (isFolderLike(source, sources.length) && isBinFolder(target))
      open(state, { instruction, stage }, build, source);
    if (source.endsWith('*')) open(state, { instruction, stage }, build, source);
  }
}

/** Whether a source may be a folder, whose content is what gets copied. */
const isFolderLike = (source: string, count: number): boolean =>
  source.endsWith('/') ||
  source === '.' ||
  /^\/(?:usr|usr\/local|opt|)$/.test(source) ||
  /(?:^|\/)s?bin$/.test(source) ||
  /(?:^|\/)(?:root)?fs$|overlay$/.test(source) ||
  (count === 1 && !/[^/]\/?[\w.-]+$/.test(source));

function open(
  state: State,
  { instruction, stage }: Pick<Placed, 'instruction' | 'stage'>,
  build: Build,
  source: string,
): void {
  const from = instruction.flags['from'];
  const origin = from === undefined ? -1 : originOf(build, stage, from);
  if (origin === -1) {
    state.open ??= `what is in "${source}" is not known`;
    return;
  }
  // A copy of the folders of an earlier stage brings the programs of that stage, whatever they are.
  const contents = contentsOf(build, origin);
  for (const program of tracked) {
    const { state: presence } = contents.presence(program);
    if (presence === 'present') state.has.add(program);
    else if (presence === 'unknown') state.maybe.add(program);
  }
}

function originOf(build: Build, stage: number, from: string): number {
  const index = /^\d+$/.test(from) ? Number(from) : stageNamed(build.dockerfile.stages.slice(0, stage), from);
  return index < stage ? index : -1;
}
