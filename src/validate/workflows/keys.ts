/**
 * The keys of a workflow file, from
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax; events from
 * https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows.
 */
const words = (text: string): readonly string[] => text.split(' ');

export const workflowKeys = words('name run-name on permissions env defaults concurrency jobs');

export const jobKeys = words(
  'name permissions needs if runs-on snapshot environment concurrency outputs env defaults steps timeout-minutes strategy ' +
    'continue-on-error container services uses with secrets',
);

/** What a job that calls a reusable workflow may have. */
export const callKeys = words('name uses with secrets strategy needs if concurrency permissions');

export const stepKeys = words(
  'id if name uses run working-directory shell with env continue-on-error timeout-minutes',
);

export const strategyKeys = words('matrix fail-fast max-parallel');
export const concurrencyKeys = words('group cancel-in-progress queue');
export const environmentKeys = words('name url deployment');

/** Of a job's container; services have the same and two more. */
export const containerKeys = words('image credentials env ports volumes options');
export const serviceKeys = [...containerKeys, 'command', 'entrypoint'];

export const permissionKeys = words(
  'actions artifact-metadata attestations checks contents deployments discussions id-token issues models packages pages ' +
    'pull-requests repository-projects security-events statuses',
);

export const eventNames = words(
  'branch_protection_rule check_run check_suite create delete deployment deployment_status discussion discussion_comment fork ' +
    'gollum image_version issue_comment issues label merge_group milestone page_build project project_card project_column public ' +
    'pull_request pull_request_review pull_request_review_comment pull_request_target push registry_package release ' +
    'repository_dispatch schedule status watch workflow_call workflow_dispatch workflow_run',
);

export const contextNames = words(
  'github env vars job jobs steps runner secrets strategy matrix needs inputs',
);

/** Case does not matter in them. */
export const functionNames = words(
  'contains startsWith endsWith format join toJSON fromJSON hashFiles success failure always cancelled case',
);
