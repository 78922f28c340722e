import { mappingOf, textOf, valueAt } from '../../document.ts';
import { Unbuildable } from './resource.ts';

/** Applies the operations add, replace, remove and test of RFC 6902 to a value, in place. */
export function patchJson(value: Record<string, unknown>, operations: readonly unknown[]): void {
  for (const operation of operations) {
    const { op, path, value: given } = mappingOf(operation) ?? {};
    const tokens = tokensOf(textOf(path) ?? '');
    const last = tokens.pop();
    if (last === undefined) throw new Unbuildable('a patch replaces a whole object');
    apply({ op: String(op), holder: holderOf(value, tokens), key: last, value: structuredClone(given) });
  }
}

/** RFC 6901: `~1` is a slash, `~0` a tilde. */
const tokensOf = (path: string): string[] =>
  path
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));

type Holder = Record<string, unknown> | unknown[];

function holderOf(value: Record<string, unknown>, tokens: readonly string[]): Holder {
  const at = valueAt(value, tokens);
  if (Array.isArray(at)) return at;
  const mapping = mappingOf(at);
  if (!mapping) throw new Unbuildable(`a patch names /${tokens.join('/')}, which is not there`);
  return mapping as Record<string, unknown>;
}

interface Operation {
  op: string;
  holder: Holder;
  key: string;
  value: unknown;
}

function apply({ op, holder, key, value }: Operation): void {
  if (op === 'test') return;
  if (op !== 'add' && op !== 'replace' && op !== 'remove')
    throw new Unbuildable(`a patch has the operation ${op}`);
  if (!Array.isArray(holder)) {
    if (op === 'remove') delete holder[key];
    else holder[key] = value;
    return;
  }
  const at = key === '-' ? holder.length : Number(key);
  if (!Number.isInteger(at) || at < 0 || at > holder.length)
    throw new Unbuildable(`a patch names item ${key}, which is not there`);
  holder.splice(at, op === 'add' ? 0 : 1, ...(op === 'remove' ? [] : [value]));
}
