import type { Reporter } from '../../rule.ts';
import type { Problem } from './problem.ts';

/** Hands problems of the schema layer to a rule's reporter. */
export function tell(problems: readonly Problem[], report: Reporter): void {
  for (const { manifest, path, part, message, severity } of problems) {
    report.find({ document: manifest.document, path, part }, message, severity && { severity });
  }
}
