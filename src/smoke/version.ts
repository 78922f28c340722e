import type { VersionCheck } from '../config/model.ts';
import { versionIn } from '../targets/version.ts';
import { type Attempt, checkKind } from './check.ts';
import { failureOf, peerOf } from './reach.ts';
import type { SmokeCheck } from './schema.ts';

/** Not one for cutover.yml: what a component's `version` says is checked before everything else. */
const versionKind = checkKind({
  kind: 'version',
  description: 'The component answers with the version that it should have.',
  entries: {},
  example: '',
  defaultTimeoutMs: 5_000,
  attempt: async (spec, context): Promise<Attempt> => {
    const check = spec as unknown as VersionCheck;
    const url = `${await context.aim.origin(context.component)}${check.http}`;
    try {
      const { platform, signal, timeoutMs } = context;
      const answer = await platform.http.send({ url, signal, timeoutMs: 2 * timeoutMs });
      context.reached.add(peerOf(url));
      return judgeVersion(check, answer, context.shown);
    } catch (error) {
      return failureOf(error, peerOf(url), context);
    }
  },
});

/** Purely: whether an answer tells the right version. */
export function judgeVersion(
  check: VersionCheck,
  { status, body }: { status: number; body: string },
  shown: (text: string) => string,
): Attempt {
  if (status >= 300) return { ok: false, finding: 'unhealthy', detail: `${check.http} answers ${status}` };
  const told = versionIn(body, check);
  if ('detail' in told) return { ok: false, finding: 'wrong-version', detail: told.detail };
  const { version } = told;
  if (version === check.equals) return { ok: true, detail: `version ${shown(version)}`, answer: { version } };
  const detail = `version ${shown(version)} answers, not ${check.equals}`;
  return {
    ok: false,
    finding: 'wrong-version',
    detail,
    next: 'look whether the release is running and the route leads to it: cutover status',
  };
}

/** One check a component that tells its version. */
export function versionChecks(versions: Readonly<Record<string, VersionCheck>>): SmokeCheck[] {
  return Object.entries(versions).map(([component, spec]) => ({
    name: `version of ${component}`,
    kind: versionKind,
    component,
    withinMs: undefined,
    timeoutMs: 5_000,
    retryForMs: 5_000,
    everyMs: 250,
    needs: [],
    on: 'both',
    spec,
  }));
}
