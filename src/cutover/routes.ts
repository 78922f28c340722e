import { messageOf } from '../platform/errors.ts';
import type { SwitchRecord } from '../report/record.ts';
import type { Color, Route } from '../targets/target.ts';
import type { Run } from './context.ts';
import type { Move, Operation } from './operation.ts';

/** One route write: where to, why, and what the record calls it. */
interface Write {
  component: string;
  to: Color;
  kind: SwitchRecord['kind'];
  reason: string;
}

/** Writes a route by compare-and-set on the version just read. Nothing is written when it is there already. */
async function writeRoute(run: Run, write: Write): Promise<void> {
  const { component, to, kind, reason } = write;
  const route = run.target.route(component);
  await run.steps.take({ step: kind, component, reason }, async () => {
    const before = await route.read();
    if (before.live === to) return;
    if (kind === 'switch') run.check();
    const asked = run.request.platform.clock.monotonic();
    const after = await route.switchTo(to, { expecting: before.version, token: run.token });
    const writeMs = run.request.platform.clock.monotonic() - asked;
    run.switches.push({
      component,
      from: before.live,
      to,
      kind,
      at: after.at,
      routeVersion: after.version,
      writeMs,
    });
  });
}

/** Waits until the data plane follows and completes the switch's record with what was measured. */
async function verifyRoute(run: Run, write: Write, signal: AbortSignal): Promise<void> {
  const { component, to, kind } = write;
  const route: Route = run.target.route(component);
  await run.steps.take(
    { step: 'verify', component, reason: `every new request must reach ${to}` },
    async () => {
      const seen = await route.verify(to, { signal });
      const index = run.switches.findLastIndex(
        (record) => record.component === component && record.kind === kind,
      );
      const record = run.switches[index];
      if (!record) return;
      run.switches[index] = {
        ...record,
        verifiedMs: seen.verifiedMs,
        ...(seen.firstNewMs === undefined ? {} : { firstNewMs: seen.firstNewMs }),
        ...(seen.lastOldMs === undefined ? {} : { lastOldMs: seen.lastOldMs }),
      };
    },
  );
}

/** Moves every route to its new colour, one write a component, then verifies all. Rejects at the first that fails. */
export async function switchAll(run: Run, moves: readonly Move[], signal: AbortSignal): Promise<void> {
  const asked = run.request.platform.clock.monotonic();
  const before = run.switches.length;
  const writes = moves.map(({ component, to, from }): Write => {
    const reason =
      from === undefined ? `${to} is the first to go live` : `${to} is ready, ${from} steps back`;
    return { component, to, kind: 'switch', reason };
  });
  for (const write of writes) {
    run.check();
    signal.throwIfAborted();
    await writeRoute(run, write);
  }
  await Promise.all(writes.map((write) => verifyRoute(run, write, signal)));
  if (run.switches.length > before) run.switchMs = run.request.platform.clock.monotonic() - asked;
}

/**
 * Takes every route back to the colour that was live before. A cancelled run still does this: the writes take
 * milliseconds, and half a switch is worse. Returns the components that could not go back.
 */
export async function switchBack(run: Run, operation: Operation): Promise<readonly string[]> {
  const stuck: string[] = [];
  for (const { component, from, to } of operation.moves) {
    const live = (await run.target.route(component).read()).live;
    if (live !== to) continue;
    if (from === undefined) {
      stuck.push(component);
      run.note('error', 'no-way-back', `${component} has no earlier colour to go back to; ${to} stays live`);
      continue;
    }
    const write: Write = { component, to: from, kind: 'rollback', reason: operation.reason };
    try {
      await writeRoute(run, write);
      await verifyRoute(run, write, AbortSignal.timeout(10_000));
    } catch (error) {
      if (error instanceof Error && error.name === 'Fenced') throw error;
      stuck.push(component);
      run.note('error', 'no-way-back', `${component} could not go back to ${from}: ${messageOf(error)}`);
    }
  }
  return stuck;
}
