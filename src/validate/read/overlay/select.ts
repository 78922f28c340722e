import { mappingOf, textOf, valueAt } from '../../document.ts';
import { groupOf, kindOf, namespaceOf, type Resource, Unbuildable } from './resource.ts';

type Mapping = Readonly<Record<string, unknown>>;

/** The resources that the `target` of a patch means; each of its texts is a pattern for the whole value. */
export function selected(resources: readonly Resource[], target: Mapping): readonly Resource[] {
  const fits = (key: string, values: readonly (string | undefined)[]): boolean => {
    const pattern = textOf(target[key]);
    if (pattern === undefined) return true;
    const wanted = wholly(pattern);
    return values.some((value) => wanted.test(value ?? ''));
  };
  return resources.filter(
    (resource) =>
      fits('kind', [kindOf(resource)]) &&
      fits('group', [groupOf(resource)]) &&
      fits('version', [String(resource.value['apiVersion']).split('/').at(-1)]) &&
      fits('name', resource.names) &&
      fits('namespace', [namespaceOf(resource)]) &&
      hasPairs(resource, 'labels', target['labelSelector']) &&
      hasPairs(resource, 'annotations', target['annotationSelector']),
  );
}

/** Patterns of others are only run where they are simple: without groups, and with few repetitions. */
function wholly(pattern: string): RegExp {
  const isSimple = /^[\w./*|^$-]{1,253}$/.test(pattern) && (pattern.match(/\*/g) ?? []).length <= 3;
  if (!isSimple) throw new Unbuildable('the target of a patch is a pattern with groups or repetitions');
  try {
    return new RegExp(`^(?:${pattern})$`);
  } catch {
    throw new Unbuildable('the target of a patch is not a valid pattern');
  }
}

function hasPairs({ value }: Resource, key: 'labels' | 'annotations', selector: unknown): boolean {
  const text = textOf(selector);
  if (text === undefined) return true;
  const pairs = mappingOf(valueAt(value, ['metadata', key])) ?? {};
  return text.split(',').every((part) => {
    const [, name, wanted] = /^\s*([^\s=!<>()]+)\s*={1,2}\s*([^\s=!<>()]*)\s*$/.exec(part) ?? [];
    if (name === undefined) throw new Unbuildable('the selector of a patch is more than key=value');
    return pairs[name] === wanted;
  });
}
