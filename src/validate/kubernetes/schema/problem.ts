import type { Path } from '../../document.ts';
import type { Severity } from '../../finding.ts';
import type { Manifest } from '../../workspace.ts';

/** The rules of the schema layer; each tells one kind of problem. */
export type SchemaRule =
  | 'schema'
  | 'unknown-field'
  | 'quantity'
  | 'exclusive-fields'
  | 'duplicate-item'
  | 'custom-resource'
  | 'newer-than-cluster';

export interface Problem {
  readonly rule: SchemaRule;
  readonly manifest: Manifest;
  readonly path: Path;
  readonly part: 'key' | 'value';
  readonly message: string;
  /** Undefined: the rule's own. */
  readonly severity?: Severity;
}

/** What was found wrong with a value, before it has a place. */
export interface Fault {
  readonly rule: SchemaRule;
  readonly message: string;
  /** Of what is wrong, relative to the value that was checked; default the value itself. */
  readonly path?: Path;
  readonly part?: 'key' | 'value';
  readonly severity?: Severity;
}

export type Found = (fault: Fault) => void;
