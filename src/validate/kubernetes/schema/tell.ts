import type { Edit } from '../../finding.ts';
import type { Reporter } from '../../rule.ts';
import type { Problem } from './problem.ts';

/** Hands problems of the schema layer to a rule's reporter. */
export function tell(problems: readonly Problem[], report: Reporter): void {
  for (const problem of problems) {
    const { manifest, path, part, message, severity } = problem;
    const edit = quotesEdit(problem);
    report.find({ document: manifest.document, path, part }, message, {
      ...(severity ? { severity } : {}),
      ...(edit ? { edit } : {}),
    });
  }
}

/** Only quotes are missing or too many: what is meant is certain, so it can be mended mechanically. */
function quotesEdit({ manifest: { document }, path, message }: Problem): Edit | undefined {
  const adds = message.endsWith(': put it in quotes');
  if (!adds && !message.endsWith(': write it without quotes')) return undefined;
  const extent = document.extent(path);
  const written = extent ? document.file.text.slice(extent.start, extent.end) : '';
  const text = adds ? /^[\w.+-]+$/.exec(written)?.[0] : /^(["'])(-?(?:0|[1-9]\d*))\1$/.exec(written)?.[2];
  if (extent === undefined || text === undefined) return undefined;
  return { ...extent, text: adds ? `"${text}"` : text };
}
