import { mappingOf } from '../../document.ts';
import type { Rule } from '../../rule.ts';
import { conditionOf, referencesIn } from '../../workflows/expression/embedded.ts';
import {
  at,
  type Job,
  named,
  namesIn,
  proposalEvents,
  type Workflow,
  workflowsOf,
} from '../../workflows/model.ts';
import { closureOf } from '../../workflows/needs.ts';
import { canRunOn } from '../../workflows/reach/never-runs.ts';

export const workflowSelfHostedRunner: Rule = {
  id: 'workflow-self-hosted-runner',
  severity: 'warning',
  layer: 'policy',
  title: 'Pull requests of forks do not run on our own machines',
  why: 'A fork decides what its pull request runs: on a self-hosted runner that is code of strangers inside the network, on a machine that keeps what they leave behind for the next deployment.',
  fix: 'Use a GitHub-hosted runner for pull requests, or `if: github.event.pull_request.head.repo.full_name == github.repository`.',
  source:
    'https://docs.github.com/en/actions/reference/security/secure-use#hardening-for-self-hosted-runners',
  check(workspace, report) {
    for (const workflow of workflowsOf(workspace)) {
      const events = [...workflow.events.keys()].filter((event) => proposalEvents.has(event));
      for (const job of events.length > 0 ? workflow.jobs.values() : []) {
        const labels = namesIn(mappingOf(job.value['runs-on'])?.['labels'] ?? job.value['runs-on']);
        if (!labels.some((label) => label.toLowerCase() === 'self-hosted') || asksForFork(workflow, job))
          continue;
        const event = events.find((name) => canRunOn(workflow, job, name));
        if (event === undefined) continue;
        report.find(
          at(workflow, [...job.path, 'runs-on']),
          `${named(job)} runs code of any fork on a self-hosted runner (${event})`,
        );
      }
    }
  },
};

/** Whether a condition looks at where the pull request comes from or who opened it. */
function asksForFork(workflow: Workflow, job: Job): boolean {
  const conditions = closureOf(workflow, job).flatMap(({ value }) => conditionOf(value['if']) ?? []);
  return conditions
    .flatMap(referencesIn)
    .some((name) => /\.head\.(?:repo|user)\b|author_association|github\.(?:triggering_)?actor\b/.test(name));
}
