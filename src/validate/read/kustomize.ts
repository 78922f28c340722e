import { codeOf, messageOf } from '../../platform/errors.ts';
import type { Processes } from '../../platform/processes.ts';
import type { WorkspaceFiles } from '../../platform/workspace-files.ts';
import type { Document } from '../document.ts';
import type { Skip } from '../finding.ts';
import type { Unreadable } from '../workspace.ts';
import { builtDocument, type Layer } from './built-document.ts';
import type { Kustomization, Reference } from './kustomization.ts';
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
}

interface Options {
  kustomizations: readonly Kustomization[];
  /** All documents of the workspace's YAML files. */
  documents: ReadonlyMap<string, readonly Document[]>;
  files: WorkspaceFiles;
  processes: Processes | undefined;
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
    if (processes) await run.build(processes);
    else run.skipAll('overlays are not built here, their files are read one by one and patches are left out');
  }
  return run;
}

class Run implements Kustomized {
  readonly leftOut = new Set<string>();
  readonly built: Document[] = [];
  readonly problems: Unreadable[] = [];
  readonly skips: Skip[] = [];
  readonly #options: Options;
  readonly #byFolder: ReadonlyMap<string, Kustomization>;
  readonly #incomplete = new Set<Kustomization>();

  constructor(options: Options) {
    this.#options = options;
    this.#byFolder = new Map(options.kustomizations.map((each) => [each.folder || '.', each]));
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

  skipAll(reason: string): void {
    for (const { document } of this.#options.kustomizations) this.#skip(document, reason);
  }

  #skip({ file }: Document, reason: string): void {
    this.skips.push({ rule: 'kustomize-build', file: file.path, reason });
  }

  async build(processes: Processes): Promise<void> {
    const waiting = this.#roots();
    const next = async (): Promise<void> => {
      for (let root = waiting.shift(); root; root = waiting.shift()) await this.#buildOne(processes, root);
    };
    await Promise.all(Array.from({ length: atOnce }, next));
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

  async #buildOne(processes: Processes, root: Kustomization): Promise<void> {
    const reached = [...this.#reach(root)];
    if (reached.some((each) => this.#incomplete.has(each))) return;
    const away = reached.flatMap(({ references }) => references).find(({ path }) => path === undefined);
    if (away) return this.#skip(root.document, `"${away.text}" would have to be fetched from elsewhere`);
    if (reached.some(({ usesHelm }) => usesHelm))
      return this.#skip(root.document, 'its charts would have to be rendered by Helm');
    const output = await this.#run(processes, root);
    if (output !== undefined) this.#take(root, reached, output);
  }

  async #run(processes: Processes, { folder, document }: Kustomization): Promise<string | undefined> {
    const { root } = this.#options.files;
    try {
      const ran = await processes.run(['kubectl', 'kustomize', folder || '.'], { cwd: root, timeoutMs });
      if (ran.code === 0) return ran.stdout;
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
      const reason = codeOf(error) === 'ENOENT' ? 'kubectl is not installed' : messageOf(error);
      this.#skip(document, `${reason}: its files are read one by one and patches are left out`);
    }
    return undefined;
  }

  #take(root: Kustomization, reached: readonly Kustomization[], output: string): void {
    const layers = this.#layers(reached);
    for (const { references } of reached) {
      for (const { path } of references) if (path !== undefined) this.leftOut.add(path);
    }
    for (const { value } of readYaml({ path: root.document.file.path, text: output }).documents) {
      this.built.push(builtDocument({ value, root: root.document, layers }));
    }
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
