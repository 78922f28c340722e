import type { Severity } from '../finding.ts';
import type { Reporter } from '../rule.ts';
import type { Workspace } from '../workspace.ts';
import { filesWith } from './entries.ts';
import {
  dotted,
  type Possible,
  possibleValues,
  type Setting,
  settingsOf,
  spotOf,
  startOf,
} from './settings.ts';

/** What a rule of the application's configuration looks at, and what it says about it. */
export interface SettingCheck {
  /** Id of the rule. */
  readonly rule: string;
  /** Whether the rule is about a setting. */
  concerns(setting: Setting): boolean;
  /** What is wrong with a value that the setting can have; undefined: nothing. */
  problem(setting: Setting, possible: Possible): Problem | undefined;
  /** What is told where a whole file has no setting that the rule knows; default: nothing. */
  readonly absent?: {
    readonly message: string;
    readonly severity?: Severity;
    isAbsent?(settings: readonly Setting[]): boolean;
  };
}

/** `is DEBUG`, `it has to be INFO or above`: where the value comes from stands between the two. */
export interface Problem {
  readonly is: string;
  readonly wanted?: string;
}

/** What a switch is and has to be. */
export const switchedWrong = (state: 'on' | 'off'): Problem => ({
  is: `is switched ${state}`,
  wanted: `it has to be ${state === 'on' ? 'off' : 'on'} in production`,
});

/** Runs a check over every file that asks for its rule, with every value that its settings can have. */
export function checkSettings(workspace: Workspace, report: Reporter, check: SettingCheck): void {
  for (const named of filesWith(workspace, check.rule)) {
    const { document, format } = named.file;
    const all = settingsOf(document);
    const settings = all.filter((setting) => check.concerns(setting));
    for (const setting of settings) {
      for (const possible of possibleValues(workspace, named, setting)) {
        const problem = check.problem(setting, possible);
        if (problem) report.find(spotOf(setting), sentence(setting, possible, problem));
      }
    }
    const { absent } = check;
    const isAbsent = absent?.isAbsent?.(all) ?? settings.length === 0;
    // A file of variables, or one of several documents, is a part of a configuration.
    if (!absent || !isAbsent || !named.isAlone || format === 'env') continue;
    const { message, severity } = absent;
    report.find(startOf(document), message, severity ? { severity } : {});
  }
}

const sentence = (setting: Setting, { from }: Possible, { is, wanted }: Problem): string =>
  `${dotted(setting)} ${is}${from}${wanted === undefined ? '' : `; ${wanted}`}`;
