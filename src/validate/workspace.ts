import type { ReleaseFile } from '../config/model.ts';
import type { Document, SourceFile } from './document.ts';
import type { Skip } from './finding.ts';
import type { PromqlProblem } from './prometheus/promql.ts';

/** A Kubernetes object: any document with `apiVersion` and `kind`. */
export interface Manifest {
  readonly document: Document;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** As written; undefined where the file leaves it to the one who applies it. */
  readonly namespace: string | undefined;
  readonly value: Readonly<Record<string, unknown>>;
}

/** One instruction of a Dockerfile, with its continuation lines joined. */
export interface Instruction {
  /** Upper case: `FROM`, `RUN`. */
  readonly name: string;
  /** All after the name, flags included; comments left out, continuation lines joined with at most one blank. */
  readonly text: string;
  /**
   * Flags, then what follows: in exec form the (decoded) items of the array, else what blanks outside of quotes separate,
   * as written, quotes included. `HEALTHCHECK` and `ONBUILD` have the inner instruction's name as a word.
   */
  readonly words: readonly string[];
  /** In exec form (a JSON array) its items; undefined in shell form. Also of what HEALTHCHECK and ONBUILD hold. */
  readonly exec: readonly string[] | undefined;
  /** `--from=build` as `{ from: 'build' }`; values of one that stands twice are joined by a line end. */
  readonly flags: Readonly<Record<string, string>>;
  /** Here-documents of RUN, COPY and ADD. */
  readonly heredocs: readonly { readonly name: string; readonly text: string }[];
}

export interface Stage {
  /** The image it is made from, or the name of an earlier stage. */
  readonly base: string;
  readonly name: string | undefined;
  /** Indexes into `instructions`, its FROM included. */
  readonly instructions: readonly number[];
}

/** Paths into a Dockerfile's document: `[index of the instruction]`, or `[index, n]` for `words[n]` of it. */
export interface Dockerfile {
  readonly document: Document;
  readonly instructions: readonly Instruction[];
  /** In order; the last one is the image. Instructions before the first FROM belong to none. */
  readonly stages: readonly Stage[];
}

export interface ComposeFile {
  readonly document: Document;
  readonly value: Readonly<Record<string, unknown>>;
  readonly services: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface WorkflowFile {
  readonly document: Document;
  readonly value: Readonly<Record<string, unknown>>;
  readonly jobs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** A file of Prometheus, or a text of a ConfigMap that is one. */
export interface PrometheusFile {
  readonly document: Document;
  /** Name of the ConfigMap. */
  readonly holder?: string;
  /** rules: `groups`; scrape: `scrape_configs`. */
  readonly kind: 'rules' | 'scrape';
  readonly value: Readonly<Record<string, unknown>>;
}

/** A configuration file of the application, named under `config:` in cutover.yml. */
export interface ConfigFile {
  readonly document: Document;
  readonly format: 'yaml' | 'json' | 'toml' | 'env';
}

/** What the readers can find wrong; each is told by the rule of that id in rules/syntax. */
export type ReadingProblem =
  | 'syntax-error'
  | 'duplicate-key'
  | 'tab-indentation'
  | 'alias-expansion'
  | 'too-large'
  | 'not-text'
  | 'release-file'
  | 'kustomize-build';

/** Something that could not be read as what it claims to be. */
export interface Unreadable {
  readonly problem: ReadingProblem;
  readonly file: SourceFile;
  /** Holds no value; each of its paths is at the problem's place. */
  readonly document: Document;
  /** One sentence. */
  readonly message: string;
}

/** All that a release is made of, read once; rules only look. */
export interface Workspace {
  /** Absolute. */
  readonly root: string;
  /** Undefined where there is no cutover.yml, or it is not valid (that is reported by itself). */
  readonly release: ReleaseFile | undefined;
  /** The cluster's version that manifests are checked against: `1.36`. */
  readonly kubernetesVersion: string;
  /** Name of the environment that is released to; undefined: rules for production apply to all. */
  readonly environment: string | undefined;
  readonly files: ReadonlyMap<string, SourceFile>;
  readonly unreadable: readonly Unreadable[];
  /** What the readers left out, and why. */
  readonly skips: readonly Skip[];
  readonly manifests: readonly Manifest[];
  readonly dockerfiles: readonly Dockerfile[];
  readonly composeFiles: readonly ComposeFile[];
  readonly workflows: readonly WorkflowFile[];
  readonly prometheus: readonly PrometheusFile[];
  /** The first problem of a PromQL expression. Undefined where nothing holds one: the parser is not loaded then. */
  readonly promql?: ((expression: string) => PromqlProblem | undefined) | undefined;
  readonly configs: readonly ConfigFile[];
  /** Paths of kustomization files whose objects are among the manifests as they are built, and of other environments'. */
  readonly overlays?:
    | { readonly built: ReadonlySet<string>; readonly leftOut: ReadonlySet<string> }
    | undefined;
  /** Files of `NAME=value` lines (`.env`, `.env.local`, `gateway.env`), by path, for `env_file` and the like. */
  readonly envFiles: ReadonlyMap<string, Document>;
  /** `action.yml` and `action.yaml` files, for what workflows use from this repository. */
  readonly actions: readonly Document[];
  /** Whether the workspace holds a file or folder at this path, read or not. Relative, with `/`. */
  exists(path: string): boolean;
}
