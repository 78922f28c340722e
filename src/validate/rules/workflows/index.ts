import type { Rule } from '../../rule.ts';
import { workflowCron } from './workflow-cron.ts';
import { workflowDeployCancel } from './workflow-deploy-cancel.ts';
import { workflowExpressionSyntax } from './workflow-expression-syntax.ts';
import { workflowJobNeverRuns } from './workflow-job-never-runs.ts';
import { workflowMatrixReference } from './workflow-matrix-reference.ts';
import { workflowMissingFile } from './workflow-missing-file.ts';
import { workflowNeeds } from './workflow-needs.ts';
import { workflowPermissions } from './workflow-permissions.ts';
import { workflowPersistCredentials } from './workflow-persist-credentials.ts';
import { workflowPinnedActions } from './workflow-pinned-actions.ts';
import { workflowPlainSecret } from './workflow-plain-secret.ts';
import { workflowPullRequestDeploy } from './workflow-pull-request-deploy.ts';
import { workflowReusableCall } from './workflow-reusable-call.ts';
import { workflowRunsOn } from './workflow-runs-on.ts';
import { workflowScannedImage } from './workflow-scanned-image.ts';
import { workflowSelfHostedRunner } from './workflow-self-hosted-runner.ts';
import { workflowStep } from './workflow-step.ts';
import { workflowTimeout } from './workflow-timeout.ts';
import { workflowUndefinedOutput } from './workflow-undefined-output.ts';
import { workflowUnknownKey } from './workflow-unknown-key.ts';
import { workflowUntrustedCheckout } from './workflow-untrusted-checkout.ts';
import { workflowUntrustedInput } from './workflow-untrusted-input.ts';

export const workflowsRules: readonly Rule[] = [
  workflowCron,
  workflowDeployCancel,
  workflowExpressionSyntax,
  workflowJobNeverRuns,
  workflowMatrixReference,
  workflowMissingFile,
  workflowNeeds,
  workflowPermissions,
  workflowPersistCredentials,
  workflowPinnedActions,
  workflowPlainSecret,
  workflowPullRequestDeploy,
  workflowReusableCall,
  workflowRunsOn,
  workflowScannedImage,
  workflowSelfHostedRunner,
  workflowStep,
  workflowTimeout,
  workflowUndefinedOutput,
  workflowUnknownKey,
  workflowUntrustedCheckout,
  workflowUntrustedInput,
];
