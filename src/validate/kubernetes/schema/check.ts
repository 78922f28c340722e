import { mappingOf } from '../../document.ts';
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
    const skip = (reason: string) => skipped.push({ manifest, reason });
    checkManifest(workspace, manifest, { problems, skip });
  }
  const report = { problems, skipped };
  cache.set(workspace, report);
  return report;
}

/** The problems of one rule. */
export const problemsOf = (workspace: Workspace, rule: SchemaRule): readonly Problem[] =>
  schemaReport(workspace).problems.filter((problem) => problem.rule === rule);

interface Sink {
  problems: Problem[];
  skip(reason: string): void;
}

function checkManifest(workspace: Workspace, manifest: Manifest, sink: Sink): void {
  const minor = clusterMinor(workspace);
  const found = (fault: Fault) => sink.problems.push(placed(manifest, fault));
  let told = false;
  const placeholder = () => {
    if (!told) sink.skip('values that a placeholder stands for are filled in later and were not checked');
    told = true;
  };
  // Its values are ciphers, and the field itself never reaches the API server.
  if (mappingOf(manifest.value['sops'])) {
    sink.skip('it is encrypted with SOPS');
    return;
  }
  const resolved = resolveKind(manifest.apiVersion, manifest.kind, minor);
  if (resolved.is === 'unknown') return;
  if (resolved.is === 'without-fields') {
    sink.skip(`no fields of ${manifest.kind} in ${manifest.apiVersion} are known`);
    return;
  }
  if (resolved.is === 'known') checkType(manifest.value, resolved.type, { minor, found, placeholder });
  else if (!checkDefined(workspace, manifest, { found, placeholder, skip: sink.skip })) return;
  const fault = nameFault(manifest.kind, manifest.value);
  if (fault) found(fault);
}

interface CustomSink {
  found(fault: Fault): void;
  placeholder(): void;
  skip(reason: string): void;
}

/** Whether there was a schema to check against. */
function checkDefined(workspace: Workspace, manifest: Manifest, sink: CustomSink): boolean {
  const definition = definitionsOf(workspace).get(`${manifest.apiVersion} ${manifest.kind}`);
  if (!definition?.schema) {
    sink.skip(missingSchema(manifest, definition));
    return false;
  }
  checkCustom(manifest.value, definition.schema, sink);
  checkMetadata(manifest, sink);
  return true;
}

function checkMetadata(manifest: Manifest, { found, placeholder }: CustomSink): void {
  const metadata = manifest.value['metadata'];
  if (metadata === undefined || metadata === null) return;
  const inMetadata = (fault: Fault) => found({ ...fault, path: ['metadata', ...(fault.path ?? [])] });
  checkType(metadata, 'V1ObjectMeta', { minor: Number.POSITIVE_INFINITY, found: inMetadata, placeholder });
}

const missingSchema = ({ kind, apiVersion }: Manifest, definition: Definition | undefined): string =>
  definition
    ? `the definition of ${kind} in ${apiVersion} has no schema`
    : `no schema for ${kind} in ${apiVersion}: no manifest of the repository defines it`;

const placed = (manifest: Manifest, fault: Fault): Problem => ({
  rule: fault.rule,
  manifest,
  path: fault.path ?? [],
  part: fault.part ?? 'value',
  message: fault.message,
  ...(fault.severity && { severity: fault.severity }),
});
