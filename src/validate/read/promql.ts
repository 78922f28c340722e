import type { Workspace } from '../workspace.ts';

/** The parser of PromQL, where something holds expressions: it is a library of its own, and rules cannot wait for one. */
export async function promqlFor(
  found: Pick<Workspace, 'prometheus' | 'manifests'>,
): Promise<Workspace['promql']> {
  const isNeeded =
    found.prometheus.some(({ kind }) => kind === 'rules') ||
    found.manifests.some(({ kind }) => kind === 'PrometheusRule');
  if (!isNeeded) return undefined;
  const { promqlProblem } = await import('../prometheus/promql.ts');
  return promqlProblem;
}
