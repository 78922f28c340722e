import { mappingOf, textOf, valueAt } from '../document.ts';
import type { Job, Step, Workflow } from './model.ts';

/** The environment variables of a step that are written out, inner ones over outer ones. */
export function environmentOf(workflow: Workflow, job: Job, step: Step): ReadonlyMap<string, string> {
  const maps = [workflow.file.value['env'], job.value['env'], step.value['env']];
  const entries = maps.flatMap((map) => Object.entries(mappingOf(map) ?? {}));
  return new Map(entries.map(([name, value]) => [name, String(value)]));
}

/** GitHub's own variables, as the expressions that hold the same. */
const own: Readonly<Record<string, string>> = {
  GITHUB_SHA: 'github.sha',
  GITHUB_REF_NAME: 'github.ref_name',
  GITHUB_REPOSITORY: 'github.repository',
  GITHUB_REPOSITORY_OWNER: 'github.repository_owner',
  GITHUB_RUN_ID: 'github.run_id',
  GITHUB_RUN_NUMBER: 'github.run_number',
};

/**
 * A text with its variables filled in: `${{ env.X }}`, `$X` and `${X}` alike. What stays open is written in one way, so that
 * `$GITHUB_SHA` and `${{ github.sha }}` are the same.
 */
export function filledIn(text: string, variables: ReadonlyMap<string, string>, depth = 0): string {
  const byName = (name: string, whole: string): string => {
    const value = variables.get(name);
    if (value !== undefined && depth < 3) return filledIn(value, variables, depth + 1);
    return Object.hasOwn(own, name) ? `\${{${own[name]}}}` : whole;
  };
  return text
    .replace(/\$\{\{\s{0,20}env\.([A-Za-z_]\w{0,100})\s{0,20}\}\}/g, (whole, name: string) =>
      byName(name, whole),
    )
    .replace(
      /\$(?:([A-Za-z_]\w{0,100})|\{([A-Za-z_]\w{0,100})\})/g,
      (whole, plain?: string, braced?: string) => byName(plain ?? braced ?? '', whole),
    )
    .replace(/\$\{\{\s{0,20}([^}]{0,500}?)\s{0,20}\}\}/g, (_, inner: string) => `\${{${inner}}}`);
}

/** Where a step's `run` is run: `.` where nothing says otherwise; undefined where an expression says it. */
export function workingDirectoryOf(workflow: Workflow, job: Job, step: Step): string | undefined {
  const run = ['defaults', 'run', 'working-directory'];
  const given =
    textOf(step.value['working-directory']) ??
    textOf(valueAt(job.value, run)) ??
    textOf(valueAt(workflow.file.value, run)) ??
    '.';
  return given.includes('${{') || given.startsWith('/') || given.startsWith('~') ? undefined : given;
}
