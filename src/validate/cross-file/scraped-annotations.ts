import { mappingOf, type Path, valueAt } from '../document.ts';
import type { PodSpec } from '../kubernetes/pods.ts';
import { declaredPorts, portNumber } from '../kubernetes/ports.ts';
import { lasting, named, spotOf } from '../kubernetes/workloads.ts';
import type { Reporter } from '../rule.ts';
import type { Manifest, Workspace } from '../workspace.ts';
import { allPods } from './pods.ts';
import { selectingServices, servicePorts } from './services.ts';

/** The annotations that scrape configurations of the community's chart look for. */
const portKey = 'prometheus.io/port';
const scrapeKey = 'prometheus.io/scrape';

/** Numbers of the ports that pods declare. */
export const numbersOf = (pods: readonly PodSpec[]): readonly number[] =>
  pods
    .flatMap(lasting)
    .flatMap((container) => declaredPorts(container).flatMap(({ number }) => number ?? []));

/** Checks `prometheus.io/port` of pods and Services. */
export function checkAnnotations(workspace: Workspace, report: Reporter): void {
  for (const pod of allPods(workspace)) {
    const { manifest } = pod;
    const path = [...pod.path.slice(0, -1), 'metadata', 'annotations'];
    check({ manifest, path, ports: () => numbersOf([pod]), report });
  }
  for (const { manifest, pods } of selectingServices(workspace)) {
    const ports = () => {
      const declared = numbersOf(pods);
      if (declared.length === 0 && pods.length > 0) return [];
      const own = servicePorts(manifest).flatMap(({ port, targetPort }) => [port, targetPort]);
      return [...new Set([...declared, ...own.filter((port) => typeof port === 'number')])];
    };
    check({ manifest, path: ['metadata', 'annotations'], ports, report });
  }
}

interface Task {
  manifest: Manifest;
  path: Path;
  ports: () => readonly number[];
  report: Reporter;
}

function check({ manifest, path, ports, report }: Task): void {
  const annotations = mappingOf(valueAt(manifest.value, path));
  const port = portNumber(annotations?.[portKey]);
  if (port === undefined || String(annotations?.[scrapeKey] ?? 'true') !== 'true') return;
  const known = ports();
  if (known.length === 0 || known.includes(port)) return;
  const message = `${portKey} of ${named(manifest)} is ${port}, which is not among its ports: ${known.join(', ')}`;
  report.find(spotOf(manifest, [...path, portKey]), message);
}
