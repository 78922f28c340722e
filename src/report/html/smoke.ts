import { duration, instant } from '../format.ts';
import { type Content, type Markup, markup } from '../markup.ts';
import type { CheckRecord, SmokeEvidence } from '../proof.ts';
import { findingWord, smokeSentence } from '../proof-wording.ts';
import type { ReleaseRecord } from '../record.ts';
import { section, table, verdictChip } from './parts.ts';

/** Each run of checks as a table. */
export function smoke(record: ReleaseRecord): Markup {
  return markup`${(record.smoke ?? []).map(run)}`;
}

function run(evidence: SmokeEvidence): Markup {
  const hint = `${smokeSentence(evidence)}; began ${instant(evidence.startedAt)}, took ${duration(evidence.durationMs)}.`;
  return section({ title: `Smoke on ${evidence.aim}`, hint, long: 'long' }, checkTable(evidence.checks));
}

/** Checks with what each one saw. */
export function checkTable(checks: readonly CheckRecord[]): Markup {
  return table(checks, [
    { title: 'Check', cell: nameOf },
    { title: 'Verdict', cell: (check) => verdictChip(check.verdict), kind: 'nowrap' },
    { title: 'What was seen', cell: seen },
    { title: 'Tries', cell: (check) => check.attempts, kind: 'num' },
    { title: 'Took', cell: (check) => duration(check.durationMs), kind: 'num' },
  ]);
}

const nameOf = ({ name, kind, component }: CheckRecord): Content =>
  markup`<b>${name}</b><br><span class="quiet">${kind}${component === undefined ? '' : ` of ${component}`}</span>`;

function seen({ finding, detail, next, gates = [] }: CheckRecord): Content {
  const what = finding === undefined ? undefined : markup`<b>${findingWord[finding]}</b>: `;
  const limits = gates.map(
    (gate) =>
      markup`<br><span class="quiet">${gate.name}: ${gate.measured}, limit ${gate.limit}</span> ${verdictChip(gate.verdict)}`,
  );
  const todo = next === undefined ? undefined : markup`<br><span class="quiet">${next}</span>`;
  return markup`${what}${detail}${todo}${limits}`;
}
