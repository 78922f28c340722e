import type { NetworkEffect } from '../../../fault.ts';
import { Bucket } from './bucket.ts';
import { isHit } from './delay.ts';
import type { FaultCounts, ProxyFault } from './fault.ts';
import type { Faults } from './faults.ts';

export type EffectName = NetworkEffect['effect'];
export type EffectOf<Name extends EffectName> = Extract<NetworkEffect, { effect: Name }>;

/** A fault from when it is set until it is left out. */
export class FaultRun {
  readonly fault: ProxyFault;
  readonly counts: FaultCounts = { touched: 0, passedBytes: 0 };
  /** Of a `bandwidth` effect. */
  readonly bucket: Bucket | undefined;
  hasEnded = false;
  private readonly faults: Faults;

  constructor(faults: Faults, fault: ProxyFault) {
    this.faults = faults;
    this.fault = fault;
    const { effect } = fault;
    this.bucket = effect.effect === 'bandwidth' ? new Bucket(faults.clock, effect.bytesPerSecond) : undefined;
  }

  covers(instance: string): boolean {
    return this.fault.instances === 'all' || this.fault.instances.includes(instance);
  }

  /** Rolls the dice for one request or upgraded connection. */
  draw(): boolean {
    const { effect } = this.fault;
    return 'share' in effect ? isHit(effect.share, this.faults.random) : true;
  }

  /** Its effect, if it is of this name. */
  as<Name extends EffectName>(name: Name): EffectOf<Name> | undefined {
    const { effect } = this.fault;
    return effect.effect === name ? (effect as EffectOf<Name>) : undefined;
  }

  end(): void {
    this.hasEnded = true;
    this.bucket?.close();
  }
}
