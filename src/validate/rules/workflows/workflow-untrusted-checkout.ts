import type { Rule } from '../../rule.ts';
import { conditionOf, referencesIn } from '../../workflows/expression/embedded.ts';
import { actionOf, at, type Job, type Step, type Workflow, workflowsOf } from '../../workflows/model.ts';
import { closureOf } from '../../workflows/needs.ts';
import { canRunOn } from '../../workflows/reach/never-runs.ts';
import { namesHead } from '../../workflows/untrusted.ts';

export const workflowUntrustedCheckout: Rule = {
  id: 'workflow-untrusted-checkout',
  severity: 'error',
  layer: 'policy',
  title: 'Privileged events do not check out the code of a pull request',
  why: 'Workflows on `pull_request_target`, `workflow_run` and `issue_comment` have the secrets and a token that may write; building the code of a pull request there hands them to whoever opened it.',
  fix: 'Build pull requests on `pull_request`, which has no secrets, and let the privileged workflow only use its results.',
  source: 'https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/',
  check(workspace, report) {
    for (const workflow of workflowsOf(workspace)) {
      const events = privileged.filter((event) => workflow.events.has(event));
      for (const job of events.length > 0 ? workflow.jobs.values() : []) {
        for (const step of job.steps) {
          const key = checksOutHead(step);
          const event = key && events.find((name) => runsOn(name, workflow, job, step));
          if (!key || event === undefined) continue;
          report.find(
            at(workflow, [...step.path, ...key]),
            `the code of a pull request is checked out on ${event}, which has secrets and a token that may write`,
          );
        }
      }
    }
  },
};

const privileged = ['pull_request_target', 'workflow_run', 'issue_comment'] as const;

/**
 * A condition on who opened the pull request or on whose repository it comes from; `github.actor` is none of them: it is who
 * caused the event, such as a maintainer who set a label.
 */
const author =
  /^github\.event\.(?:pull_request\.(?:user\.login|author_association|head\.repo\b)|comment\.(?:user\.login|author_association)|issue\.author_association|workflow_run\.head_repository\b)/;

function checksOutHead(step: Step): readonly string[] | undefined {
  if (actionOf(step) === 'actions/checkout')
    return ['ref', 'repository']
      .map((key) => ['with', key])
      .find(([, key]) => namesHead(headText(step, key)));
  return /\bgh pr checkout\b|\bgit fetch\b.{0,200}\bpull\//.test(step.run ?? '') ? ['run'] : undefined;
}

function headText(step: Step, key: string | undefined): string {
  const value = key === undefined ? undefined : step.with[key];
  if (typeof value !== 'string') return '';
  return key === 'repository' && value.includes('head.repo') ? 'github.head_ref' : value;
}

function runsOn(event: string, workflow: Workflow, job: Job, step: Step): boolean {
  const own = step.value['if'] === undefined ? undefined : conditionOf(step.value['if']);
  const conditions = own ? [own] : [];
  const ofJobs = closureOf(workflow, job).flatMap(({ value }) => conditionOf(value['if']) ?? []);
  if ([...ofJobs, ...conditions].flatMap(referencesIn).some((name) => author.test(name))) return false;
  return canRunOn(workflow, job, event, conditions);
}
