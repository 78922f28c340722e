import { codeOf, messageOf } from '../../platform/errors.ts';
import type { Processes } from '../../platform/processes.ts';
import type { WorkspaceFiles } from '../../platform/workspace-files.ts';
import type { Document } from '../document.ts';
import type { Skip } from '../finding.ts';
import type { Unreadable } from '../workspace.ts';
import { builtDocument, type Layer } from './built-document.ts';
import type { Kustomization, Reference } from './kustomization.ts';
import { buildOverlay, type OverlaySource } from './overlay/build.ts';
import { overlayEnvironments } from './overlay/environments.ts';
import { Unbuildable } from './overlay/resource.ts';
import { overlaySource } from './overlay/source.ts';
import { brokenDocument } from './places.ts';
import { readYaml } from './yaml.ts';

/** So many overlays are built at once; each is a process of its own. */
const atOnce = 2;

const timeoutMs = 20_000;

export interface Kustomized {
  /** Files that are no objects by themselves: patches, or objects that the built ones replace. */
  leftOut: ReadonlySet<string>;
  built: readonly Document[];
  problems: readonly Unreadable[];
  skips: readonly Skip[];
  /** Paths of kustomization files whose objects are among the built ones, and of those of other environments. */
  files: { built: ReadonlySet<string>; leftOut: ReadonlySet<string> };
}

interface Options {
  kustomizations: readonly Kustomization[];
  /** All documents of the workspace's YAML and JSON files. */
  documents: ReadonlyMap<string, readonly Document[]>;
  files: WorkspaceFiles;
  /** Runs `kubectl kustomize`; without it, or where it is not installed, overlays are built here. */
  processes: Processes | undefined;
  /** The environment that is released to, and all that there are; overlays of others are left out. */
  environment: string | undefined;
  environments: readonly string[];
}

/**
 * Builds the overlays that no other one builds on. What names something that is missing is told with its place and not
 * built; what would be fetched from elsewhere is skipped: nothing here uses the network.
 */
export async function kustomize(options: Options): Promise<Kustomized> {
  const { kustomizations, processes } = options;
  const run = new Run(options);
  if (kustomizations.length > 0) {
    run.checkReferences();
    await run.build(processes);
  }
  return run;
}

class Run implements Kustomized {
  readonly leftOut = new Set<string>();
  readonly built: Document[] = [];
  readonly problems: Unreadable[] = [];
  readonly skips: Skip[] = [];
  readonly #options: Options;
  readonly files = { built: new Set<string>(), leftOut: new Set<string>() };
  readonly #byFolder: ReadonlyMap<string, Kustomization>;
  readonly #source: OverlaySource;
  readonly #incomplete = new Set<Kustomization>();

  constructor(options: Options) {
    this.#options = options;
    this.#byFolder = new Map(options.kustomizations.map((each) => [each.folder || '.', each]));
    this.#source = overlaySource({ ...options, byFolder: this.#byFolder });
  }

  checkReferences(): void {
    for (const kustomization of this.#options.kustomizations) {
      for (const reference of kustomization.references) this.#check(kustomization, reference);
    }
  }

  #check(kustomization: Kustomization, { text, path, at, use }: Reference): void {
    if (path === undefined) return;
    if (use === 'part') this.leftOut.add(path);
    if (this.#options.files.exists(path)) return;
    this.#incomplete.add(kustomization);
    const { document } = kustomization;
    const place = brokenDocument(document.file, document.position(at).offset, at);
    const message = `"${text}" is neither a file nor a folder of the workspace`;
    this.problems.push({ problem: 'kustomize-build', file: document.file, document: place, message });
  }

