import type { Rule } from '../../rule.ts';
import { at, atKey, type Job, named, namesIn, type Workflow, workflowsOf } from '../../workflows/model.ts';
import { neverRunning, type Reason } from '../../workflows/reach/never-runs.ts';

export const workflowJobNeverRuns: Rule = {
  id: 'workflow-job-never-runs',
  severity: 'error',
  layer: 'policy',
  title: 'Every job can run',
  why: 'A job whose `if` contradicts what it needs, or what starts the workflow, is skipped every time and the run is still green: the deployment, the rollback or the scan that everybody relies on never happens.',
  fix: 'Make the `if` agree with `on` and with the conditions of the jobs in `needs`; a job that shall react to a failure needs `failure()` or `always()` in its `if`.',
  source:
    'https://docs.github.com/en/actions/how-tos/write-workflows/choose-when-workflows-run/control-jobs-with-conditions',
  check(workspace, report) {
    for (const workflow of workflowsOf(workspace)) {
      for (const [job, reason] of neverRunning(workflow)) {
        const has = job.value['if'] !== undefined;
        const spot = has ? at(workflow, [...job.path, 'if']) : atKey(workflow, [...job.path, 'needs']);
        report.find(spot, `${named(job)} can never run: ${wording(workflow, job, reason)}`);
      }
    }
  },
};

function wording(workflow: Workflow, job: Job, reason: Reason): string {
  switch (reason.kind) {
    case 'contradiction':
      return asksShortRef(job)
        ? 'github.ref begins with refs/heads/ or refs/tags/; compare github.ref_name instead'
        : 'its condition contradicts itself';
    case 'triggers':
      return `its condition is false for all that starts the workflow (${triggersText(workflow)})`;
    case 'implied-success':
      return 'GitHub adds success() to a condition without a status function, so it asks for a result that is excluded; add always() or failure()';
    case 'failure-of-nothing':
      return 'failure() of a job without needs is always false';
    case 'needs': {
      const what =
        reason.need === undefined
          ? 'the jobs that it needs never succeed together'
          : `"${reason.need}", which it needs,`;
      if (reason.need === undefined) return `${what} when its condition is true`;
      const when =
        job.value['if'] === undefined
          ? 'in every run that it could run in'
          : 'whenever its condition is true';
      return `${what} is skipped ${when}`;
    }
  }
}

/** `push to main, schedule` */
function triggersText({ events }: Workflow): string {
  const texts = [...events].map(([event, filter]) => {
    const names = [...namesIn(filter['branches']), ...namesIn(filter['tags']).map((tag) => `tag ${tag}`)];
    const types = namesIn(filter['types']);
    if (names.length > 0) return `${event} to ${names.join(' or ')}`;
    return types.length > 0 ? `${event} ${types.join(' or ')}` : event;
  });
  return texts.join(', ');
}

/** `github.ref == 'main'` */
const asksShortRef = ({ value }: Job): boolean =>
  /\bgithub\.ref\s{0,9}==\s{0,9}'(?!refs\/)/.test(String(value['if']));
