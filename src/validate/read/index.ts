import { join } from 'node:path';
import { dirname } from 'node:path/posix';
import type { ReleaseFile } from '../../config/model.ts';
import type { StageSections } from '../../config/schema/file.ts';
import type { Processes } from '../../platform/processes.ts';
import { systemWorkspaceFiles, type WorkspaceFiles } from '../../platform/workspace-files.ts';
import type { Document, SourceFile } from '../document.ts';
import { newestKubernetes } from '../kubernetes/schema/cluster.ts';
import type { ConfigFile, Unreadable, Workspace } from '../workspace.ts';
import { kindOf } from './classify.ts';
import { Collection } from './collection.ts';
import { readConfig } from './config-files.ts';
import { namedConfigs } from './configs.ts';
import { readDockerfile } from './dockerfile.ts';
import { embeddedIn } from './embedded.ts';
import { readEnv } from './env.ts';
import { isChartTemplate, isTemplate } from './helm.ts';
import { readJson } from './json.ts';
import { type Kustomization, kustomizationOf } from './kustomization.ts';
import { kustomize } from './kustomize.ts';
import { offsetAt } from './lines.ts';
import { brokenDocument } from './places.ts';
import { promqlFor } from './promql.ts';
import { readSource } from './source.ts';
import { matcher, walk } from './walk.ts';
import { type ReadFile, readYaml } from './yaml.ts';

export { newestKubernetes };

export interface ReadOptions {
  /** Folder of the workspace. */
  root: string;
  /** Default: the real files under `root`. */
  files?: WorkspaceFiles | undefined;
  /** Globs or folders, relative to `root`; one that begins with `!` takes out. Default: everything. */
  paths?: readonly string[] | undefined;
  /** The release file, relative to `root`. Default `cutover.yml`. */
  release?: string | undefined;
  /** For `${env.…}` in the release file. Default: none is set. */
  env?: ((name: string) => string | undefined) | undefined;
  /** What stages bring for their keys of the release file. Default: those keys are not checked. */
  stages?: (() => Promise<StageSections>) | undefined;
  /** `1.36`; default the newest that is known. */
  kubernetesVersion?: string | undefined;
  /** Name of the environment that is released to. */
  environment?: string | undefined;
  /** Bytes in one file. Default `mostBytes` of source.ts. */
  mostBytes?: number | undefined;
  /** Runs `kubectl kustomize`; without it overlays are built here. */
  processes?: Processes | undefined;
}

/** Reads all that a release is made of. What cannot be read is in the result, with its place; nothing is thrown for it. */
export async function readWorkspace(options: ReadOptions): Promise<Workspace> {
  const files = options.files ?? systemWorkspaceFiles(options.root);
  return new Reader(files, options).read();
}

/** Tools other than kustomize (kubeadm, kind) keep theirs in such a folder, too. */
const isPatch = (path: string): boolean => /(?:^|\/)patches\//.test(path);
const patchReason = 'a patch by its folder; on what it is laid is not known';

class Reader {
  readonly #files: WorkspaceFiles;
  readonly #options: ReadOptions;
  readonly #sources = new Map<string, SourceFile>();
  readonly #found = new Collection();
  readonly #kustomizations: Kustomization[] = [];
  #overlays: Workspace['overlays'];
  /** Documents of YAML and JSON files whose content tells what they are, by file. */
  readonly #data = new Map<string, readonly Document[]>();

  constructor(files: WorkspaceFiles, options: ReadOptions) {
    this.#files = files;
    this.#options = options;
  }

