import type { Component } from '../config/model.ts';
import { UserError } from '../platform/errors.ts';
import type { Release, Retired } from '../targets/target.ts';
import { componentsOf, type Run } from './context.ts';
import { releaseOf } from './history.ts';
import { clearOperation, type Move, type Operation, type Phase, writeOperation } from './operation.ts';
import { PreflightFailed, proveStandby } from './proofs.ts';

type Components = Readonly<Record<string, Component>>;

/** Journals what is about to be done. Nothing is mutated before this has resolved. */
export async function enter(run: Run, operation: Operation, phase: Phase): Promise<void> {
  run.check();
  operation.phase = phase;
  await writeOperation(run.target.journal, operation, run.token);
}

/** Brings the standby colour of every component up. */
export async function prepare(run: Run, operation: Operation): Promise<void> {
  const components = await componentsOf(run, operation);
  const release = releaseOf(operation.release);
  await Promise.all(
    operation.moves.map((move) => {
      const reason = `${move.to} comes up with ${release.version}, ${move.instances} of ${move.instances} must be ready`;
      return run.steps.take({ step: 'prepare', component: move.component, reason }, () =>
        prepareOne(run, move, { component: pick(components, move.component), release }),
      );
    }),
  );
}

async function prepareOne(
  run: Run,
  move: Move,
  { component, release }: { component: Component; release: Release },
): Promise<void> {
  run.check();
  await run.target.prepare({
    component,
    color: move.to,
    release,
    instances: move.instances,
    token: run.token,
    signal: run.signal,
    onProgress: (done, total, text) =>
      run.request.platform.emit({ type: 'progress', step: `prepare ${move.component}`, done, total, text }),
  });
}

/** The last look before traffic moves: every instance still ready, and what has to be proven on standby. */
export async function preflight(run: Run, operation: Operation): Promise<void> {
  await allReady(run, operation);
  if (run.request.proofs.standby.length === 0) return;
  await proveStandby(run, operation);
  // Chaos may have been among them: what goes live is what stands there now.
  await allReady(run, operation);
}

async function allReady(run: Run, operation: Operation): Promise<void> {
  for (const { component, to } of operation.moves) {
    await run.steps.take(
      { step: 'preflight', component, reason: `${to} is looked at before it takes traffic` },
      async () => {
        run.check();
        const instances = await run.target.instances(component, to);
        const bad = instances.find(({ status }) => status !== 'ready');
        if (bad || instances.length === 0) {
          throw new PreflightFailed(
            bad ? `${bad.id} is ${bad.status}: ${bad.detail ?? ''}` : `no instance of ${to} runs`,
          );
        }
      },
    );
  }
}

/** Drains the colours that stepped back; they stay warm for `keep-old`. */
export async function retireOld(run: Run, operation: Operation): Promise<void> {
  const components = await componentsOf(run, operation);
  const { keepOld } = run.request.settings;
  await Promise.all(
    operation.moves.map(async ({ component, from }) => {
      if (from === undefined) return;
      const reason = `${from} finishes what it has, then stays warm for ${Math.round(keepOld / 1000)} s`;
      const retired = await run.steps.take({ step: 'retire', component, reason }, () =>
        retireOne(run, {
          component,
          color: from,
          drainMs: components[component]?.drain ?? 0,
          keepMs: keepOld,
        }),
      );
      run.residualOld += retired.residual;
      if (retired.keepUntil !== undefined) run.keptUntil[component] = retired.keepUntil;
    }),
  );
}

/** Stops the colours that were to go live and must not. What is live stays, whatever the operation says. */
export async function discardNew(run: Run, operation: Operation): Promise<void> {
  const components = await componentsOf(run, operation);
  await Promise.all(
    operation.moves.map(async ({ component, to }) => {
      if ((await run.target.route(component).read()).live === to) return;
      await run.steps.take({ step: 'discard', component, reason: `${to} does not serve` }, () =>
        retireOne(run, { component, color: to, drainMs: components[component]?.drain ?? 0, keepMs: 0 }),
      );
    }),
  );
}

function retireOne(
  run: Run,
  what: { component: string; color: 'blue' | 'green'; drainMs: number; keepMs: number },
): Promise<Retired> {
  run.check();
  return run.target.retire({
    ...what,
    quietMs: run.request.settings.quiet,
    token: run.token,
    signal: run.signal,
  });
}

/** The operation is over: the journal is empty again. */
export function close(run: Run): Promise<void> {
  return clearOperation(run.target.journal, run.token);
}

function pick(components: Components, name: string): Component {
  const component = components[name];
  if (component) return component;
  throw new UserError(`cutover.yml no longer has the component ${name}, which an unfinished run was moving`);
}
