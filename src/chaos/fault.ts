import type * as v from 'valibot';
import type { Component, TargetKind } from '../config/model.ts';
import type { SectionOutput } from '../config/schema/leaf.ts';
import type { Disturbance, FaultReading } from '../targets/fault.ts';
import type { Color, Instance } from '../targets/target.ts';
import type { MeterSection } from '../traffic/report.ts';

/** What a fault of an experiment is aimed at, once the plan has chosen. */
export interface FaultAim {
  component: Component;
  color: Color;
  /** Those that were chosen; never empty. */
  chosen: readonly Instance[];
  /** All instances of the colour. */
  all: readonly Instance[];
}

/** One request of the witness, sent to the aimed colour's endpoint on a connection of its own, some ten times a second. */
export interface Probe {
  /** Milliseconds since 1970 of sending. */
  at: number;
  /** From sending to the last byte, or to the failure. */
  ms: number;
  outcome: 'answered' | 'refused' | 'reset' | 'timeout' | 'malformed';
  status: number | undefined;
  /** The `Date` header, or what the experiment's `clock` path answered, in milliseconds since 1970. */
  serverTime: number | undefined;
  bytes: number;
  /**
   * From the last byte until the connection was closed, or for how long it had stayed open when nobody waited any more;
   * undefined: not looked at.
   */
  openMs?: number;
}

/** All that a witness may judge by. */
export interface Evidence {
  before: { reading: FaultReading; probes: readonly Probe[]; meter: MeterSection | undefined };
  during: {
    readings: readonly FaultReading[];
    probes: readonly Probe[];
    meter: MeterSection | undefined;
    /** When its end was asked for, in milliseconds since 1970. A probe that ended later had no answer while it lasted. */
    until: number;
  };
}

/** Whether the fault was seen to happen. Not seen is never passed. */
export interface Witnessed {
  seen: boolean;
  /** What was measured against what was asked: `round trip +98 ms of 100 ms asked`. */
  detail: string;
  /** Measured over asked, where both are amounts; 1 is exact. */
  ratio?: number;
}

/** Where a fault works, with what, and what it does where that is missing. */
export interface Support {
  /** `none`, or what must be granted: `pods/exec`, `root` … */
  permission: string;
  /** How it is done there, in a few words, for `plan` and the docs. */
  how: string;
  fallback?: string;
}

/** One kind of fault. Its file in src/chaos/faults holds all there is about it; index.ts there lists it. */
export interface FaultKind<E extends v.ObjectEntries = v.ObjectEntries> {
  readonly kind: string;
  /** For editors and docs, one sentence. */
  readonly description: string;
  /** For the docs: an experiment as it is written in cutover.yml. */
  readonly example: string;
  /** For the docs: what it is seen by, in a sentence. */
  readonly seenBy: string;
  /** For the docs: what it cannot do, and what surprises. */
  readonly limits?: string;
  /** Its own keys in cutover.yml; `component`, `color`, `count` and `percent` are every fault's. */
  readonly entries: E;
  /** Of these keys exactly one must be given. */
  readonly oneOf?: readonly string[];
  /** Whether probes are to wait until their connection is closed. */
  readonly probesUntilClosed?: true;
  /** instances: `count` or `percent` choose some; component: the whole colour is hit, whatever they say. */
  readonly hits: 'instances' | 'component';
  readonly support: Readonly<Partial<Record<TargetKind, Support>>>;
  /**
   * Whether instances are down or unusable while it lasts: then guards about healthy instances count them as lost. Of a
   * network effect it is so where it hits half of the requests or more.
   */
  readonly takesDown: boolean;
  /** Purely: what the target is to do. */
  disturbance(spec: SectionOutput<E>, aim: FaultAim): Disturbance;
  /** Purely: whether it was seen to happen. */
  witness(spec: SectionOutput<E>, evidence: Evidence, aim: FaultAim): Witnessed;
}

/** A kind without the type of its keys, as the registry holds it: what it is given was read with its own entries. */
export type AnyFaultKind = Omit<FaultKind, 'disturbance' | 'witness'> & {
  disturbance(spec: unknown, aim: FaultAim): Disturbance;
  witness(spec: unknown, evidence: Evidence, aim: FaultAim): Witnessed;
};

export function faultKind<const E extends v.ObjectEntries>(kind: FaultKind<E>): AnyFaultKind {
  return {
    ...kind,
    disturbance: (spec, aim) => kind.disturbance(spec as SectionOutput<E>, aim),
    witness: (spec, evidence, aim) => kind.witness(spec as SectionOutput<E>, evidence, aim),
  };
}
