import type { ReportedRule } from '../../report/findings-model.ts';

/** What validate says of itself and of what it was told to leave out. Not in the registry: no rule checks these. */
export const ownRules = [
  {
    id: 'ignore-without-reason',
    severity: 'error',
    layer: 'ignores',
    title: 'An ignore says why',
    why: 'A finding that is left out without a reason cannot be judged by the next reader, nor by an auditor. Such an ignore has no effect.',
    fix: 'Write the reason behind a colon: `# cutover-ignore image-pinned: the mirror rebuilds this tag nightly`.',
  },
  {
    id: 'ignore-unknown-rule',
    severity: 'error',
    layer: 'ignores',
    title: 'Ignores and severities name rules that exist',
    why: 'A misspelt rule ignores nothing, and whoever wrote it believes otherwise.',
    fix: 'Take the id from the finding, or from the list in docs/rules.md.',
  },
  {
    id: 'ignore-until',
    severity: 'error',
    layer: 'ignores',
    title: 'The last day of an ignore is a day',
    why: 'An ignore whose end cannot be read would last for ever. Such an ignore has no effect.',
    fix: 'Write the day as year, month and day: `until: 2026-12-31`.',
  },
  {
    id: 'ignore-expired',
    severity: 'error',
    layer: 'ignores',
    title: 'An ignore has not run out',
    why: 'The day until which somebody accepted the finding is over. The finding counts again.',
    fix: 'Mend what is found and remove the ignore, or decide again and write a later day.',
  },
  {
    id: 'ignore-unused',
    severity: 'notice',
    layer: 'ignores',
    title: 'An ignore ignores something',
    why: 'What it was written for is mended. Left in place it would hide the same defect when it comes back.',
    fix: 'Remove the comment, or the entry of `validate.ignore` in cutover.yml.',
  },
  {
    id: 'baseline-stale',
    severity: 'notice',
    layer: 'ignores',
    title: 'The baseline holds only what is still found',
    why: 'An entry that nothing matches any more leaves room for the same defect to come back unseen.',
    fix: 'Write the baseline anew: `cutover validate --write-baseline`.',
  },
  {
    id: 'internal-error',
    severity: 'error',
    layer: 'ignores',
    title: 'Every rule comes to its end',
    why: 'A rule broke on these files. That is a bug of Cutover, and what the rule would have found is not known.',
    fix: 'Report it with the files, if they can be shared. The other rules have done their work.',
  },
] as const satisfies readonly ReportedRule[];

export type OwnRule = (typeof ownRules)[number]['id'];

/** These are never left out, whatever is written. */
export const neverIgnored: ReadonlySet<string> = new Set<string>(ownRules.map(({ id }) => id));
