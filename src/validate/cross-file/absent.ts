import { didYouMean } from '../../config/suggest.ts';
import type { Severity } from '../finding.ts';
import type { Reporter, Spot } from '../rule.ts';
import type { Manifest, Workspace } from '../workspace.ts';
import type { Named, NameIndex } from './names.ts';
import { sameEnvironment } from './scope.ts';

/** So many names are compared for a "did you mean". */
const mostCandidates = 200;

/** A reference to something that is not there. */
export interface Absence {
  workspace: Workspace;
  report: Reporter;
  index: NameIndex<Named>;
  /** What refers. */
  from: Manifest;
  kind: string;
  name: string;
  spot: Spot;
  /** `env DATABASE_URL of container "gateway"`: the beginning of the sentence. */
  subject: string;
  /** Severity where the workspace has nothing of that kind beside what refers; default the rule's own. */
  none?: Severity;
}

/**
 * Tells that the object is not there, and where it is instead. What a chart or something fetched from elsewhere may make is
 * left out with its reason, unless the name is near to one that is there.
 */
export function tellAbsent(absence: Absence): void {
  const { workspace, report, index, from, kind, name, spot, subject, none } = absence;
  const beside = index.beside(from);
  const hint = didYouMean(name, firstNames(beside));
  const elsewhere = whereElse(index.anywhere(name)[0], from);
  const unseen = unseenBy(workspace);
  if (unseen && elsewhere === undefined && hint === '') {
    report.skip(spot.document, `${kind} "${name}" may come from ${unseen}`);
    return;
  }
  const rest =
    elsewhere ?? `which is in no manifest${isOfCluster.has(kind) ? '' : ' of its namespace'}${hint}`;
  const severity = beside.length === 0 && elsewhere === undefined ? none : undefined;
  report.find(spot, `${subject} names ${kind} "${name}", ${rest}`, severity ? { severity } : {});
}

function firstNames(items: readonly Named[]): readonly string[] {
  const names = new Set<string>();
  for (const { name } of items) if (names.add(name).size === mostCandidates) break;
  return [...names];
}

const isOfCluster = new Set(['PriorityClass', 'ClusterRole']);

function whereElse(other: Named | undefined, from: Manifest): string | undefined {
  if (!other) return undefined;
  const { namespace, document } = other.manifest;
  return sameEnvironment(other.manifest, from)
    ? `which is only in namespace "${namespace}"; a reference stays in its own namespace "${from.namespace}"`
    : `which is only in another environment's folder: ${document.file.path}`;
}

const cache = new WeakMap<Workspace, string | undefined>();

/** What the readers had to leave out that makes objects: charts, templates, overlays fetched from elsewhere. */
function unseenBy(workspace: Workspace): string | undefined {
  if (cache.has(workspace)) return cache.get(workspace);
  const left = workspace.skips.find(
    ({ rule, reason }) =>
      rule === 'template' || (rule === 'kustomize-build' && /fetched|rendered/.test(reason)),
  );
  const found = left && `${left.file}, which was not rendered`;
  cache.set(workspace, found);
  return found;
}
