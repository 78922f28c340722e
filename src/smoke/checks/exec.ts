import * as v from 'valibot';
import { text, wholeNumber } from '../../config/schema/fields.ts';
import { listOf } from '../../config/schema/leaf.ts';
import { regularExpression } from '../../config/schema/regular-expression.ts';
import { UserError } from '../../platform/errors.ts';
import type { Executed } from '../../targets/fault.ts';
import type { Instance } from '../../targets/target.ts';
import { type Attempt, type CheckContext, checkKind } from '../check.ts';
import { jsonIn } from '../json-expectations.ts';

interface Expected {
  exit: number;
  matches: string | undefined;
}

/** A command in an instance. */
export const exec = checkKind({
  kind: 'exec',
  description: 'Runs a command in one instance of the component, in its folder and with its environment.',
  entries: {
    exec: listOf(
      'Program and arguments; no shell reads them. No secrets here: other processes can see arguments.',
      'a list of the program and its arguments, such as [node, migrated.js]',
      text('Program or argument.'),
    ),
    exit: v.optional(wholeNumber('Exit code that is right.', [0, 255]), 0),
    matches: v.optional(
      regularExpression('Regular expression that its standard output must match; ^ and $ are not implied.'),
    ),
  },
  defaultTimeoutMs: 10_000,
  example: `
- name: migrated
  exec: [node, migrations.js, --pending]
  matches: '^0 pending'`,
  attempt: async (spec, context): Promise<Attempt> => {
    const { aim, component, signal, timeoutMs, platform } = context;
    if (!aim.exec) return impossible(`${aim.label} has no instances that commands can be run in`);
    const instance = chosen(await aim.instances(component));
    if (!instance)
      return { ok: false, finding: 'unhealthy', detail: `${aim.label} has no instance of ${component}` };
    const startedMs = platform.clock.monotonic();
    try {
      const ran = await aim.exec({ instance: instance.id, argv: spec.exec, timeoutMs, signal });
      const wrong = execObjection(ran, spec, context);
      if (wrong !== undefined)
        return { ok: false, finding: 'unhealthy', detail: `${wrong} in ${instance.id}` };
      const ms = platform.clock.monotonic() - startedMs;
      const detail = `exit ${ran.code} in ${instance.id} after ${Math.round(ms)} ms`;
      return { ok: true, detail, answer: answerOf(ran), ms };
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof UserError) return impossible(error.message, error.next);
      throw error;
    }
  },
});

/** It says nothing about the release that a command cannot be run. */
function impossible(detail: string, next = 'run this check against a target that has instances'): Attempt {
  return { ok: false, finding: 'unreachable-from-here', detail, next };
}

/** A ready one; where there is none, one that may tell why. */
function chosen(instances: readonly Instance[]): Instance | undefined {
  return instances.find(({ status }) => status === 'ready') ?? instances[0];
}

/** Purely: what is wrong with how a command ended; undefined: nothing. */
export function execObjection(
  { code, signal, stdout, stderr, timedOut }: Executed,
  { exit, matches }: Expected,
  { shown, timeoutMs }: Pick<CheckContext, 'shown' | 'timeoutMs'>,
): string | undefined {
  if (timedOut) return `had not ended after ${timeoutMs} ms`;
  if (code !== exit) {
    const said = (stderr.trim() || stdout.trim()).split('\n').at(-1) ?? '';
    const ended = code === null ? `ended by ${signal}` : `exit ${code}`;
    return `${ended}, expected exit ${exit}${said === '' ? '' : `: ${shown(said)}`}`;
  }
  // So that $ is the end of what is printed, not of the line end after it.
  const printed = stdout.replace(/\r?\n$/, '');
  if (matches === undefined || new RegExp(matches, 'u').test(printed)) return undefined;
  return `prints ${JSON.stringify(shown(stdout))}, expected a match of ${shown(matches)}`;
}

function answerOf({ code, stdout, stderr }: Executed): unknown {
  const json = jsonIn(stdout);
  return { code, stdout: json ? json.value : stdout.trim(), stderr: stderr.trim() };
}
