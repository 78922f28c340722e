import { mappingOf, type Path, valueAt } from '../document.ts';
import type { Edit } from '../finding.ts';
import { type Written, withKey, withValue } from '../fix/mapping-edits.ts';
import type { Container, PodSpec } from './pods.ts';

/** A setting of a securityContext, by the keys that lead to it. */
export interface ContextSetting {
  readonly keys: readonly [string, ...string[]];
  readonly value: Written;
}

/** Writes a setting into the securityContext of a container; what is missing on the way there is made. */
export const containerEdit = (
  pod: PodSpec,
  container: Container,
  setting: ContextSetting,
): Edit | undefined => contextEdit(pod, container.path, setting);

/** The same for the pod's own securityContext, which its containers inherit. */
export const podEdit = (pod: PodSpec, setting: ContextSetting): Edit | undefined =>
  contextEdit(pod, pod.path, setting);

function contextEdit({ manifest }: PodSpec, holder: Path, { keys, value }: ContextSetting): Edit | undefined {
  const steps = ['securityContext', ...keys];
  for (let depth = 0; depth < steps.length; depth += 1) {
    const path = [...holder, ...steps.slice(0, depth + 1)];
    const written = valueAt(manifest.value, path);
    if (mappingOf(written)) continue;
    const rest = steps.slice(depth + 1).reduceRight<Written>((inner, key) => ({ [key]: inner }), value);
    const key = steps[depth] ?? '';
    if (written === undefined) return withKey(manifest.document, path.slice(0, -1), { key, value: rest });
    // A key without a value, or one with another scalar.
    const isLast = depth === steps.length - 1 && typeof rest === 'string' && written !== null;
    return isLast ? withValue(manifest.document, path, rest) : undefined;
  }
  return undefined;
}
