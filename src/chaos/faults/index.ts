import type { AnyFaultKind } from '../fault.ts';
import { bandwidth } from './bandwidth.ts';
import { blackhole } from './blackhole.ts';
import { clockSkew } from './clock-skew.ts';
import { cpu } from './cpu.ts';
import { dependencyDown } from './dependency-down.ts';
import { diskFill } from './disk-fill.ts';
import { diskSlow } from './disk-slow.ts';
import { dns } from './dns.ts';
import { httpError } from './http-error.ts';
import { kill } from './kill.ts';
import { latency } from './latency.ts';
import { memory } from './memory.ts';
import { pause } from './pause.ts';
import { reset } from './reset.ts';
import { restart } from './restart.ts';
import { slowClose } from './slow-close.ts';

/** All kinds of faults: one line each. Schema, messages and docs derive from this list. */
const kinds = [
  kill,
  pause,
  restart,
  dependencyDown,
  cpu,
  memory,
  diskFill,
  diskSlow,
  latency,
  bandwidth,
  reset,
  blackhole,
  httpError,
  slowClose,
  clockSkew,
  dns,
] as const;

export const faultKinds: Readonly<Record<string, AnyFaultKind>> = Object.fromEntries(
  kinds.map((kind) => [kind.kind, kind]),
);

/** @throws Error for a kind that the schema would have refused */
export function faultKindOf(name: string): AnyFaultKind {
  const kind = faultKinds[name];
  if (!kind) throw new Error(`there is no fault ${name}`);
  return kind;
}
