import { mappingOf, type Path, valueAt } from '../../document.ts';
import type { Reporter, Rule } from '../../rule.ts';
import { expressionsIn, referenceAt } from '../../workflows/expression/embedded.ts';
import { actionOf, atIndex, type Step, stepsOf, type Workflow, workflowsOf } from '../../workflows/model.ts';
import { isChosenByOthers, written } from '../../workflows/untrusted.ts';

export const workflowUntrustedInput: Rule = {
  id: 'workflow-untrusted-input',
  severity: 'error',
  layer: 'policy',
  title: 'Scripts contain no text that others choose',
  why: 'GitHub writes the value of `${{ }}` into the script before a shell reads it: the title of a pull request or the name of a branch becomes commands that run with the job’s token and secrets.',
  fix: 'Hand the value over in an environment variable, `env: { TITLE: "${{ github.event.pull_request.title }}" }`, and write `"$TITLE"` in the script; in github-script read it from the environment as well.',
  source: 'https://docs.github.com/en/actions/concepts/security/script-injections',
  check(workspace, report) {
    for (const workflow of workflowsOf(workspace)) {
      for (const step of stepsOf(workflow)) {
        for (const [script, path] of scriptsOf(step)) checkScript(workflow, script, path, report);
      }
    }
  },
};

function scriptsOf(step: Step): readonly (readonly [string, Path])[] {
  const script = actionOf(step) === 'actions/github-script' ? step.with['script'] : undefined;
  return [
    ...(step.run === undefined ? [] : [[step.run, [...step.path, 'run']] as const]),
    ...(typeof script === 'string' ? [[script, [...step.path, 'with', 'script']] as const] : []),
  ];
}

function checkScript(workflow: Workflow, script: string, path: Path, report: Reporter): void {
  for (const part of expressionsIn(script)) {
    for (const reference of part.node ? written(part.node) : []) {
      const spot = atIndex(workflow, path, referenceAt(part, reference));
      if (isChosenByOthers(reference)) {
        report.find(
          spot,
          `the script contains \${{ ${reference} }}, which anybody can choose; hand it over in an environment variable`,
        );
      } else if (isFreeInput(workflow, reference)) {
        report.find(
          spot,
          `the script contains \${{ ${reference} }}, which whoever starts the workflow can choose; hand it over in an environment variable`,
          { severity: 'warning' },
        );
      }
    }
  }
}

/** An input that is a text: numbers, yes or no, and choices hold nothing that a shell could take as a command. */
function isFreeInput({ events }: Workflow, reference: string): boolean {
  if (reference.startsWith('github.event.client_payload.')) return true;
  const name = /^(?:github\.event\.)?inputs\.([^.]+)$/.exec(reference)?.[1];
  if (name === undefined) return false;
  return ['workflow_dispatch', 'workflow_call'].some((event) => {
    const inputs = mappingOf(events.get(event)?.['inputs']) ?? {};
    const key = Object.keys(inputs).find((given) => given.toLowerCase() === name);
    const type = key === undefined ? undefined : valueAt(inputs, [key, 'type']);
    return key !== undefined && (type === undefined || type === 'string');
  });
}
