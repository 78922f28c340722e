import { mappingOf, type Path, valueAt } from '../document.ts';
import type { Container } from './pods.ts';

export const probeKeys = ['readinessProbe', 'livenessProbe', 'startupProbe'] as const;

/** The ways to ask a container how it is, each with the key of its port. */
const handlers = {
  httpGet: ['httpGet', 'port'],
  tcpSocket: ['tcpSocket', 'port'],
  grpc: ['grpc', 'port'],
} as const;

/** A port that the kubelet calls, and where it is written. */
export interface CalledPort {
  readonly port: string | number;
  readonly path: Path;
  /** `readinessProbe` */
  readonly caller: string;
}

/** Ports of the container's probes and lifecycle hooks. */
export function calledPorts(container: Container): readonly CalledPort[] {
  const callers: readonly Path[] = [
    ...probeKeys.map((key) => [key]),
    ['lifecycle', 'preStop'],
    ['lifecycle', 'postStart'],
  ];
  return callers.flatMap((caller) =>
    Object.values(handlers).flatMap((handler) => {
      const path = [...caller, ...handler];
      const port = valueAt(container.value, path);
      return typeof port === 'number' || typeof port === 'string'
        ? [{ port, path: [...container.path, ...path], caller: caller.join('.') }]
        : [];
    }),
  );
}

/** What a probe asks, in one comparable text; undefined where it asks nothing. */
export function question(probe: unknown): string | undefined {
  const asked = mappingOf(probe);
  if (!asked) return undefined;
  for (const key of ['httpGet', 'tcpSocket', 'grpc', 'exec']) {
    const handler = mappingOf(asked[key]);
    if (!handler) continue;
    const defaults = key === 'httpGet' ? { scheme: 'HTTP', path: '/' } : {};
    const entries = Object.entries({ ...defaults, ...handler }).filter(([part]) => part !== 'httpHeaders');
    return JSON.stringify([key, entries.sort(([a], [b]) => (a < b ? -1 : 1))]);
  }
  return undefined;
}

/** Seconds of failures until the kubelet acts; the API server's defaults are 3 failures, one every 10 s. */
export function patience(probe: unknown): number {
  const failures = valueAt(probe, ['failureThreshold']);
  const period = valueAt(probe, ['periodSeconds']);
  return (typeof failures === 'number' ? failures : 3) * (typeof period === 'number' ? period : 10);
}
