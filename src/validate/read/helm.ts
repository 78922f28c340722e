/** Whether a path is in the `templates` of one of the Helm charts, which are given by their folders. */
export function isChartTemplate(path: string, charts: ReadonlySet<string>): boolean {
  if (charts.size === 0) return false;
  for (let at = path.indexOf('templates/'); at !== -1; at = path.indexOf('templates/', at + 1)) {
    const chart = at === 0 ? '.' : path.slice(0, at - 1);
    if (charts.has(chart) && (at === 0 || path[at - 1] === '/')) return true;
  }
  return false;
}

/** `{{ … }}` that is not the `${{ … }}` of a workflow: what cannot be read is a template then, not broken. */
export const isTemplate = (text: string): boolean => /(?<!\$)\{\{/.test(text);
