import type { Edit } from '../finding.ts';
import { lineWith } from '../fix/lines.ts';
import { lineEnd, withKey } from '../fix/mapping-edits.ts';
import { actionOf, type Job, type Step, stepsOf, type Workflow } from './model.ts';

/** Actions that read the repository at most, whatever they are told. */
const reading =
  /^(?:actions\/(?:checkout|cache|cache\/(?:save|restore)|upload-artifact|download-artifact|setup-[a-z-]+)|docker\/(?:setup-[a-z-]+|metadata-action|login-action|build-push-action|bake-action)|hadolint\/hadolint-action|astral-sh\/setup-uv|pnpm\/action-setup|gradle\/actions\/setup-gradle)$/;

/** What a script or an input needs the token for, or uses it with. */
const tokenUse =
  /GITHUB_TOKEN|GH_TOKEN|github\.token|id-token|ACTIONS_ID_TOKEN|\bgh\s|\bgit\s[^\n]{0,80}\bpush\b/;

/** `permissions: contents: read` for the whole workflow, where nothing in it can need more. */
export function permissionsEdit(workflow: Workflow): Edit | undefined {
  const { document } = workflow.file;
  const { text } = document.file;
  const reusesOthers = [...workflow.jobs.values()].some(({ uses }) => uses !== undefined);
  const onlyReads = stepsOf(workflow).every(
    (step) => step.uses === undefined || reading.test(actionOf(step) ?? ''),
  );
  if (reusesOthers || !onlyReads || tokenUse.test(text)) return undefined;
  const jobs = lineWith(text, document.position(['jobs'], 'key').offset);
  if (!/^["']?jobs["']?[ \t]*:/.test(text.slice(jobs.start))) return undefined;
  const at = behindComments(text, jobs.start);
  const end = lineEnd(text);
  return { start: at, end: at, text: `permissions:${end}  contents: read${end}${end}` };
}

/** Where the comments directly above a line begin. */
function behindComments(text: string, start: number): number {
  let at = start;
  while (at > 0) {
    const above = lineWith(text, at - 1);
    if (!/^[ \t]*#/.test(text.slice(above.start, above.end))) break;
    at = above.start;
  }
  return at;
}

/** What goes to the remote repository with the token that checkout leaves behind. */
const remoteUse = /\bgit\b[^\n]{0,80}\b(?:fetch|pull|push|clone|submodule|lfs|ls-remote)\b|\bgh\s/;

/** `persist-credentials: false`, where nothing that runs later in the job can need the token. */
export function persistEdit({ file: { document } }: Workflow, job: Job, step: Step): Edit | undefined {
  const later = job.steps.slice(step.index + 1);
  const isUsed = later.some(
    (one) => remoteUse.test(one.run ?? '') || (one.uses !== undefined && !reading.test(actionOf(one) ?? '')),
  );
  if (isUsed || step.with['submodules'] !== undefined) return undefined;
  const entry = { key: 'persist-credentials', value: 'false' };
  if (step.value['with'] !== undefined) return withKey(document, [...step.path, 'with'], entry);
  return withKey(document, step.path, { key: 'with', value: { [entry.key]: entry.value } });
}
