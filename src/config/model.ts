import type { InferOutput } from 'valibot';
import type { componentSchema, healthSchema, versionSchema } from './schema/component.ts';
import type { configEntrySchema, inlineRuleSchema } from './schema/configuration.ts';
import type { cutoverSchema, sloSchema, trafficSchema } from './schema/cutover.ts';
import type { environmentSchema, protectSchema, targetKinds } from './schema/environment.ts';
import type { validateSchema } from './schema/validate.ts';

/**
 * What cutover.yml means once it has been read: every default filled in, every duration a number of milliseconds.
 * The types come from the schema, where each key is described; what only the whole file can tell is added here.
 */

/** One of the two copies of a component. */
export type Color = 'blue' | 'green';

/** Milliseconds, down to a microsecond. Written `500ms`, `30s`, `10m`, `2h`, `1d` or `1m30s`. */
export type Milliseconds = number;

/** A bound on something measured: `<1%` is `{ operator: '<', value: 0.01, unit: 'ratio', text: '<1%' }`. */
export interface Comparison {
  operator: '<' | '<=' | '>' | '>=' | '=';
  /** Milliseconds for `ms`, 0..1 for `ratio`, per second for `rate`, bytes for `bytes`. */
  value: number;
  unit: 'ms' | 'ratio' | 'rate' | 'bytes' | 'count';
  /** As it was written, for messages. */
  text: string;
}

/** How an instance shows that it can take traffic. Times in milliseconds. */
export type HealthCheck = InferOutput<typeof healthSchema>;

/**
 * How an instance tells its version. `equals` still holds `${release.version}` when the file was read without a
 * release.
 */
export type VersionCheck = InferOutput<typeof versionSchema>;

/** One deployable part of the application. `context` is relative to cutover.yml; `port` 0 takes any free one. */
export interface Component extends Omit<InferOutput<typeof componentSchema>, 'build' | 'context' | 'image'> {
  name: string;
  /** Repository that it is published under; only validate acts on it. */
  image?: string | undefined;
  /** Folder that is packed (target local), relative to cutover.yml. */
  context: string;
}

export type TargetKind = (typeof targetKinds)[number];

export interface Environment extends InferOutput<typeof environmentSchema> {
  name: string;
}

/** What experiments must not do in an environment; shares 0..1. */
export type Protect = InferOutput<typeof protectSchema>;

/** Error rate as a ratio 0..1, times in milliseconds. */
export type Slo = InferOutput<typeof sloSchema>;

/** Synthetic requests that the meter sends through the live route during a cutover. Rate per second. */
export interface TrafficPlan extends Omit<InferOutput<typeof trafficSchema>, 'component' | 'path'> {
  component: string;
  path: string;
}

/** How a release is made live. Times in milliseconds. */
export interface CutoverPlan extends Omit<InferOutput<typeof cutoverSchema>, 'traffic'> {
  traffic: TrafficPlan;
}

/** One configuration file of the application (`file` may be a glob, relative to cutover.yml) and what must hold in it. */
export type ConfigEntry = InferOutput<typeof configEntrySchema>;

/** A rule of cutover.yml about one value; `path` may hold `*` for each item. */
export type InlineRule = InferOutput<typeof inlineRuleSchema>;

/** What is checked before a release, and how strictly; `ignore` is by rule and path. */
export type ValidatePlan = InferOutput<typeof validateSchema>;

export interface ReleaseFile {
  name: string;
  /** Absolute folder of cutover.yml; relative paths start here. */
  folder: string;
  components: Readonly<Record<string, Component>>;
  environments: Readonly<Record<string, Environment>>;
  slo: Slo;
  cutover: CutoverPlan;
  validate: ValidatePlan;
  config: readonly ConfigEntry[];
  /** As the stage's own section read them (`checksOf`, `experimentsOf`); empty where it was not handed in. */
  smoke: readonly unknown[];
  chaos: readonly unknown[];
  /** Values of environment variables that the file uses: they must not stand in any output. */
  secrets: readonly string[];
}

/** One thing wrong in a file. Lines and columns count from 1. */
export interface Problem {
  file: string;
  line: number;
  column: number;
  /** `components/gateway/port`; empty where the whole file is meant. */
  path: string;
  /** One sentence without the place: `"80x" is not a whole number`. */
  message: string;
  /** What was written there, shortened; undefined where something is missing. Never a value from the environment. */
  given: string | undefined;
  /** What may stand there: `a whole number from 0 to 65535`. */
  allowed: string | undefined;
}
