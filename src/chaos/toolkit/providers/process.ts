import { join } from 'node:path';
import { messageOf } from '../../../platform/errors.ts';
import type { Ran } from '../../../platform/processes.ts';
import { ActivityFailed, type Deed, type Doing } from '../deed.ts';
import type { Form } from '../form.ts';
import { aloneIn, asText, fill } from '../substitute.ts';
import { shown } from '../tolerance/within.ts';
import { wordsIn } from './words.ts';

/** Chaos Toolkit itself waits for ever. */
const defaultTimeoutMs = 3_600_000;

/** A program, without a shell; its output has `status` (the exit code), `stdout` and `stderr`. */
export function readProcess(provider: Form): Deed | undefined {
  const path = provider.needText('path');
  const args = argumentsIn(provider);
  const timeoutMs = (provider.amount('timeout') ?? defaultTimeoutMs / 1_000) * 1_000;
  if (path === undefined || args === undefined) return undefined;
  return {
    kind: 'process',
    what: [path, ...args].join(' '),
    act: (doing) => run({ path, args, timeoutMs }, doing),
    failure: (output) => failureOf(output),
  };
}

function argumentsIn(provider: Form): readonly string[] | undefined {
  const form = provider.at('arguments');
  if (!form) return [];
  const { value } = form;
  if (typeof value === 'string') return split(form, value);
  const filled = form.filled;
  if (Array.isArray(filled)) return listed(filled);
  if (form.isMapping) return listed(Object.entries(filled as object).flat());
  return [asText(filled)];
}

/** A text would be read by a shell there. */
function split(form: Form, line: string): readonly string[] | undefined {
  const alone = aloneIn(line);
  const given = alone === undefined ? line : fill(line, form.values);
  if (Array.isArray(given)) return listed(given);
  const words = wordsIn(asText(given), form.values);
  if ('words' in words) return words.words;
  return form.refuse(
    `no shell is used, and ${words.problem}`,
    'a list of arguments, or a text without what a shell would act on',
  );
}

const listed = (items: readonly unknown[]): readonly string[] =>
  items.filter((item) => item !== null && item !== '').map(asText);

interface Command {
  path: string;
  args: readonly string[];
  timeoutMs: number;
}

async function run({ path, args, timeoutMs }: Command, { session, signal, value }: Doing): Promise<unknown> {
  const { clock, env, processes } = session.request.platform;
  const program = path.startsWith('~/') ? join(env('HOME') ?? '/', path.slice(2)) : path;
  const judged =
    value === undefined ? [] : ['value', typeof value === 'string' ? value : JSON.stringify(value)];
  const began = clock.monotonic();
  try {
    const ran = await processes.run([program, ...args, ...judged], { timeoutMs, signal });
    return outputOf(ran, { ms: clock.monotonic() - began, timeoutMs });
  } catch (error) {
    throw error instanceof ActivityFailed ? error : new ActivityFailed(`${path}: ${messageOf(error)}`);
  }
}

const signalNumbers: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGTERM: 15,
};

/** A program that a signal has ended has that signal, negative, for its status, as Python has it. */
function outputOf(
  { code, signal, stdout, stderr }: Ran,
  { ms, timeoutMs }: { ms: number; timeoutMs: number },
) {
  if (signal === 'SIGKILL' && ms >= timeoutMs) {
    throw new ActivityFailed(`not over after ${timeoutMs / 1_000} s, and ended`);
  }
  return { status: code ?? -(signalNumbers[signal ?? ''] ?? 1), stdout, stderr };
}

function failureOf(output: unknown): string | undefined {
  const { status, stderr } = output as { status: number; stderr: string };
  const told = stderr.trim() === '' ? '' : `: ${shown(stderr.trim())}`;
  return status === 0 ? undefined : `exit code ${status}${told}`;
}
