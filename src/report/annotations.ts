import type { RunEvent } from '../platform/events.ts';
import type { Verdict } from '../platform/verdict.ts';
import { count } from './format.ts';
import { printable } from './markup.ts';
import { findingWord } from './proof-wording.ts';
import type { Finding, ReleaseRecord } from './record.ts';

/** GitHub shows so many a step and level, and cuts messages at so many characters (actions/runner). */
export const annotationLimits = { perLevel: 10, characters: 4_096 } as const;

export type Annotation = Extract<RunEvent, { type: 'message' }> & { level: Finding['level'] };

const levels: readonly Finding['level'][] = ['error', 'warning', 'notice'];

/** A gate that failed is an error; one that could not tell is a warning, because nothing was shown. */
const gateLevel: Readonly<Record<Verdict, Finding['level'] | undefined>> = {
  passed: undefined,
  failed: 'error',
  inconclusive: 'warning',
  cancelled: 'notice',
};

/** What a person has to see, worst first: at most ten of each level, the tenth saying how many more there are. */
export function annotations(record: ReleaseRecord): readonly Annotation[] {
  const all = [...gates(record), ...proofs(record), ...findings(record)];
  return levels.flatMap((level) => cap(all.filter((one) => one.level === level)));
}

function gates({ cutover }: ReleaseRecord): readonly Annotation[] {
  return (cutover?.gates ?? []).flatMap((gate) => {
    const level = gateLevel[gate.verdict];
    if (level === undefined) return [];
    const text = `${gate.name}: measured ${gate.measured}, limit ${gate.limit}`;
    return [{ type: 'message' as const, level, title: `cutover: gate ${gate.verdict}`, text: cut(text) }];
  });
}

/** Checks and experiments that did not simply pass. */
function proofs({ smoke = [], chaos }: ReleaseRecord): readonly Annotation[] {
  const checks = smoke.flatMap(({ aim, checks }) =>
    checks.flatMap(({ name, verdict, finding, detail, next }) => {
      const level = finding === 'flaky-recovered' ? 'warning' : gateLevel[verdict];
      const what = finding === undefined ? detail : `${findingWord[finding]}: ${detail}`;
      const text = `${name} on ${aim}: ${what}${next === undefined ? '' : `; ${next}`}`;
      return level === undefined ? [] : [{ level, title: `smoke: check ${verdict}`, text }];
    }),
  );
  const experiments = (chaos?.experiments ?? []).flatMap(({ name, verdict, reason }) => {
    const level = gateLevel[verdict];
    return level === undefined
      ? []
      : [{ level, title: `chaos: experiment ${verdict}`, text: `${name}: ${reason}` }];
  });
  return [...checks, ...experiments].map((one) => ({ type: 'message', ...one, text: cut(one.text) }));
}

/** Findings with a place come first: they can be shown in the file. */
function findings(record: ReleaseRecord): readonly Annotation[] {
  const all = record.stages.flatMap((stage) =>
    stage.findings.map((finding) => ({ finding, stage: stage.name })),
  );
  return all
    .toSorted((a, b) => Number(b.finding.place !== undefined) - Number(a.finding.place !== undefined))
    .map(({ finding, stage }) => ({
      type: 'message',
      level: finding.level,
      title: cut(`${stage}: ${finding.rule}`).slice(0, 200),
      text: cut(finding.message),
      ...(finding.place ? { place: finding.place } : {}),
    }));
}

function cap(list: readonly Annotation[]): readonly Annotation[] {
  if (list.length <= annotationLimits.perLevel) return list;
  const shown = list.slice(0, annotationLimits.perLevel - 1);
  const [next] = list.slice(shown.length);
  const rest = list.length - shown.length;
  const text = `and ${count(rest)} more; all of them are in the report`;
  return next === undefined
    ? shown
    : [...shown, { type: 'message', level: next.level, title: 'cutover', text }];
}

/** At most 4,096 characters, said where it was cut. */
function cut(text: string): string {
  const clean = printable(text);
  if (clean.length <= annotationLimits.characters) return clean;
  const end = ' … (shortened)';
  return clean.slice(0, annotationLimits.characters - end.length).toWellFormed() + end;
}
