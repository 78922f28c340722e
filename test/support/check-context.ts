import * as v from 'valibot';
import { section } from '../../src/config/schema/leaf.ts';
import { systemPlatform } from '../../src/platform/platform.ts';
import type { AnyCheckKind, Attempt, CheckContext } from '../../src/smoke/check.ts';
import { Reached, TimeUp } from '../../src/smoke/reach.ts';

/** Reads the keys of a check as cutover.yml has them. @throws with the first problem */
export function specOf(kind: AnyCheckKind, written: Record<string, unknown>): unknown {
  const result = v.safeParse(section(kind.description, kind.entries) as v.GenericSchema, written);
  if (!result.success) throw new Error(result.issues[0].message);
  return result.output;
}

export interface TryOptions {
  timeoutMs?: number;
  /** Aborted: the run was cancelled. */
  cancel?: AbortSignal;
  folder?: string;
  origin?: string;
  platform?: Partial<CheckContext['platform']>;
  reached?: Reached;
}

/** One attempt of a check in the real world, as the engine makes it. */
export async function tryCheck(
  kind: AnyCheckKind,
  written: Record<string, unknown>,
  options: TryOptions = {},
): Promise<Attempt> {
  const spec = specOf(kind, written);
  const timeoutMs = options.timeoutMs ?? 10_000;
  const time = new AbortController();
  const timer = setTimeout(() => time.abort(new TimeUp(timeoutMs)), timeoutMs);
  const signal = AbortSignal.any([time.signal, ...(options.cancel ? [options.cancel] : [])]);
  try {
    return await kind.attempt(spec, contextWith({ ...options, timeoutMs, signal }));
  } finally {
    clearTimeout(timer);
  }
}

function contextWith(options: TryOptions & { timeoutMs: number; signal: AbortSignal }): CheckContext {
  const { timeoutMs, signal, folder = '/nowhere', origin, platform, reached = new Reached() } = options;
  return {
    platform: { ...systemPlatform(() => {}), ...platform },
    aim: {
      what: 'url',
      label: 'test',
      component: undefined,
      origin: async () => origin ?? 'http://127.0.0.1:1',
      versions: {},
      instances: async () => [],
      exec: undefined,
      color: undefined,
    },
    component: undefined,
    signal,
    timeoutMs,
    reached,
    shown: (text) => text.replace(/\s+/g, ' ').slice(0, 300),
    startMeter: () => Promise.reject(new Error('no meter here')),
    folder,
  };
}
