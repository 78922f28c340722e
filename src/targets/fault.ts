import type { Color, Instance } from './target.ts';

/** What happens to requests and connections on their way to one colour. Shares are 0..1, times milliseconds. */
export type NetworkEffect =
  /** Each affected request takes so much longer; pieces of an upgraded connection are held as long, each way. */
  | {
      effect: 'latency';
      delayMs: number;
      /** Spread around `delayMs`: half the width of `uniform`, the standard deviation of `normal`, the scale of `pareto`. */
      jitterMs: number;
      distribution: 'uniform' | 'normal' | 'pareto';
      share: number;
    }
  /** All connections together get no more than this. */
  | { effect: 'bandwidth'; bytesPerSecond: number; direction: 'requests' | 'answers' | 'both' }
  /** The client's connection is reset instead of an answer. */
  | { effect: 'reset'; share: number }
  /** Requests are taken and never answered; what is being sent stands still. */
  | { effect: 'blackhole'; share: number }
  /** Answered with `status` instead of being sent to the component. */
  | { effect: 'http-error'; share: number; status: number; body: string }
  /** A connection that should be closed stays open for so long. */
  | { effect: 'slow-close'; delayMs: number };

/** What a target does to what it runs. Everything in it can be carried out by a target that is told to. */
export type Disturbance =
  /** One signal to the processes; what supervises them heals it. Nothing to undo. */
  | {
      kind: 'signal';
      instances: readonly string[];
      signal: 'SIGKILL' | 'SIGTERM' | 'SIGINT' | 'SIGHUP' | 'SIGUSR1';
    }
  /** Frozen (SIGSTOP) until reverted. */
  | { kind: 'pause'; instances: readonly string[] }
  /** Stopped in an orderly way and started again; with `env`, with these variables until reverted. */
  | {
      kind: 'restart';
      instances: readonly string[];
      graceMs: number;
      env: Readonly<Record<string, string>>;
      /** A lie that the target arranges for the process, beside the variables. */
      lie:
        | undefined
        | { about: 'clock'; offsetMs: number }
        | { about: 'dns'; names: readonly string[]; answer: 'not-found' | 'timeout' | 'wrong' };
    }
  /** Stopped, and not started again until reverted. */
  | { kind: 'down'; instances: readonly string[] }
  | {
      kind: 'network';
      component: string;
      color: Color;
      instances: readonly string[] | 'all';
      effect: NetworkEffect;
    }
  /** So many cores' worth of work where the instances run. `load` is 0..1 of each worker's core. */
  | { kind: 'cpu'; instances: readonly string[]; workers: number; load: number }
  /** So many bytes, or such a share (0..1) of what is available, are taken and touched where the instances run. */
  | { kind: 'memory'; instances: readonly string[]; bytes: number | undefined; share?: number | undefined }
  /** A file of so many bytes in the component's data folder, or so large that only `leaveBytes` stay free. */
  | { kind: 'disk-fill'; component: string; bytes: number | undefined; leaveBytes: number | undefined }
  /** Synchronous writes without a pause in the component's data folder. */
  | { kind: 'disk-slow'; component: string; workers: number };

export type DisturbanceKind = Disturbance['kind'];

/** One look at what a fault is aimed at, and at what it has done so far. */
export interface FaultReading {
  /** Milliseconds since 1970. */
  at: number;
  instances: readonly {
    id: string;
    status: Instance['status'];
    pid: number | undefined;
    /** Tells one process from a later one with the same id; undefined when there is none. */
    identity: string | undefined;
    process: 'running' | 'stopped' | 'gone';
    restarts: number;
  }[];
  /** Requests, connections or name look-ups that the fault has touched since it began; undefined: not counted for this kind. */
  touched: number | undefined;
  /** Bytes that passed under a `bandwidth` effect since it began. */
  passedBytes: number | undefined;
  /** CPU time that the fault has used since it began. */
  cpuMs: number | undefined;
  /** Resident memory that the fault holds. */
  memoryBytes: number | undefined;
  /** Memory that can be had where the instances run, whoever holds the rest. */
  memoryAvailableBytes: number | undefined;
  /** Bytes on disk that the fault holds. */
  diskBytes: number | undefined;
  /** Bytes that can still be written to the disk of the component's data folder. */
  diskFreeBytes: number | undefined;
  /** How long the last small synchronous write in the component's data folder took, from asking to durable. */
  syncWriteMs: number | undefined;
}

export interface ActiveFault {
  id: string;
  what: Disturbance;
  /** Milliseconds since 1970. */
  since: number;
  /** When it ends by itself. */
  until: number;
}

/** `gone`: there was nothing to undo any more; the target has looked. Both mean that no trace of the fault is left. */
export type Reverted = 'reverted' | 'gone';

/**
 * What a target offers to break things on purpose. Every fault has a dead-man timer of the target's own: it ends at
 * `ttlMs` also when nobody comes back, and when what watches it is killed as well.
 */
export interface FaultControl {
  readonly kinds: readonly DisturbanceKind[];
  /** Why it cannot be done here and now (a missing permission, too little memory); undefined: it can. Changes nothing. */
  obstacle(what: Disturbance): Promise<string | undefined>;
  /**
   * Resolves when the fault acts. The same id twice is one fault.
   * @throws UserError when it cannot be done; nothing is left of it then
   * @throws Fenced when a newer lease was given out
   */
  inject(request: { id: string; what: Disturbance; ttlMs: number; token: number }): Promise<void>;
  /** `id` undefined: only the instances are looked at (and `syncWriteMs`, for a component's data folder). */
  read(request: {
    id: string | undefined;
    instances: readonly string[];
    component: string;
  }): Promise<FaultReading>;
  /** Undoes it and resolves when the target has verified that nothing of it is left. Needs no lease: ending a fault is always allowed. */
  revert(id: string): Promise<Reverted>;
  active(): Promise<readonly ActiveFault[]>;
}

/** A command to run beside an instance: in its folder, with its environment. No shell reads it. */
export interface ExecRequest {
  instance: string;
  argv: readonly [string, ...string[]];
  timeoutMs: number;
  signal?: AbortSignal;
}

/** How it ended; the output is cut at 64 KiB each. */
export interface Executed {
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
  timedOut: boolean;
}
