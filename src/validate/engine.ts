import { messageOf } from '../platform/errors.ts';
import { type Document, pathText } from './document.ts';
import type { Finding, Skip } from './finding.ts';
import type { Reporter, Rule } from './rule.ts';
import type { Workspace } from './workspace.ts';

export interface Validation {
  /** By file, line, column and rule; each only once. */
  findings: readonly Finding[];
  /** By file and rule; each only once. */
  skips: readonly Skip[];
}

/** The id of findings about a rule that failed itself. It is a bug of ours, and nothing counts as checked by that rule. */
export const brokenRule = 'internal-error';

/** Runs rules over a workspace. A rule that throws becomes a finding that names it; the others go on. */
export function validate(workspace: Workspace, rules: readonly Rule[]): Validation {
  const findings = new Map<string, Finding>();
  const skips = new Map<string, Skip>();
  for (const skip of workspace.skips) skips.set(skipKey(skip), skip);
  for (const rule of rules) {
    try {
      rule.check(workspace, reporterOf(rule, findings, skips));
    } catch (error) {
      add(findings, broken(workspace, rule, error));
    }
  }
  return {
    findings: [...findings.values()].sort(byPlace),
    skips: [...skips.values()].sort((a, b) => byText(a.file, b.file) || byText(a.rule, b.rule)),
  };
}

function reporterOf(rule: Rule, findings: Map<string, Finding>, skips: Map<string, Skip>): Reporter {
  return {
    find: ({ document, path, part }, message, more) => {
      const { line, column, file = document.file } = document.position(path, part);
      add(findings, {
        rule: rule.id,
        severity: more?.severity ?? rule.severity,
        message,
        file: file.path,
        line,
        column,
        path: pathText([...(document.base ?? []), ...path]),
        ...(more?.edit ? { edit: more.edit } : {}),
      });
    },
    skip: (document: Document, reason) => {
      const skip = { rule: rule.id, file: document.file.path, reason };
      skips.set(skipKey(skip), skip);
    },
  };
}

const skipKey = ({ rule, file, reason }: Skip): string => `${file}\n${rule}\n${reason}`;

/** The same words at the same place are one finding, however many paths lead there. */
function add(findings: Map<string, Finding>, finding: Finding): void {
  const key = `${finding.file}\n${finding.line}\n${finding.column}\n${finding.rule}\n${finding.message}`;
  if (!findings.has(key)) findings.set(key, finding);
}

function broken({ files }: Workspace, rule: Rule, error: unknown): Finding {
  return {
    rule: brokenRule,
    severity: 'error',
    message: `the rule ${rule.id} failed and has checked nothing more: ${messageOf(error)}`,
    file: files.keys().next().value ?? '',
    line: 1,
    column: 1,
    path: '',
  };
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** By file, line, column, rule and message. */
export function byPlace(a: Finding, b: Finding): number {
  return (
    byText(a.file, b.file) ||
    a.line - b.line ||
    a.column - b.column ||
    byText(a.rule, b.rule) ||
    byText(a.message, b.message)
  );
}
