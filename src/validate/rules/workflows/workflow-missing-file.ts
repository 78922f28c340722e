import type { Rule } from '../../rule.ts';
import { existingFaults } from '../../workflows/files.ts';
import { atIndex, workflowsOf } from '../../workflows/model.ts';

export const workflowMissingFile: Rule = {
  id: 'workflow-missing-file',
  severity: 'error',
  layer: 'cross-file',
  title: 'Files that a workflow names exist',
  why: 'A script, action or Dockerfile that was moved is only noticed when the job runs, and a rollback or deployment job runs when it is needed most.',
  fix: 'Correct the path, relative to the root of the repository or to `working-directory`.',
  source:
    'https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsrun',
  check(workspace, report) {
    for (const workflow of workflowsOf(workspace)) {
      for (const { path, index, message } of existingFaults(workspace, workflow))
        report.find(atIndex(workflow, path, index), message);
    }
  },
};
