import { didYouMean } from '../../../config/suggest.ts';
import { mappingOf, valueAt } from '../../document.ts';
import type { Rule } from '../../rule.ts';
import { expressionsOf, referenceAt, referencesIn } from '../../workflows/expression/embedded.ts';
import { atIndex, type Job, named, workflowsOf } from '../../workflows/model.ts';

export const workflowMatrixReference: Rule = {
  id: 'workflow-matrix-reference',
  severity: 'error',
  layer: 'policy',
  title: 'Matrix values that are used exist',
  why: 'A matrix value that is not there is an empty text: every job of the matrix then builds or tests the same, default version, and looks right.',
  fix: 'Add the key under `strategy.matrix`, or correct its name.',
  source: 'https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#matrix-context',
  check(workspace, report) {
    for (const workflow of workflowsOf(workspace)) {
      for (const embedded of expressionsOf(workflow)) {
        const { path, node } = embedded;
        const job = path[0] === 'jobs' ? workflow.jobs.get(String(path[1])) : undefined;
        if (!job || !node) continue;
        for (const reference of referencesIn(node)) {
          const fault = faultOf(job, reference.split('.'));
          if (fault !== undefined)
            report.find(atIndex(workflow, path, referenceAt(embedded, reference)), fault);
        }
      }
    }
  },
};

function faultOf(job: Job, [context, key]: readonly string[]): string | undefined {
  if (context !== 'matrix' || key === undefined || key === '*') return undefined;
  const names = matrixKeys(job);
  if (names === undefined || names.some((name) => name.toLowerCase() === key)) return undefined;
  if (names.length === 0) return `matrix.${key} is used, but ${named(job)} has no strategy.matrix`;
  return `the matrix of ${named(job)} has no "${key}"${didYouMean(key, names)}`;
}

/** The names of a matrix; undefined where an expression makes it, or a part of it. */
function matrixKeys(job: Job): readonly string[] | undefined {
  const matrix = valueAt(job.value, ['strategy', 'matrix']);
  if (matrix === undefined)
    return job.value['strategy'] === undefined || mappingOf(job.value['strategy']) ? [] : undefined;
  const map = mappingOf(matrix);
  const include = map?.['include'];
  if (!map || (include !== undefined && !Array.isArray(include))) return undefined;
  const included = (include ?? []) as readonly unknown[];
  if (included.some((item) => !mappingOf(item))) return undefined;
  const own = Object.keys(map).filter((key) => key !== 'include' && key !== 'exclude');
  return [...own, ...included.flatMap((item) => Object.keys(mappingOf(item) ?? {}))];
}
