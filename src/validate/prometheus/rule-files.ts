import { type Document, listOf, mappingOf, type Path, textOf } from '../document.ts';
import type { Workspace } from '../workspace.ts';

type Mapping = Readonly<Record<string, unknown>>;

/** The groups of a rule file, or of a PrometheusRule of the Prometheus operator. */
export interface RuleFile {
  readonly document: Document;
  readonly value: Mapping;
  /** Where the mapping with `groups` stands. */
  readonly path: Path;
  /** Another system with files of the same form: `Loki`; undefined: Prometheus. */
  readonly other: string | undefined;
}

export interface RuleGroup {
  readonly file: RuleFile;
  readonly value: Mapping;
  readonly path: Path;
}

export interface PrometheusRuleItem {
  readonly group: RuleGroup;
  readonly value: Mapping;
  readonly path: Path;
}

const cache = new WeakMap<Workspace, readonly RuleFile[]>();

export function ruleFiles(workspace: Workspace): readonly RuleFile[] {
  const known = cache.get(workspace);
  if (known) return known;
  const plain = workspace.prometheus
    .filter(({ kind, value }) => kind === 'rules' && !isGrafana(value))
    .map(({ document, value, holder }) => fileOf({ document, value, path: [] }, holder));
  const operator = workspace.manifests
    .filter(
      ({ kind, apiVersion }) => kind === 'PrometheusRule' && apiVersion.startsWith('monitoring.coreos.com/'),
    )
    .flatMap(({ document, value }) => {
      const spec = mappingOf(value['spec']);
      return spec ? [fileOf({ document, value: spec, path: ['spec'] })] : [];
    });
  const found = [...plain, ...operator];
  cache.set(workspace, found);
  return found;
}

/** Grafana provisions its alerts by files with `groups`, too, of another form. */
const isGrafana = (value: Mapping): boolean =>
  value['apiVersion'] === 1 ||
  listOf(value['groups']).some((group) => mappingOf(group)?.['orgId'] !== undefined);

function fileOf(file: Omit<RuleFile, 'other'>, holder = ''): RuleFile {
  return { ...file, other: otherSystem(file, holder) };
}

/** Loki's rules have LogQL for PromQL; its filters of lines give it away, or its name. */
function otherSystem({ document, value }: Omit<RuleFile, 'other'>, holder: string): string | undefined {
  const names = [document.file.path, ...(document.base ?? []), holder].join('/');
  if (/(?:^|[/._-])loki(?:[/._-]|$)/i.test(names)) return 'Loki';
  const isLogQl = listOf(value['groups'])
    .flatMap((group) => listOf(mappingOf(group)?.['rules']))
    .some((rule) =>
      /\}\s*(?:\|[=~]|!=\s*["`]|\|\s*(?:json|logfmt|regexp|pattern|line_format|unwrap)\b)/.test(
        textOf(mappingOf(rule)?.['expr']) ?? '',
      ),
    );
  return isLogQl ? 'Loki' : undefined;
}

export function groupsOf(file: RuleFile): readonly RuleGroup[] {
  return listOf(file.value['groups']).flatMap((item, index) => {
    const value = mappingOf(item);
    return value ? [{ file, value, path: [...file.path, 'groups', index] }] : [];
  });
}

export function rulesOf(group: RuleGroup): readonly PrometheusRuleItem[] {
  return listOf(group.value['rules']).flatMap((item, index) => {
    const value = mappingOf(item);
    return value ? [{ group, value, path: [...group.path, 'rules', index] }] : [];
  });
}

/** All rules of the workspace. */
export const allRules = (workspace: Workspace): readonly PrometheusRuleItem[] =>
  ruleFiles(workspace).flatMap(groupsOf).flatMap(rulesOf);

/** One entry of `scrape_configs`. */
export interface ScrapeConfig {
  readonly document: Document;
  readonly value: Mapping;
  readonly path: Path;
}

export function scrapeConfigs(workspace: Workspace): readonly ScrapeConfig[] {
  return workspace.prometheus
    .filter(({ kind }) => kind === 'scrape')
    .flatMap(({ document, value }) =>
      listOf(value['scrape_configs']).flatMap((item, index) => {
        const config = mappingOf(item);
        return config ? [{ document, value: config, path: ['scrape_configs', index] }] : [];
      }),
    );
}
