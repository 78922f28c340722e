import { nearest } from '../../config/suggest.ts';
import { type Document, listOf, mappingOf, type Path, textOf, valueAt } from '../document.ts';
import type { Reporter } from '../rule.ts';
import type { Manifest, Workspace } from '../workspace.ts';
import { type Named, type NameIndex, objectsOf } from './names.ts';
import { environmentOf } from './scope.ts';
import { servicePorts } from './services.ts';

/** A `host:port` in a list of static targets. */
interface Target {
  document: Document;
  path: Path;
  text: string;
}

/** Checks static targets that name a Service: in scrape files, and in ScrapeConfigs of the Prometheus operator. */
export function checkTargets(workspace: Workspace, report: Reporter): void {
  const services = objectsOf(workspace, 'Service');
  if (services.all.length === 0) return;
  const composed = new Set(workspace.composeFiles.flatMap((file) => Object.keys(file.services)));
  for (const target of targetsOf(workspace)) checkTarget(target, { services, composed, report });
}

function targetsOf(workspace: Workspace): readonly Target[] {
  const scraped = workspace.prometheus.flatMap(({ document, kind, value }) =>
    kind === 'scrape'
      ? listOf(value['scrape_configs']).flatMap((config, i) =>
          staticTargets(document, mappingOf(config)?.['static_configs'], [
            'scrape_configs',
            i,
            'static_configs',
          ]),
        )
      : [],
  );
  const operated = workspace.manifests.flatMap((manifest) =>
    manifest.kind === 'ScrapeConfig'
      ? staticTargets(manifest.document, valueAt(manifest.value, ['spec', 'staticConfigs']), [
          'spec',
          'staticConfigs',
        ])
      : [],
  );
  return [...scraped, ...operated];
}

const staticTargets = (document: Document, configs: unknown, at: Path): readonly Target[] =>
  listOf(configs).flatMap((config, i) =>
    listOf(valueAt(config, ['targets'])).flatMap((item, j) => {
      const text = textOf(item);
      return text === undefined ? [] : [{ document, path: [...at, i, 'targets', j], text }];
    }),
  );

interface Task {
  services: NameIndex<Named>;
  composed: ReadonlySet<string>;
  report: Reporter;
}

/** `gateway`, `gateway.trading`, `gateway.trading.svc`, `gateway.trading.svc.cluster.local` */
const inCluster = /^([a-z0-9-]+)(?:\.([a-z0-9-]+)(?:\.(svc)(?:\.cluster\.local)?\.?)?)?$/;

function checkTarget({ document, path, text }: Target, { services, composed, report }: Task): void {
  const [host = '', portText] = text.split(':', 2);
  const [, name, namespace, isCertain] = inCluster.exec(host) ?? [];
  if (name === undefined || composed.has(name)) return;
  const environment = environmentOf(document.file);
  const isVisible = ({ manifest }: Named): boolean => reaches(manifest, namespace, environment);
  const found = services.anywhere(name).filter(isVisible);
  if (found.length > 0) {
    const ports = found.flatMap(({ manifest }) => servicePorts(manifest)).flatMap(({ port }) => port ?? []);
    if (portText === undefined || ports.length === 0 || ports.includes(Number(portText))) return;
    report.find(
      { document, path },
      `"${text}" is scraped, but Service "${name}" has no port ${portText}, only ${ports.join(', ')}`,
    );
    return;
  }
  const guess = nearest(
    name,
    [...new Set(services.all.filter(isVisible).map((service) => service.name))].slice(0, 200),
  );
  // Any other host may be a machine that is not in the cluster.
  if (isCertain === undefined && guess === undefined) return;
  const rest = guess === undefined ? '' : `, did you mean "${guess}"?`;
  report.find(
    { document, path },
    `"${text}" is scraped, but no manifest has a Service "${name}"${namespace ? ` in namespace "${namespace}"` : ''}${rest}`,
  );
}

function reaches(service: Manifest, namespace: string | undefined, environment: string | undefined): boolean {
  const own = environmentOf(service.document.file);
  const isSame = own === undefined || environment === undefined || own === environment;
  return (
    isSame && (namespace === undefined || service.namespace === undefined || service.namespace === namespace)
  );
}
