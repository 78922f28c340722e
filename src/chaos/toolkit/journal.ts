import { arch, hostname, release, type } from 'node:os';
import type { Redact } from './redact.ts';

/**
 * The structure is that of this version of chaostoolkit-lib: its reporter chooses by it how to read a journal.
 * https://chaostoolkit.org/reference/api/journal/
 */
const structure = '1.44.0';

/** How one activity went. */
export interface RunEntry {
  activity: unknown;
  output: unknown;
  /** RFC 3339, UTC. */
  start: string;
  end: string;
  /** Seconds. */
  duration: number;
  status: 'succeeded' | 'failed';
  exception?: readonly string[];
  tolerance_met?: boolean;
}

export interface SteadyState {
  steady_state_met: boolean;
  probes: readonly RunEntry[];
}

export interface JournalParts {
  experiment: unknown;
  /** Milliseconds since 1970. */
  startedAt: number;
  endedAt: number;
  durationMs: number;
  status: 'completed' | 'failed' | 'aborted' | 'interrupted';
  before: SteadyState | undefined;
  after: SteadyState | undefined;
  run: readonly RunEntry[];
  rollbacks: readonly RunEntry[];
}

/** A journal as Chaos Toolkit writes it, without secrets. */
export function journalOf(parts: JournalParts, redact: Redact): unknown {
  const { experiment, before, after, run, rollbacks, status } = parts;
  return {
    'chaoslib-version': structure,
    platform: `${type()}-${release()}-${arch()}`,
    node: hostname(),
    experiment: redact(experiment),
    start: instantOf(parts.startedAt),
    status,
    deviated: after?.steady_state_met === false,
    steady_states: { before: redact(before ?? null), after: redact(after ?? null), during: [] },
    run: redact(run),
    rollbacks: redact(rollbacks),
    end: instantOf(parts.endedAt),
    duration: parts.durationMs / 1_000,
  };
}

/** As Python's isoformat writes a time in UTC. */
export const instantOf = (ms: number): string => new Date(ms).toISOString().replace('Z', '+00:00');
