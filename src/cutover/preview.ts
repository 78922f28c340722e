import type { Ending, Run } from './context.ts';
import { type Move, readOperation } from './operation.ts';
import { planMoves } from './plan.ts';
import { refuse } from './refuse.ts';
import { decideResumption } from './resume.ts';

/** Says what `apply` would do, step by step. Writes nothing. */
export async function preview(run: Run): Promise<Ending> {
  const { release, target } = run.request;
  if (!release) throw new Error('mode plan needs a release');
  const inventory = await target.inspect();
  const left = await readOperation(target.journal);
  if (left) {
    const next = decideResumption(left, inventory);
    planned(run, 'reconcile', `${next.do} ${left.release.version}: ${next.reason}`);
  }
  const refusal = await refuse(run, inventory, release);
  if (refusal) return refusal;
  const { moves, reasons } = planMoves(inventory, release, await run.request.componentsFor(release));
  const { version } = release;
  if (moves.length === 0)
    return { verdict: 'passed', result: 'unchanged', reason: `${version} is live already` };
  for (const move of moves) planMove(run, move, reasons[move.component] ?? '');
  for (const { name } of run.request.proofs.standby) planned(run, name, 'shown before it takes traffic');
  for (const { name } of run.request.proofs.live) planned(run, name, 'shown again on the live route');
  planWatch(run);
  return { verdict: 'passed', result: 'ready', reason: `${version} can go live; nothing was written` };
}

function planMove(run: Run, { component, from, to }: Move, reason: string): void {
  planned(run, 'prepare', reason, component);
  planned(run, 'preflight', `${to} is looked at before it takes traffic`, component);
  const takeover = from === undefined ? `${to} is the first to go live` : `${to} takes over from ${from}`;
  planned(run, 'switch', takeover, component);
  planned(run, 'verify', `every new request must reach ${to}`, component);
}

function planWatch(run: Run): void {
  const { bake, keepOld, traffic } = run.request.settings;
  planned(run, 'bake', `${bake / 1000} s under watch, ${traffic.rate} requests/s to ${traffic.path}`);
  planned(run, 'retire', `the old colour drains and stays warm for ${keepOld / 1000} s`);
}

function planned(run: Run, step: string, reason: string, component?: string): void {
  run.steps.pass({ step, reason, ...(component === undefined ? {} : { component }) }, 'planned');
}
