import type { InlineRule } from '../../../config/model.ts';
import { type Named, namedFiles } from '../../configuration/entries.ts';
import { broken, placesOf } from '../../configuration/inline.ts';
import { possibleValues } from '../../configuration/settings.ts';
import { type Path, valueAt } from '../../document.ts';
import type { Reporter, Rule } from '../../rule.ts';
import type { Workspace } from '../../workspace.ts';

export const configRule: Rule = {
  id: 'config-rule',
  severity: 'error',
  layer: 'configuration',
  title: 'The rules of cutover.yml about configuration hold',
  why: 'They are what the owners of the service have agreed on; the message of the rule says more.',
  fix: 'Change the value in the configuration file so that it keeps to the rule under `config:` in cutover.yml, or change the rule with those who own it.',
  check(workspace, report) {
    for (const named of namedFiles(workspace)) {
      for (const rule of named.entry.rules) {
        if (typeof rule === 'string') continue;
        const places = placesOf(named.file.document.value, rule.path);
        for (const path of places) checkPlace({ workspace, report, named, rule }, path);
      }
    }
  },
};

interface Scope {
  readonly workspace: Workspace;
  readonly report: Reporter;
  readonly named: Named;
  readonly rule: InlineRule;
}

function checkPlace({ workspace, report, named, rule }: Scope, path: Path): void {
  const { document } = named.file;
  const value = valueAt(document.value, path);
  // Of several documents, each has its part.
  if (value === undefined && !named.isAlone) return;
  const setting = { document, path, words: [], key: [], value };
  // An env file has texts only, as variables do.
  const isTyped = named.file.format !== 'env';
  for (const possible of possibleValues(workspace, named, setting)) {
    const problem = broken(rule, path, { ...possible, isWritten: possible.isWritten && isTyped });
    if (problem === undefined) continue;
    const reason = rule.message === undefined ? '' : `: ${rule.message}`;
    const isKey = rule.forbidden === true && value !== undefined;
    report.find(
      { document, path, ...(isKey ? { part: 'key' as const } : {}) },
      `${rule.path.join('.')} ${problem}${possible.from}${reason}`,
    );
  }
}
