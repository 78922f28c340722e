import type { AnyFaultKind } from '../fault.ts';
import { kill } from './kill.ts';
import { latency } from './latency.ts';

/** All kinds of faults: one line each. Schema, messages and docs derive from this list. */
const kinds = [kill, latency] as const;

export const faultKinds: Readonly<Record<string, AnyFaultKind>> = Object.fromEntries(
  kinds.map((kind) => [kind.kind, kind]),
);

/** @throws Error for a kind that the schema would have refused */
export function faultKindOf(name: string): AnyFaultKind {
  const kind = faultKinds[name];
  if (!kind) throw new Error(`there is no fault ${name}`);
  return kind;
}
