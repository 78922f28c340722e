import type { Connection } from './connection.ts';
import type { OpenWindow } from './open-windows.ts';
import type { FailureKind } from './report.ts';
import type { Section } from './tally.ts';

/** One request and what became of it. Times are milliseconds since the meter's start. */
export interface Exchange {
  /** From 1. */
  readonly n: number;
  /** When it was due; latency and the timeout count from here. */
  readonly dueMs: number;
  readonly section: Section;
  readonly window: OpenWindow;
  /** The connection that carries it; undefined while it waits for one. */
  connection: Connection | undefined;
  settled: boolean;
}

/** Why an exchange failed. */
export interface Problem {
  kind: FailureKind;
  detail: string;
}
