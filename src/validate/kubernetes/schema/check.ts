import { mappingOf, type Path } from '../../document.ts';
import type { Manifest, Workspace } from '../../workspace.ts';
import { clusterMinor } from './cluster.ts';
import { type Definition, definitionsOf } from './definitions.ts';
import { resolveKind } from './kinds.ts';
import { nameFault } from './names.ts';
import { checkCustom } from './open-api.ts';
import type { Fault, Problem, SchemaRule } from './problem.ts';
import { checkType } from './walk.ts';

/** What the schema layer found in a workspace. */
export interface SchemaReport {
  readonly problems: readonly Problem[];
  /** Manifests that were not checked, or not wholly, and why. */
  readonly skipped: readonly { readonly manifest: Manifest; readonly reason: string }[];
}

const cache = new WeakMap<Workspace, SchemaReport>();

/** Checks every manifest once; each rule of the layer tells its share. */
export function schemaReport(workspace: Workspace): SchemaReport {
  const known = cache.get(workspace);
  if (known) return known;
  const problems: Problem[] = [];
  const skipped: { manifest: Manifest; reason: string }[] = [];
  for (const manifest of workspace.manifests) {
    const reasons = new Set<string>();
    checkManifest(workspace, manifest, {
      found: (fault) => problems.push(placed(manifest, fault)),
      leave: (reason) => reasons.add(reason),
    });
    for (const reason of reasons) skipped.push({ manifest, reason });
  }
  const report = { problems, skipped };
  cache.set(workspace, report);
  return report;
}

/** The problems of one rule. */
export const problemsOf = (workspace: Workspace, rule: SchemaRule): readonly Problem[] =>
  schemaReport(workspace).problems.filter((problem) => problem.rule === rule);

interface Sink {
  found(fault: Fault): void;
  /** Something of the manifest was not checked, and why. */
  leave(reason: string): void;
}

function checkManifest(workspace: Workspace, manifest: Manifest, sink: Sink): void {
  const { apiVersion, kind, value } = manifest;
  const minor = clusterMinor(workspace);
  const resolved = resolveKind(apiVersion, kind, minor);
  // The rule unknown-kind tells it.
  if (resolved.is === 'unknown') return;
  if (mappingOf(value['sops'])) sink.leave('it is encrypted with SOPS');
  else if (resolved.is === 'without-fields') sink.leave(`no fields of ${kind} in ${apiVersion} are known`);
  else if (resolved.is === 'custom') checkDefined(workspace, manifest, sink);
  else {
    checkType(value, resolved.type, { minor, ...sink });
    checkName(manifest, sink);
  }
}

function checkName({ kind, value }: Manifest, { found }: Sink): void {
  const fault = nameFault(kind, value);
  if (fault) found(fault);
}

function checkDefined(workspace: Workspace, manifest: Manifest, sink: Sink): void {
  const definitions = definitionsOf(workspace).get(`${manifest.apiVersion} ${manifest.kind}`) ?? [];
  const schemas = definitions.flatMap(({ schema }) => (schema ? [schema] : []));
  if (schemas.length === 0) {
    sink.leave(missingSchema(manifest, definitions));
    return;
  }
  for (const fault of fewestFaults(manifest, schemas, sink)) sink.found(fault);
  checkMetadata(manifest, sink);
  checkName(manifest, sink);
}

/** Of several definitions the one that fits best is meant. */
function fewestFaults(
  { value }: Manifest,
  schemas: readonly Readonly<Record<string, unknown>>[],
  { leave }: Sink,
): readonly Fault[] {
  const tried = schemas.map((schema) => {
    const faults: Fault[] = [];
    checkCustom(value, schema, { found: (fault) => faults.push(fault), leave });
    return faults;
  });
  return tried.reduce((best, faults) => (faults.length < best.length ? faults : best));
}

function checkMetadata({ value }: Manifest, { found, leave }: Sink): void {
  const metadata = value['metadata'];
  if (metadata === undefined || metadata === null) return;
  const inMetadata = (fault: Fault) => found({ ...fault, path: ['metadata', ...(fault.path ?? [])] });
  checkType(metadata, 'V1ObjectMeta', { minor: Number.POSITIVE_INFINITY, found: inMetadata, leave });
}

const missingSchema = ({ kind, apiVersion }: Manifest, definitions: readonly Definition[]): string =>
  definitions.length > 0
    ? `the definition of ${kind} in ${apiVersion} has no schema`
    : `no schema for ${kind} in ${apiVersion}: no manifest of the repository defines it`;

/** What is told of a value begins with its verb; which value is meant is said here, never the value itself. */
function withSubject(message: string, path: Path): string {
  if (!/^(?:is|has|does|fits|names) /.test(message)) return message;
  const at = path.findLastIndex((step) => typeof step === 'string');
  const rest = path.slice(at + 1).map((index) => `[${index}]`);
  return `${at === -1 ? 'the manifest' : path[at]}${rest.join('')} ${message}`;
}

const placed = (manifest: Manifest, fault: Fault): Problem => ({
  rule: fault.rule,
  manifest,
  path: fault.path ?? [],
  part: fault.part ?? 'value',
  message: withSubject(fault.message, fault.path ?? []),
  ...(fault.severity && { severity: fault.severity }),
});
