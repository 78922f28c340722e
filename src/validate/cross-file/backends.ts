import { didYouMean } from '../../config/suggest.ts';
import type { Path } from '../document.ts';
import { isTemplated } from '../kubernetes/images.ts';
import { named, spotOf } from '../kubernetes/workloads.ts';
import type { Reporter } from '../rule.ts';
import type { Manifest, Workspace } from '../workspace.ts';
import { tellAbsent } from './absent.ts';
import { objectsOf } from './names.ts';
import { servicePorts } from './services.ts';

/** A Service and its port that something sends requests to. */
export interface Backend {
  readonly from: Manifest;
  readonly name: string;
  readonly path: Path;
  /** Undefined where none is written. A text is the name of a port. */
  readonly port: { readonly value: string | number; readonly path: Path } | undefined;
}

interface Task {
  workspace: Workspace;
  report: Reporter;
}

/** Checks that the Service exists in the namespace of what names it, and has the port. */
export function checkBackend(backend: Backend, { workspace, report }: Task): void {
  const { from, name, path } = backend;
  if (isTemplated(name)) return;
  const index = objectsOf(workspace, 'Service');
  const services = index.named(name, from);
  if (services.length > 0) {
    checkPort(
      backend,
      services.map(({ manifest }) => manifest),
      report,
    );
    return;
  }
  const spot = spotOf(from, path);
  tellAbsent({
    workspace,
    report,
    index,
    from,
    kind: 'Service',
    name,
    spot,
    subject: named(from),
    none: 'warning',
  });
}

function checkPort({ from, name, port }: Backend, services: readonly Manifest[], report: Reporter): void {
  if (!port || (typeof port.value === 'string' && isTemplated(port.value))) return;
  const ports = services.flatMap(servicePorts);
  // An ExternalName needs none.
  if (ports.length === 0) return;
  const isThere = ports.some((one) => (typeof port.value === 'number' ? one.port : one.name) === port.value);
  if (isThere) return;
  const message = `${named(from)} leads to port ${given(port.value)} of Service "${name}", which has ${listed(ports)}${hint(port.value, ports)}`;
  report.find(spotOf(from, port.path), message);
}

const given = (port: string | number): string => (typeof port === 'number' ? `${port}` : `"${port}"`);

type Ports = ReturnType<typeof servicePorts>;

const listed = (ports: Ports): string =>
  ports.map(({ name, port }) => (name === undefined ? `${port}` : `${name} (${port})`)).join(', ');

/** What was mixed up: a name and a number, the Service's port and that of the container. */
function hint(value: string | number, ports: Ports): string {
  const names = ports.flatMap(({ name }) => name ?? []);
  if (typeof value === 'string') {
    if (/^\d+$/.test(value)) return '; a number is written as port.number';
    return didYouMean(value, names);
  }
  const behind = ports.find(({ targetPort }) => targetPort === value);
  return behind ? `; ${value} is the targetPort behind its port ${behind.port}` : '';
}
