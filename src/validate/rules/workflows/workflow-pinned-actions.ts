import type { Path } from '../../document.ts';
import type { Reporter, Rule } from '../../rule.ts';
import { at, stepsOf, type Workflow, workflowsOf } from '../../workflows/model.ts';

export const workflowPinnedActions: Rule = {
  id: 'workflow-pinned-actions',
  severity: 'error',
  layer: 'policy',
  title: 'Actions are pinned to a commit',
  why: 'Whoever can move the tag of an action runs code with the token and secrets of every workflow that uses it; tags of widely used actions have been moved that way in 2025 and 2026.',
  fix: 'Write the full commit and the version as a comment, `uses: owner/action@<40 hex digits> # v1.2.3`, and an image of `docker://` with its digest. Dependabot and Renovate keep both current.',
  source: 'https://docs.github.com/en/actions/reference/security/secure-use#using-third-party-actions',
  check(workspace, report) {
    for (const workflow of workflowsOf(workspace)) {
      for (const { uses, path } of stepsOf(workflow))
        if (uses) checkUse(workflow, uses, [...path, 'uses'], report);
      for (const { uses, path } of workflow.jobs.values())
        if (uses) checkUse(workflow, uses, [...path, 'uses'], report);
    }
  },
};

function checkUse(workflow: Workflow, uses: string, path: Path, report: Reporter): void {
  if (/^\.{1,2}\//.test(uses) || uses.includes('${{')) return;
  const spot = at(workflow, path);
  if (uses.startsWith('docker://')) {
    if (!/@sha256:[0-9a-f]{64}$/.test(uses)) report.find(spot, `"${uses}" has no digest; append @sha256:…`);
    return;
  }
  const mark = uses.lastIndexOf('@');
  const version = mark === -1 ? '' : uses.slice(mark + 1);
  if (version === '') report.find(spot, `"${uses}" names no version; write a full commit after "@"`);
  else if (!/^[0-9a-f]{40}$/i.test(version)) tellMovable(uses, version, spot, report);
  else if (!hasComment(workflow.file.document.file.text, uses)) {
    report.find(
      spot,
      `the commit of "${uses.slice(0, mark)}" has no comment that tells its version; append # v…`,
      {
        severity: 'notice',
      },
    );
  }
}

function tellMovable(uses: string, version: string, spot: ReturnType<typeof at>, report: Reporter): void {
  // The tag of a version is moved by an attacker, a branch by anybody's next commit.
  const isVersion = /^v?\d+(?:\.\d+)*(?:-[\w.]+)?$/.test(version) && !/^[0-9a-f]{7,39}$/i.test(version);
  const what = /^[0-9a-f]{7,39}$/i.test(version)
    ? 'a shortened commit'
    : 'a tag or branch, which can be moved';
  const message = `"${uses}" is pinned to ${what}; write the full commit (40 hex digits)`;
  report.find(spot, message, isVersion ? { severity: 'warning' } : undefined);
}

/** Whether a line uses it with a comment that holds a version; a comment of a later line is not one. */
function hasComment(text: string, uses: string): boolean {
  for (let from = text.indexOf(uses); from !== -1; from = text.indexOf(uses, from + 1)) {
    const end = text.indexOf('\n', from);
    const rest = text.slice(from + uses.length, end === -1 ? undefined : end);
    if (/^["']?[ \t,}]{1,50}#.{0,200}/.test(rest) && /#.{0,200}(?:\d|main|master)/.test(rest)) return true;
  }
  return false;
}