  #skip({ file }: Document, reason: string): void {
    this.skips.push({ rule: 'kustomize-build', file: file.path, reason });
  }

  async build(processes: Processes | undefined): Promise<void> {
    const waiting = this.#ofEnvironment(this.#roots());
    const next = async (): Promise<void> => {
      for (let root = waiting.shift(); root; root = waiting.shift()) await this.#buildOne(processes, root);
    };
    await Promise.all(Array.from({ length: atOnce }, next));
  }

  /** Leaves out what only overlays of other environments are made of. */
  #ofEnvironment(roots: readonly Kustomization[]): Kustomization[] {
    const others = this.#others(roots);
    const own = roots.filter((root) => !others.has(root));
    const used = new Set(own.flatMap((root) => [...this.#reach(root)]));
    const paths = new Set([...used].flatMap(({ references }) => references.map(({ path }) => path)));
    for (const [root, reason] of others) {
      this.#skip(root.document, reason);
      for (const each of this.#reach(root)) if (!used.has(each)) this.#leaveOut(each, paths);
    }
    return own;
  }

  /** Overlays that belong to another environment than the one that is checked, with the reason. */
  #others(roots: readonly Kustomization[]): ReadonlyMap<Kustomization, string> {
    const { environment, environments } = this.#options;
    if (environment === undefined) return new Map();
    const folders = roots.map(({ folder }) => folder);
    const told = overlayEnvironments(folders, environments);
    const others = roots.filter(({ folder }) => (told.get(folder) ?? environment) !== environment);
    return new Map(
      others.map((root) => [
        root,
        `it belongs to the environment "${told.get(root.folder)}", and "${environment}" is checked`,
      ]),
    );
  }

  #leaveOut({ document, references }: Kustomization, used: ReadonlySet<string | undefined>): void {
    this.files.leftOut.add(document.file.path);
    for (const { path } of references) if (path !== undefined && !used.has(path)) this.leftOut.add(path);
  }

  /** What no other kustomization names. */
  #roots(): Kustomization[] {
    const { kustomizations } = this.#options;
    const named = new Set(kustomizations.flatMap(({ references }) => references.map(({ path }) => path)));
    return kustomizations.filter(({ folder, isComponent }) => !isComponent && !named.has(folder || '.'));
  }

  /** A kustomization and all that it builds on. */
  #reach(root: Kustomization): Set<Kustomization> {
    const reached = new Set([root]);
    for (const each of reached) {
      for (const { path } of each.references) {
        const below = path === undefined ? undefined : this.#byFolder.get(path);
        if (below) reached.add(below);
      }
    }
    return reached;
  }

  async #buildOne(processes: Processes | undefined, root: Kustomization): Promise<void> {
    const reached = [...this.#reach(root)];
    if (reached.some((each) => this.#incomplete.has(each))) return;
    const away = reached.flatMap(({ references }) => references).find(({ path }) => path === undefined);
    if (away) return this.#skip(root.document, `"${away.text}" would have to be fetched from elsewhere`);
    if (reached.some(({ usesHelm }) => usesHelm))
      return this.#skip(root.document, 'its charts would have to be rendered by Helm');
    const output = await this.#run(processes, root);
    const values = output === 'no-kubectl' ? this.#buildHere(root) : output;
    if (values) this.#take(root, reached, values);
  }

  /** Undefined where it needs more than can be built here, which is said. */
  #buildHere(root: Kustomization): readonly unknown[] | undefined {
    try {
      return buildOverlay(root, this.#source);
    } catch (error) {
      if (!(error instanceof Unbuildable)) throw error;
      const rest = 'its files are read one by one and patches are left out';
      this.#skip(root.document, `without kubectl it is not built, as ${error.message}: ${rest}`);
      return undefined;
    }
  }

  async #run(
    processes: Processes | undefined,
    { folder, document }: Kustomization,
  ): Promise<readonly unknown[] | 'no-kubectl' | undefined> {
    if (!processes) return 'no-kubectl';
    const { root } = this.#options.files;
    try {
      const ran = await processes.run(['kubectl', 'kustomize', folder || '.'], { cwd: root, timeoutMs });
      if (ran.code === 0) return valuesIn(document.file.path, ran.stdout);
      const said =
        ran.stderr
          .trim()
          .replaceAll(`${root}/`, '')
          .replace(/^error: /, '')
          .split('\n')[0] ?? '';
      const reason = said === '' ? `ended with ${ran.code ?? ran.signal}` : said.slice(0, 300);
      const place = brokenDocument(document.file, document.position([]).offset);
      const message = `kubectl kustomize cannot build it: ${reason}`;
      this.problems.push({ problem: 'kustomize-build', file: document.file, document: place, message });
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return 'no-kubectl';
      this.#skip(document, `${messageOf(error)}: its files are read one by one and patches are left out`);
    }
    return undefined;
  }

  #take(root: Kustomization, reached: readonly Kustomization[], values: readonly unknown[]): void {
    const layers = this.#layers(reached);
    for (const { references, document } of reached) {
      this.files.built.add(document.file.path);
      for (const { path } of references) if (path !== undefined) this.leftOut.add(path);
    }
    for (const value of values) this.built.push(builtDocument({ value, root: root.document, layers }));
  }

  /** The written parts of the objects; what is applied last comes first. */
  #layers(reached: readonly Kustomization[]): Layer[] {
    return reached.flatMap(({ references, document }): Layer[] => [
      ...(['part', 'resource'] as const).flatMap((use) =>
        references
          .filter((reference) => reference.use === use)
          .flatMap(({ path }) => this.#options.documents.get(path ?? '') ?? [])
          .map((each) => ({ document: each, use })),
      ),
      { document, use: 'kustomization' },
    ]);
  }
}

const valuesIn = (path: string, text: string): readonly unknown[] =>
  readYaml({ path, text }).documents.map(({ value }) => value);
