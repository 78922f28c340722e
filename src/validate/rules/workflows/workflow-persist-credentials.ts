import { editOf } from '../../fix/mapping-edits.ts';
import type { Rule } from '../../rule.ts';
import { persistEdit } from '../../workflows/edits.ts';
import {
  actionOf,
  at,
  atKey,
  type Job,
  proposalEvents,
  type Step,
  workflowsOf,
} from '../../workflows/model.ts';
import { canRunOn } from '../../workflows/reach/never-runs.ts';

export const workflowPersistCredentials: Rule = {
  id: 'workflow-persist-credentials',
  severity: 'warning',
  layer: 'policy',
  title: 'The token is not left where code of a pull request can read it',
  why: 'actions/checkout leaves the token on disk for later git commands; build scripts and dependencies that a pull request changes can read it there, and artefacts may carry it out.',
  fix: 'Write `persist-credentials: false` under `with` of actions/checkout.',
  source: 'https://docs.zizmor.sh/audits/#artipacked',
  check(workspace, report) {
    for (const workflow of workflowsOf(workspace)) {
      const events = [...workflow.events.keys()].filter((event) => proposalEvents.has(event));
      for (const job of events.length > 0 ? workflow.jobs.values() : []) {
        const steps = keeping(job);
        const event = steps.length > 0 && events.find((name) => canRunOn(workflow, job, name));
        if (!event) continue;
        for (const step of steps) {
          const path = [...step.path, 'with', 'persist-credentials'];
          const said = step.with['persist-credentials'];
          const spot = said === undefined ? atKey(workflow, [...step.path, 'uses']) : at(workflow, path);
          report.find(
            spot,
            `the token stays on disk while code of a pull request runs (${event}); write persist-credentials: false`,
            // Where it is said to stay, somebody may want it.
            editOf(said === undefined ? persistEdit(workflow, job, step) : undefined),
          );
        }
      }
    }
  },
};

/** Checkouts that keep the token, where something is run after them that does not push itself. */
function keeping({ steps }: Job): readonly Step[] {
  const last = steps.findLastIndex(({ run }) => run !== undefined);
  const pushes = steps.some(({ run }) => /\bgit\b.{0,80}\bpush\b/.test(run ?? ''));
  if (pushes) return [];
  return steps.filter(
    (step, index) => index < last && actionOf(step) === 'actions/checkout' && keepsToken(step),
  );
}

function keepsToken(step: Step): boolean {
  const given = step.with['persist-credentials'];
  return given === undefined || given === true || given === 'true';
}
