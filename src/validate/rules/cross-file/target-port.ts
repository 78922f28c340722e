import { didYouMean } from '../../../config/suggest.ts';
import { nearestTo } from '../../cross-file/scope.ts';
import { type ServicePort, selectingServices, servicePorts } from '../../cross-file/services.ts';
import { listOf, mappingOf, textOf } from '../../document.ts';
import type { Severity } from '../../finding.ts';
import { isTemplated } from '../../kubernetes/images.ts';
import type { PodSpec } from '../../kubernetes/pods.ts';
import { portNumber } from '../../kubernetes/ports.ts';
import { lasting, named, spotOf } from '../../kubernetes/workloads.ts';
import type { Rule } from '../../rule.ts';

export const targetPort: Rule = {
  id: 'target-port',
  severity: 'error',
  layer: 'cross-file',
  title: 'Ports that a Service leads to are ports of its pods',
  why: 'A named targetPort that no container declares gives the Service no endpoints, and a wrong number gives it endpoints that refuse every connection; both show only after the route has been switched.',
  fix: "Write the name or number of one of the containers' `ports` under `targetPort`, with the same `protocol`.",
  source: 'https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports',
  check(workspace, report) {
    for (const { manifest, pods } of selectingServices(workspace)) {
      // Pods of a task are not meant to be there at all, which service-selector tells.
      const lastingPods = pods.filter((pod) => !tasks.has(pod.manifest.kind));
      // Other folders may hold another application, or a variant of this one, with the same labels.
      const serving = nearestTo(manifest, lastingPods);
      for (const port of servicePorts(manifest)) {
        const found = serving.flatMap((pod) => problem(port, pod) ?? [])[0];
        if (!found) continue;
        const key = port.targetPort === undefined ? 'port' : 'targetPort';
        const spot = spotOf(manifest, ['spec', 'ports', port.index, key]);
        report.find(spot, `${named(manifest)} ${found.message}`, { severity: found.severity });
      }
    }
  },
};

const tasks = new Set(['Job', 'CronJob']);

interface Declared {
  readonly name: string | undefined;
  readonly number: number | undefined;
  readonly protocol: string;
}

const declaredBy = (pod: PodSpec): readonly Declared[] =>
  lasting(pod).flatMap((container) =>
    listOf(container.value['ports']).flatMap((item) => {
      const port = mappingOf(item);
      return port
        ? [
            {
              name: textOf(port['name']),
              number: portNumber(port['containerPort']),
              protocol: textOf(port['protocol']) ?? 'TCP',
            },
          ]
        : [];
    }),
  );

interface Problem {
  message: string;
  severity: Severity;
}

function problem(port: ServicePort, pod: PodSpec): Problem | undefined {
  const declared = declaredBy(pod);
  const target = port.targetPort ?? port.port;
  // The API server takes a number in quotes for the name of a port, and such names have a letter.
  if (typeof target === 'number') return unknownNumber(target, declared, pod);
  if (typeof target !== 'string' || isTemplated(target)) return undefined;
  return unknownName(target, port, { declared, pod });
}

function unknownName(
  target: string,
  { protocol }: ServicePort,
  { declared, pod }: { declared: readonly Declared[]; pod: PodSpec },
): Problem | undefined {
  const called = declared.filter(({ name }) => name === target);
  if (called.some((one) => one.protocol === protocol)) return undefined;
  const workload = named(pod.manifest);
  if (called[0]) {
    const message = `leads to port "${target}" over ${protocol}, which ${workload} declares for ${called[0].protocol}`;
    return { message, severity: 'error' };
  }
  // A name has a letter; the schema tells a number in quotes.
  if (portNumber(target) !== undefined) return undefined;
  const names = declared.flatMap(({ name }) => name ?? []);
  const guess = didYouMean(target, names);
  const message = `leads to port "${target}", which no container of ${workload} declares${guess}`;
  return { message, severity: 'error' };
}

/** A number that is not declared still works; it is a slip only where other ports are declared. */
function unknownNumber(target: number, declared: readonly Declared[], pod: PodSpec): Problem | undefined {
  if (declared.length === 0 || declared.some(({ number }) => number === target)) return undefined;
  const ports = declared.map(({ name, number }) => (name ? `${name} (${number})` : `${number}`)).join(', ');
  const message = `leads to port ${target}, which is not among those of ${named(pod.manifest)}: ${ports}`;
  return { message, severity: 'warning' };
}
