import { listOf, mappingOf, textOf, valueAt } from '../../document.ts';
import { cronFault } from '../../kubernetes/schema/cron.ts';
import type { Rule } from '../../rule.ts';
import { at, workflowsOf } from '../../workflows/model.ts';

export const workflowCron: Rule = {
  id: 'workflow-cron',
  severity: 'error',
  layer: 'schema',
  title: 'Schedules are valid',
  why: 'A schedule that GitHub cannot read never starts the workflow; one that is too frequent is stretched to five minutes.',
  fix: 'Write five fields, minute hour day month weekday, in UTC: `cron: "17 4 * * 1-5"`.',
  source:
    'https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#schedule',
  check(workspace, report) {
    for (const workflow of workflowsOf(workspace)) {
      const schedules = listOf(valueAt(workflow.file.value, ['on', 'schedule']));
      for (const [index, item] of schedules.entries()) {
        const cron = textOf(mappingOf(item)?.['cron']);
        const path = ['on', 'schedule', index, 'cron'];
        if (cron === undefined) {
          report.find(at(workflow, path), 'the schedule has no cron text');
          continue;
        }
        const fault = faultOf(cron);
        if (fault !== undefined) report.find(at(workflow, path), `the schedule ${fault}`);
        else if (isTooFrequent(cron))
          report.find(
            at(workflow, path),
            `"${cron}" asks for more than one run in five minutes; GitHub starts at most that`,
            { severity: 'warning' },
          );
      }
    }
  },
};

/** GitHub reads POSIX cron: no `@daily`, no `?`. */
function faultOf(cron: string): string | undefined {
  if (cron.trim().startsWith('@'))
    return `"${cron}" is a descriptor, which GitHub does not know; write five fields`;
  const fault = cronFault(cron);
  return fault === undefined ? undefined : `has a fault: ${fault}`;
}

function isTooFrequent(cron: string): boolean {
  const minute = cron.trim().split(/\s+/)[0] ?? '';
  const step = /^\*(?:\/(\d+))?$/.exec(minute);
  return step !== null && Number(step[1] ?? 1) < 5;
}
