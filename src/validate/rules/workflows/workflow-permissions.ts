import type { Path } from '../../document.ts';
import { editOf } from '../../fix/mapping-edits.ts';
import type { Reporter, Rule } from '../../rule.ts';
import { permissionsEdit } from '../../workflows/edits.ts';
import { at, atKey, named, type Workflow, workflowsOf } from '../../workflows/model.ts';

export const workflowPermissions: Rule = {
  id: 'workflow-permissions',
  severity: 'warning',
  layer: 'policy',
  title: 'Jobs ask for the permissions they need',
  why: 'Without `permissions` a job gets whatever the organisation gives by default, often write access to code, releases and packages: one bad dependency of a build is then enough to change the repository.',
  fix: 'Write `permissions: {}` at the top of the workflow and grant each job what it needs, such as `contents: read`.',
  source: 'https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions',
  check(workspace, report) {
    for (const workflow of workflowsOf(workspace)) {
      const { value } = workflow.file;
      checkAll(workflow, value['permissions'], ['permissions'], report);
      for (const job of workflow.jobs.values()) {
        const granted = job.value['permissions'];
        checkAll(workflow, granted, [...job.path, 'permissions'], report);
        if (granted !== undefined || value['permissions'] !== undefined) continue;
        report.find(
          atKey(workflow, job.path),
          `${named(job)} has no permissions, and neither has the workflow; its token gets the default, which may be write access`,
          editOf(permissionsEdit(workflow)),
        );
      }
    }
  },
};

function checkAll(workflow: Workflow, granted: unknown, path: Path, report: Reporter): void {
  if (granted !== 'write-all') return;
  report.find(
    at(workflow, path),
    '"write-all" lets the token change everything; name the scopes that are needed',
    {
      severity: 'error',
    },
  );
}
