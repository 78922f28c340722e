import { listOf, mappingOf, type Path, valueAt } from '../document.ts';
import type { Container, PodSpec } from './pods.ts';

/** The API server's default of terminationGracePeriodSeconds. */
export const defaultGraceSeconds = 30;

/** Seconds from SIGTERM or preStop to SIGKILL, and where they are written. */
export function graceOf(pod: PodSpec): { seconds: number; path: Path | undefined } {
  const written = pod.spec['terminationGracePeriodSeconds'];
  return typeof written === 'number'
    ? { seconds: written, path: [...pod.path, 'terminationGracePeriodSeconds'] }
    : { seconds: defaultGraceSeconds, path: undefined };
}

/** Whether the container has a preStop hook that does something. */
export function hasPreStop(container: Container): boolean {
  const hook = mappingOf(valueAt(container.value, ['lifecycle', 'preStop']));
  return hook !== undefined && Object.keys(hook).length > 0;
}

/** How long the container's preStop hook sleeps; 0 where there is none or where that cannot be told. */
export function preStopSeconds(container: Container): number {
  const hook = valueAt(container.value, ['lifecycle', 'preStop']);
  const seconds = valueAt(hook, ['sleep', 'seconds']);
  if (typeof seconds === 'number') return seconds;
  const words = listOf(valueAt(hook, ['exec', 'command'])).filter((word) => typeof word === 'string');
  return sleepsIn(words.join(' ').slice(0, 4_096));
}

const units: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3_600 };

/** The sum of all `sleep 15` in a command. */
function sleepsIn(command: string): number {
  let sum = 0;
  for (const [, amount, unit = ''] of command.matchAll(/\bsleep\s(\d{1,6}(?:\.\d{1,3})?)([smh]?)\b/g)) {
    sum += Number(amount) * (units[unit] ?? 1);
  }
  return sum;
}
