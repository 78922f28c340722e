import { didYouMean } from '../../../config/suggest.ts';
import type { Severity } from '../../finding.ts';
import type { Container } from '../../kubernetes/pods.ts';
import { declaredPorts, portNamed, portNumber } from '../../kubernetes/ports.ts';
import { type CalledPort, calledPorts } from '../../kubernetes/probes.ts';
import { applicationPods, containerName, isComplete, spotOf } from '../../kubernetes/workloads.ts';
import type { Rule } from '../../rule.ts';

export const probePortDeclared: Rule = {
  id: 'probe-port-declared',
  severity: 'error',
  layer: 'policy',
  title: 'Probes call ports that the container declares',
  why: 'A probe of a port name that the container does not have fails for ever: the pod never becomes ready, or is restarted without end.',
  fix: "Name the port under the container's `ports`, or write the number that it listens on.",
  source: 'https://docs.kubelinter.io/#/generated/checks?id=liveness-port',
  check(workspace, report) {
    for (const pod of applicationPods(workspace).filter(isComplete)) {
      for (const container of pod.containers) {
        for (const called of calledPorts(container)) {
          const found = problem(container, called);
          if (!found) continue;
          report.find(spotOf(pod.manifest, called.path), found.message, { severity: found.severity });
        }
      }
    }
  },
};

/** A number that is not declared still works; it is a slip only where other ports are declared. */
function problem(
  container: Container,
  { port, caller }: CalledPort,
): { message: string; severity: Severity } | undefined {
  if (portNamed(container, port)) return undefined;
  const ports = declaredPorts(container);
  if (portNumber(port) !== undefined) {
    if (ports.length === 0) return undefined;
    const declared = ports.map(({ name, number }) => (name ? `${name} (${number})` : `${number}`)).join(', ');
    return {
      message: `${caller} of ${containerName(container)} calls port ${port}, which is not among its ports: ${declared}`,
      severity: 'warning',
    };
  }
  const names = ports.flatMap(({ name }) => name ?? []);
  return {
    message: `${caller} of ${containerName(container)} calls port "${port}", which it does not declare${didYouMean(String(port), names)}`,
    severity: 'error',
  };
}
