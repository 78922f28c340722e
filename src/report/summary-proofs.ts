import { duration } from './format.ts';
import { markdownTable, markdownText } from './markdown.ts';
import type { CheckRecord, SmokeEvidence } from './proof.ts';
import { duringText, faultsText, findingWord, ledgerText, recoveryText } from './proof-wording.ts';
import type { ReleaseRecord } from './record.ts';
import { verdictSign, verdictWord } from './wording.ts';

/** Checks of every run, one row each. */
export function smokePart({ smoke }: ReleaseRecord): string | undefined {
  const rows = (smoke ?? []).flatMap(({ aim, checks }) => checks.map((check) => ({ aim, check })));
  if (rows.length === 0) return undefined;
  const cells = ({ aim, check }: { aim: SmokeEvidence['aim']; check: CheckRecord }): readonly string[] => [
    markdownText(check.name, 100),
    markdownText(aim, 60),
    `${verdictSign[check.verdict]} ${check.finding ? findingWord[check.finding] : verdictWord[check.verdict]}`,
    markdownText(check.next === undefined ? check.detail : `${check.detail}; ${check.next}`, 300),
    duration(check.durationMs),
  ];
  const head = ['Check', 'On', 'Verdict', 'What was seen', 'Took'];
  return `### Smoke\n\n${markdownTable({ head, rows, cells, bytes: 10_000, most: 60 })}`;
}

/** One row an experiment. */
export function chaosPart({ chaos }: ReleaseRecord): string | undefined {
  if (chaos === undefined || chaos.experiments.length === 0) return undefined;
  const rows = chaos.experiments;
  const cells = (one: (typeof rows)[number]): readonly string[] => [
    markdownText(one.name, 100),
    markdownText(faultsText(one), 120),
    markdownText(one.faults.map(({ witness }) => witness).join('; '), 160),
    markdownText(duringText(one), 100),
    markdownText(recoveryText(one.recovery), 120),
    one.ledger === undefined ? '' : markdownText(ledgerText(one.ledger), 160),
    `${verdictSign[one.verdict]} ${verdictWord[one.verdict]}${one.verdict === 'passed' ? '' : `: ${markdownText(one.reason, 200)}`}`,
  ];
  const head = ['Experiment', 'Fault', 'Witness', 'While it lasted', 'Recovery', 'Data', 'Verdict'];
  const table = markdownTable({ head, rows, cells, bytes: 10_000, most: 30 });
  return `### Chaos\n\n${table}\nSeed ${markdownText(chaos.seed, 60)}: the same seed chooses the same targets.\n`;
}
