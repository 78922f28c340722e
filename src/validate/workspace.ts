import type { ReleaseFile } from '../config/model.ts';
import type { Document, SourceFile } from './document.ts';

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
  /** All after the name, continuation lines joined by a blank. */
  readonly text: string;
  /** In exec form (a JSON array) its words; undefined in shell form. */
  readonly exec: readonly string[] | undefined;
  /** `--from=build` as `{ from: 'build' }`. */
  readonly flags: Readonly<Record<string, string>>;
}

export interface Stage {
  /** The image it is made from, or the name of an earlier stage. */
  readonly base: string;
  readonly name: string | undefined;
  /** Indexes into `instructions`, its FROM included. */
  readonly instructions: readonly number[];
}

/** Paths into a Dockerfile's document: `[index of the instruction]`, or `[index, n]` for its n-th word. */
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

export interface PrometheusFile {
  readonly document: Document;
  /** rules: `groups`; scrape: `scrape_configs`. */
  readonly kind: 'rules' | 'scrape';
  readonly value: Readonly<Record<string, unknown>>;
}

/** A configuration file of the application, named under `config:` in cutover.yml. */
export interface ConfigFile {
  readonly document: Document;
  readonly format: 'yaml' | 'json' | 'toml' | 'env';
}

/** Something that could not be read as what it claims to be. */
export interface Unreadable {
  readonly file: SourceFile;
  readonly line: number;
  readonly column: number;
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
  readonly manifests: readonly Manifest[];
  readonly dockerfiles: readonly Dockerfile[];
  readonly composeFiles: readonly ComposeFile[];
  readonly workflows: readonly WorkflowFile[];
  readonly prometheus: readonly PrometheusFile[];
  readonly configs: readonly ConfigFile[];
  /** Whether the workspace holds a file or folder at this path, read or not. Relative, with `/`. */
  exists(path: string): boolean;
}
