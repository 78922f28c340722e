import type { StoredProcess } from '../state.ts';

/** What a fault agent is started with, as one JSON argument: it holds paths and numbers, and never a secret. */
export interface AgentSpec {
  /** Of the fault. */
  id: string;
  stateFolder: string;
  /** The fault's own folder. Once it is gone the agent ends: nobody wants the fault any more. */
  workFolder: string;
  /** Milliseconds since 1970 at which it undoes what it did and ends, whoever else is alive. */
  until: number;
  task: AgentTask;
}

export type AgentTask =
  /** Freezes process groups, and lets them go on afterwards. */
  | { kind: 'pause'; processes: readonly StoredProcess[] }
  /** Does nothing but see to it that the fault is reverted in time, by a new supervisor if need be. */
  | { kind: 'watch' }
  | { kind: 'cpu'; workers: number; load: number }
  | { kind: 'memory'; bytes: number }
  | { kind: 'disk-fill'; file: string; bytes: number; ifFull: 'stop' | 'reject' }
  | { kind: 'disk-slow'; files: readonly string[] };

/** Why an agent ends. */
export type Ending = 'told' | 'time is over' | 'nobody wants it';

/** What an agent does for one task. */
export interface Work {
  /** Resolves when the fault acts. Rejects soon after the signal aborts. */
  begin(signal: AbortSignal): Promise<void>;
  /**
   * Takes it back, however far it came; resolves when nothing of it is left. Can be repeated. `told` aborts when the
   * supervisor takes care of it.
   */
  undo(ending: Ending, told: AbortSignal): Promise<void>;
}

/** One line that an agent prints, and that whoever started it waits for. */
export type AgentLine =
  /** First of all: who it is, so that it is found again. */
  | { says: 'started'; pid: number; identity: string | undefined }
  /** The fault acts. What the agent used until then for itself is not the fault's. */
  | { says: 'acts'; cpuMs: number; memoryBytes: number }
  | { says: 'failed'; reason: string };

export const agentLog = 'agent.log';

/** What an agent has said so far; half a line is left out. */
export function linesOf(text: string): AgentLine[] {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  return whole.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as AgentLine);
}
