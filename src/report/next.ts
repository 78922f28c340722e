import type { Verdict } from '../platform/verdict.ts';
import { versionName } from './format.ts';
import type { CutoverResult, ReleaseRecord } from './record.ts';
import { liveVersions } from './wording.ts';

export interface NextStep {
  text: string;
  /** Ready to paste. */
  command?: string;
}

type Advice = (record: ReleaseRecord) => readonly NextStep[];

const command = (verb: string, record: ReleaseRecord): string =>
  `cutover ${verb} --environment ${shellWord(record.environment)}`;

/** A value as one word of a POSIX shell. */
function shellWord(value: string): string {
  return /^[A-Za-z0-9_./:@%+=-]+$/.test(value)
    ? value
    : `'${value.replaceAll("'", `'\\''`).replace(/\s/g, ' ')}'`;
}

const tryAgain = (record: ReleaseRecord): NextStep => ({
  text: 'Correct what the findings say, then release again:',
  command: command('apply', record),
});

const interrupted: Advice = (record) => [
  {
    text: 'The run was stopped before it was done. Finish it, or undo it:',
    command: command('recover', record),
  },
];

const afterCutover: Readonly<Record<CutoverResult, Advice>> = {
  'cut-over': (record) =>
    record.verdict === 'passed'
      ? []
      : [
          {
            text: `${versionName(record.release.version)} is live, but it was not shown to be good. To go back:`,
            command: command('rollback', record),
          },
        ],
  'rolled-back': (record) => {
    const live = record.cutover && liveVersions(record.cutover);
    return [
      {
        text: `${live ?? 'The former version'} serves all traffic; nothing has to be done to keep the service up. Read the failures below, then release a corrected version:`,
        command: command('apply', record),
      },
    ];
  },
  unchanged: (record) =>
    record.verdict === 'passed'
      ? []
      : [{ text: `No traffic was moved. ${tryAgain(record).text}`, command: command('apply', record) }],
  ready: (record) =>
    record.verdict === 'passed'
      ? [{ text: 'To do what the plan says:', command: command('apply', record) }]
      : [tryAgain(record)],
  refused: (record) => [
    { text: 'See what is live and who is at work, then decide:', command: command('status', record) },
  ],
};

const withoutCutover: Readonly<Record<Verdict, Advice>> = {
  passed: () => [],
  failed: (record) => [tryAgain(record)],
  inconclusive: (record) => [tryAgain(record)],
  cancelled: interrupted,
};

/** After a run of checks or experiments alone. An address has no environment, so its command is only the user's to know. */
function afterProofs(record: ReleaseRecord): readonly NextStep[] {
  const { chaos, verdict, target } = record;
  if (verdict === 'passed') return [];
  if (chaos?.experiments.some(({ faults }) => faults.some(({ left }) => left !== undefined))) {
    return [{ text: 'Something of a fault is left. End it:', command: command('chaos revert', record) }];
  }
  if (target === 'url') return [];
  return [
    {
      text: 'Correct what is said below, then try again:',
      command: command(chaos ? 'chaos' : 'smoke', record),
    },
  ];
}

/** What the reader may want to do now, with the command for it; empty when all is well. */
export function nextSteps(record: ReleaseRecord): readonly NextStep[] {
  if (record.cutover === undefined && (record.chaos || record.smoke)) return afterProofs(record);
  if (record.verdict === 'cancelled') return interrupted(record);
  return record.cutover === undefined
    ? withoutCutover[record.verdict](record)
    : afterCutover[record.cutover.result](record);
}
