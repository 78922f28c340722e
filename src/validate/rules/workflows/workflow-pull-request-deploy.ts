import type { Rule } from '../../rule.ts';
import { type Deployment, deploymentsOf } from '../../workflows/deploys.ts';
import { conditionOf, referencesIn } from '../../workflows/expression/embedded.ts';
import { atIndex, type Job, named, type Workflow, workflowsOf } from '../../workflows/model.ts';
import { closureOf } from '../../workflows/needs.ts';
import { canRunOn } from '../../workflows/reach/never-runs.ts';
import { typesOf } from '../../workflows/reach/triggers.ts';

export const workflowPullRequestDeploy: Rule = {
  id: 'workflow-pull-request-deploy',
  severity: 'error',
  layer: 'policy',
  title: 'Pull requests neither push nor deploy',
  why: 'A pull request is a proposal: a job that pushes an image or deploys from it puts code into production that nobody has reviewed.',
  fix: "Keep the job or step for what is merged: `if: github.event_name != 'pull_request'`, or `push: ${{ github.event_name != 'pull_request' }}` for an image.",
  source:
    'https://docs.github.com/en/actions/how-tos/deploy/configure-and-manage-deployments/control-deployments',
  check(workspace, report) {
    for (const workflow of workflowsOf(workspace)) {
      const events = ['pull_request', 'pull_request_target'].filter((event) => workflow.events.has(event));
      for (const job of events.length > 0 ? workflow.jobs.values() : []) {
        for (const deployment of deploymentsOf(job)) {
          const event = events.find(
            (name) => !cleansUp(workflow, name, deployment) && happensOn(name, workflow, job, deployment),
          );
          if (event === undefined) continue;
          const message = `${named(job)} ${deployment.does} on ${event}; exclude it with an if, such as github.event_name != '${event}'`;
          report.find(atIndex(workflow, deployment.path, deployment.index), message);
        }
      }
    }
  },
};

/** What was made for a pull request is removed when that is closed. */
function cleansUp({ events }: Workflow, event: string, { does }: Deployment): boolean {
  const types = typesOf({ event, filter: events.get(event) ?? {} });
  return types?.length === 1 && types[0] === 'closed' && / (?:delete|destroy|scale)"$/.test(does);
}

/** Contexts that can hold a decision made elsewhere. */
const decidedElsewhere =
  /^(?:steps|needs\..+\.outputs|vars|env|inputs|github\.event\.inputs|matrix)\b|^github\.event\.(?:pull_request\.(?:merged|labels)|label)\b|head\.repo\b/;

function happensOn(event: string, workflow: Workflow, job: Job, { conditions }: Deployment): boolean {
  const ofJobs = closureOf(workflow, job).flatMap(({ value }) => conditionOf(value['if']) ?? []);
  const references = [...ofJobs, ...conditions].flatMap(referencesIn);
  return (
    !references.some((name) => decidedElsewhere.test(name)) && canRunOn(workflow, job, event, conditions)
  );
}
