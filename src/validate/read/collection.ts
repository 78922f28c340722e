import { type Document, listOf, mappingOf, textOf, valueAt } from '../document.ts';
import type { Skip } from '../finding.ts';
import type {
  ComposeFile,
  ConfigFile,
  Dockerfile,
  Manifest,
  PrometheusFile,
  Unreadable,
  WorkflowFile,
} from '../workspace.ts';
import { partOf } from './places.ts';

type Mapping = Readonly<Record<string, unknown>>;

/** What has been read so far. */
export class Collection {
  readonly unreadable: Unreadable[] = [];
  readonly skips: Skip[] = [];
  readonly manifests: Manifest[] = [];
  readonly dockerfiles: Dockerfile[] = [];
  readonly composeFiles: ComposeFile[] = [];
  readonly workflows: WorkflowFile[] = [];
  readonly prometheus: PrometheusFile[] = [];
  readonly configs: ConfigFile[] = [];
  readonly envFiles = new Map<string, Document>();
  readonly actions: Document[] = [];

  /** A document of YAML or JSON that only its content can tell. */
  addData(document: Document): void {
    const value = mappingOf(document.value);
    if (!value) return;
    if (this.#addManifest(document, value)) return;
    this.addPrometheus(document);
  }

  /** Rules or a scrape configuration, by what it holds. `holder`: the name of the ConfigMap that it is a text of. */
  addPrometheus(document: Document, holder?: string): void {
    const value = mappingOf(document.value);
    const kind = value && prometheusKind(value);
    if (kind) this.prometheus.push({ document, kind, value, ...(holder === undefined ? {} : { holder }) });
  }

  addCompose(document: Document): void {
    const value = mappingOf(document.value);
    if (value) this.composeFiles.push({ document, value, services: mappingsIn(value['services']) });
  }

  addWorkflow(document: Document): void {
    const value = mappingOf(document.value);
    if (value) this.workflows.push({ document, value, jobs: mappingsIn(value['jobs']) });
  }

  #addManifest(document: Document, value: Mapping): boolean {
    const apiVersion = textOf(value['apiVersion']);
    const kind = textOf(value['kind']);
    if (apiVersion === undefined || kind === undefined) return false;
    if (isList(apiVersion, kind, value)) {
      listOf(value['items']).forEach((item, i) => {
        const part = mappingOf(item);
        if (part) this.#addManifest(partOf(document, ['items', i], part), part);
      });
      return true;
    }
    // A build instruction for kubectl, not an object of a cluster.
    if (apiVersion.startsWith('kustomize.config.k8s.io/')) return true;
    const name = textOf(valueAt(value, ['metadata', 'name'])) ?? '';
    const namespace = textOf(valueAt(value, ['metadata', 'namespace']));
    this.manifests.push({ document, apiVersion, kind, name, namespace, value });
    return true;
  }
}

/** `List`, or `ConfigMapList` and its like. */
const isList = (apiVersion: string, kind: string, value: Mapping): boolean =>
  Array.isArray(value['items']) && ((apiVersion === 'v1' && kind === 'List') || kind.endsWith('List'));

function prometheusKind(value: Mapping): PrometheusFile['kind'] | undefined {
  if (isRuleFile(value)) return 'rules';
  return Array.isArray(value['scrape_configs']) && !isPromtail(value) ? 'scrape' : undefined;
}

/** Promtail reads logs with `scrape_configs` of its own. */
const isPromtail = (value: Mapping): boolean =>
  ['clients', 'client', 'positions'].some((key) => Object.hasOwn(value, key)) ||
  listOf(value['scrape_configs']).some((config) => mappingOf(config)?.['pipeline_stages'] !== undefined);

/** `groups` of `rules`; other files have groups, too. */
function isRuleFile(value: Mapping): boolean {
  const groups = value['groups'];
  if (!Array.isArray(groups)) return false;
  return groups.length > 0 && groups.some((group) => mappingOf(group)?.['rules'] !== undefined);
}

function mappingsIn(value: unknown): Readonly<Record<string, Mapping>> {
  const entries = Object.entries(mappingOf(value) ?? {}).flatMap(([name, item]) => {
    const mapping = mappingOf(item);
    return mapping ? [[name, mapping] as const] : [];
  });
  return Object.fromEntries(entries);
}
