import type { HealthCheck, VersionCheck } from '../../../config/model.ts';
import { codeOf, messageOf } from '../../../platform/errors.ts';
import type { Http } from '../../../platform/http.ts';
import { versionIn } from '../../version.ts';

/** One answer to a health check, or none. */
export type Reading =
  | { kind: 'good' }
  | { kind: 'bad'; detail: string }
  /** Refused, reset or too late: the instance may not listen yet. */
  | { kind: 'no-answer'; detail: string };

export async function readHealth(http: Http, origin: string, check: HealthCheck): Promise<Reading> {
  try {
    const answer = await http.send({ url: `${origin}${check.http}`, timeoutMs: check.timeout });
    if (answer.status >= 200 && answer.status < 300) return { kind: 'good' };
    return { kind: 'bad', detail: `${check.http} answers ${answer.status}` };
  } catch (error) {
    return { kind: 'no-answer', detail: `${check.http}: ${describe(error)}` };
  }
}

/** What an instance says its version is; undefined with a detail where it says nothing usable. */
export async function readVersion(
  http: Http,
  origin: string,
  check: VersionCheck & { timeout: number },
): Promise<{ version: string } | { detail: string }> {
  try {
    const answer = await http.send({ url: `${origin}${check.http}`, timeoutMs: check.timeout });
    if (answer.status < 200 || answer.status >= 300) {
      return { detail: `${check.http} answers ${answer.status}` };
    }
    return versionIn(answer.body, check);
  } catch (error) {
    return { detail: `${check.http}: ${describe(error)}` };
  }
}

function describe(error: unknown): string {
  switch (codeOf(error)) {
    case 'ECONNREFUSED':
      return 'connection refused';
    case 'ECONNRESET':
      return 'connection reset';
    default:
      return messageOf(error);
  }
}

/** Answers in a row, and what follows from them. */
export interface Streak {
  good: number;
  bad: number;
}

export const noStreak: Streak = { good: 0, bad: 0 };

export function extended(streak: Streak, reading: Reading): Streak {
  return reading.kind === 'good' ? { good: streak.good + 1, bad: 0 } : { good: 0, bad: streak.bad + 1 };
}