  async read(): Promise<Workspace> {
    const isWanted = matcher(this.#options.paths ?? []);
    const walked = walk(this.#files);
    const releasePath = this.#options.release ?? 'cutover.yml';
    const release = await this.#release(releasePath);
    const configs = namedConfigs(release, this.#files.root, walked.files);
    const charts = new Set(
      walked.files.filter((path) => /(?:^|\/)Chart\.yaml$/.test(path)).map((path) => dirname(path)),
    );
    for (const path of walked.files) {
      if (path === releasePath || configs.has(path) || !isWanted(path)) continue;
      if (isChartTemplate(path, charts)) this.#skipTemplate(path);
      else this.#take(path);
    }
    await this.#sort(release);
    this.#embedded();
    for (const [path, format] of configs) this.#config(path, format);
    for (const file of walked.outside) {
      if (isWanted(file) && kindOf(file) !== undefined)
        this.#found.skips.push({
          rule: 'symbolic-link',
          file,
          reason: 'the link leads out of the workspace',
        });
    }
    return { ...this.#workspace(release), promql: await promqlFor(this.#found) };
  }

  #workspace(release: ReleaseFile | undefined): Workspace {
    const known = new Map<string, boolean>();
    return {
      root: this.#files.root,
      release,
      kubernetesVersion: this.#options.kubernetesVersion ?? newestKubernetes,
      environment: this.#options.environment,
      files: this.#sources,
      unreadable: this.#found.unreadable,
      skips: this.#found.skips,
      manifests: this.#found.manifests,
      dockerfiles: this.#found.dockerfiles,
      composeFiles: this.#found.composeFiles,
      workflows: this.#found.workflows,
      prometheus: this.#found.prometheus,
      configs: this.#found.configs,
      envFiles: this.#found.envFiles,
      actions: this.#found.actions,
      overlays: this.#overlays,
      exists: (path) => {
        const answer = known.get(path) ?? this.#files.exists(path);
        known.set(path, answer);
        return answer;
      },
    };
  }

  /** Loaded only where there is one: checking it takes a library of its own. */
  async #release(path: string): Promise<ReleaseFile | undefined> {
    const file = this.#source(path);
    if (!file) return undefined;
    const { readReleaseFile } = await import('../../config/read.ts');
    const folder = join(this.#files.root, dirname(path));
    const env = this.#options.env ?? (() => undefined);
    const stages = await this.#options.stages?.();
    const read = readReleaseFile(file.text, { file: path, folder, env, ...(stages ? { stages } : {}) });
    if (read.ok) return read.file;
    for (const { line, column, path: at, message, allowed } of read.problems) {
      const base = at === '' ? [] : at.split('/');
      const document = brokenDocument(file, offsetAt(file, line, column), base);
      const where = at === '' ? '' : `${at}: `;
      const text = where + (allowed === undefined ? message : `${message}; allowed: ${allowed}`);
      this.#found.unreadable.push({ problem: 'release-file', file, document, message: text });
    }
    return undefined;
  }

  #source(path: string): SourceFile | undefined {
    const read = readSource(this.#files, path, this.#options.mostBytes);
    if (!read) return undefined;
    if ('problem' in read) {
      this.#sources.set(path, read.problem.file);
      this.#found.unreadable.push(read.problem);
      return undefined;
    }
    this.#sources.set(path, read.file);
    return read.file;
  }

  #take(path: string): void {
    const kind = kindOf(path);
    if (kind === undefined) return;
    if (kind === 'json') {
      this.#json(path);
      return;
    }
    const file = this.#source(path);
    if (!file) return;
    switch (kind) {
      case 'dockerfile': {
        const { dockerfile, problems } = readDockerfile(file);
        this.#found.dockerfiles.push(dockerfile);
        this.#addProblems(problems);
        break;
      }
      case 'env': {
        const { document, problems } = readEnv(file);
        this.#found.envFiles.set(path, document);
        this.#addProblems(problems);
        break;
      }
      case 'compose':
        this.#yaml(file, (document) => this.#found.addCompose(document));
        break;
      case 'workflow':
        this.#yaml(file, (document) => this.#found.addWorkflow(document));
        break;
      case 'action':
        this.#yaml(file, (document) => this.#found.actions.push(document));
        break;
      case 'kustomization':
        this.#yaml(file, (document) => {
          const folder = dirname(path);
          const found = kustomizationOf(document, folder === '.' ? '' : folder);
          if (found) this.#kustomizations.push(found);
        });
        break;
      case 'yaml':
        this.#yaml(file, (document) => this.#data.set(path, [...(this.#data.get(path) ?? []), document]));
    }
  }

  /** Overlays tell which files are objects of their own, so these are looked at last. */
  async #sort(release: ReleaseFile | undefined): Promise<void> {
    const { leftOut, built, problems, skips, files } = await kustomize({
      kustomizations: this.#kustomizations,
      documents: this.#data,
      files: this.#files,
      processes: this.#options.processes,
      environment: this.#options.environment,
      environments: Object.keys(release?.environments ?? {}),
    });
    this.#overlays = files;
    for (const [path, documents] of this.#data) {
      if (leftOut.has(path)) continue;
      if (isPatch(path)) this.#found.skips.push({ rule: 'kustomize-build', file: path, reason: patchReason });
      else for (const document of documents) this.#found.addData(document);
    }
    for (const document of built) this.#found.addData(document);
    this.#addProblems(problems);
    this.#found.skips.push(...skips);
  }

  /** Files that stand as texts in ConfigMaps. */
  #embedded(): void {
    for (const manifest of this.#found.manifests) {
      const { documents, problems } = embeddedIn(manifest, this.#data);
      for (const document of documents) this.#found.addPrometheus(document, manifest.name);
      this.#addProblems(problems);
    }
  }

  /** Most JSON files of a repository have nothing to do with a release: only manifests are looked into. */
  #json(path: string): void {
    const read = readSource(this.#files, path, this.#options.mostBytes);
    if (!read || 'problem' in read || !read.file.text.includes('"apiVersion"')) return;
    this.#sources.set(path, read.file);
    this.#documents(readJson(read.file), (document) => this.#data.set(path, [document]));
  }

  #yaml(file: SourceFile, add: (document: Document) => void): void {
    const read = readYaml(file);
    if (read.problems.length > 0 && isTemplate(file.text)) this.#skipTemplate(file.path);
    else this.#documents(read, add);
  }

  #documents(read: ReadFile, add: (document: Document) => void): void {
    read.documents.forEach(add);
    this.#addProblems(read.problems);
  }

  #addProblems(problems: readonly Unreadable[]): void {
    for (const problem of problems) this.#found.unreadable.push(problem);
  }

  #skipTemplate(file: string): void {
    const reason = 'a template, which has to be rendered before it can be checked';
    if (kindOf(file) !== undefined) this.#found.skips.push({ rule: 'template', file, reason });
  }

  #config(path: string, format: ConfigFile['format']): void {
    const file = this.#source(path);
    if (!file) return;
    const { configs, problems } = readConfig(file, format);
    this.#found.configs.push(...configs);
    // A container may get the same file as its environment.
    for (const { document } of format === 'env' ? configs : []) this.#found.envFiles.set(path, document);
    this.#addProblems(problems);
  }
}
