import type { Verdict } from '../platform/verdict.ts';
import { shorten } from './format.ts';
import { type ProofSuite, proofSuites } from './junit-proofs.ts';
import { type Markup, markup } from './markup.ts';
import type { Finding, ReleaseRecord, StageRecord, StepRecord } from './record.ts';

const longestMessage = 4_096;

/** How a case ended in JUnit's terms. */
type Ending = 'passed' | 'failure' | 'error' | 'skipped';

/**
 * `inconclusive` and `cancelled` are errors: nothing was shown, and a reader of JUnit takes `skipped` for fine. Only a step
 * that the plan left out is skipped.
 */
const endingOf: Readonly<Record<Verdict, Ending>> = {
  passed: 'passed',
  failed: 'failure',
  inconclusive: 'error',
  cancelled: 'error',
};

const endingOfStep: Readonly<Record<StepRecord['outcome'], Ending>> = {
  done: 'passed',
  failed: 'failure',
  cancelled: 'error',
  skipped: 'skipped',
  planned: 'skipped',
};

/** A warning or a notice does not fail a release, so it does not fail its case; its text is in the case's output. */
const endingOfFinding: Readonly<Record<Finding['level'], Ending>> = {
  error: 'failure',
  warning: 'passed',
  notice: 'passed',
};

interface Case {
  name: string;
  ending: Ending;
  /** What kind of failure or error. */
  type: string;
  message: string;
  ms: number;
  place?: Finding['place'];
}

interface Suite {
  name: string;
  startedAt: string;
  ms: number;
  cases: readonly Case[];
}

/** JUnit XML: a suite for each stage, a case for its verdict and for each of its findings, gates and steps. */
export function renderJunit(record: ReleaseRecord): string {
  const suites = suitesOf(record);
  const cases = suites.flatMap((suite) => suite.cases);
  const ms = suites.reduce((sum, suite) => sum + suite.ms, 0);
  // A record about an address is of no release.
  const what = [record.application, record.release.version].filter((text) => text !== '').join(' ');
  return markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="${what} to ${record.environment}" ${counts(cases)} time="${seconds(ms)}">
${suites.map(drawSuite)}</testsuites>
`.text;
}

function suitesOf(record: ReleaseRecord): readonly Suite[] {
  const ofStages = record.stages.map((stage) =>
    suiteOf(stage, stage.name === 'cutover' ? cutoverCases(record) : []),
  );
  const suites = [...ofStages, ...proofSuites(record).map(suiteOfProof)];
  if (record.cutover === undefined || record.stages.some((stage) => stage.name === 'cutover')) return suites;
  const alone: StageRecord = {
    name: 'cutover',
    verdict: record.verdict,
    startedAt: record.startedAt,
    durationMs: record.cutover.steps.reduce((sum, step) => Math.max(sum, step.atMs + step.durationMs), 0),
    summary: record.cutover.reason,
    findings: [],
  };
  return [...suites, suiteOf(alone, cutoverCases(record))];
}

const suiteOfProof = ({ cases, ...suite }: ProofSuite): Suite => ({
  ...suite,
  cases: cases.map(({ verdict, ...one }) => ({ ...one, ending: endingOf[verdict], type: verdict })),
});

function suiteOf(stage: StageRecord, more: readonly Case[]): Suite {
  const verdict: Case = {
    name: `verdict of ${stage.name}`,
    ending: endingOf[stage.verdict],
    type: stage.verdict,
    message: stage.summary,
    ms: 0,
  };
  const findings = stage.findings.map((finding) => ({
    name: `${finding.level} ${finding.rule}`,
    ending: endingOfFinding[finding.level],
    type: finding.rule,
    message: finding.message,
    ms: 0,
    ...(finding.place ? { place: finding.place } : {}),
  }));
  const { name, startedAt, durationMs: ms } = stage;
  return { name, startedAt, ms, cases: [verdict, ...findings, ...more] };
}

function cutoverCases({ cutover }: ReleaseRecord): readonly Case[] {
  const gates = (cutover?.gates ?? []).map((gate) => ({
    name: `gate ${gate.name}`,
    ending: endingOf[gate.verdict],
    type: gate.verdict,
    message: `measured ${gate.measured}, limit ${gate.limit}`,
    ms: 0,
  }));
  const steps = (cutover?.steps ?? []).map((step) => ({
    name: `step ${step.step}${step.component === undefined ? '' : ` of ${step.component}`}`,
    ending: endingOfStep[step.outcome],
    type: step.outcome,
    message: step.detail === undefined ? step.reason : `${step.reason}: ${step.detail}`,
    ms: step.durationMs,
  }));
  return [...gates, ...steps];
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

function counts(cases: readonly Case[]): Markup {
  const number = (ending: Ending): number => cases.filter((one) => one.ending === ending).length;
  return markup`tests="${cases.length}" failures="${number('failure')}" errors="${number('error')}" skipped="${number('skipped')}"`;
}

function drawSuite(suite: Suite): Markup {
  return markup`<testsuite name="${line(suite.name)}" ${counts(suite.cases)} time="${seconds(suite.ms)}" timestamp="${line(suite.startedAt)}">
${suite.cases.map((one) => drawCase(one, suite.name))}</testsuite>
`;
}

function drawCase(one: Case, suite: string): Markup {
  const place = one.place
    ? markup` file="${line(one.place.file)}"${one.place.line === undefined ? undefined : markup` line="${one.place.line}"`}`
    : undefined;
  return markup`<testcase classname="${line(`cutover.${suite}`)}" name="${line(one.name)}"${place} time="${seconds(one.ms)}">${body(one)}</testcase>
`;
}

function body(one: Case): Markup {
  const message = shorten(one.message, longestMessage);
  const drawn: Readonly<Record<Ending, () => Markup>> = {
    passed: () => markup`<system-out>${message}</system-out>`,
    failure: () => markup`<failure type="${line(one.type)}" message="${line(message)}">${message}</failure>`,
    error: () => markup`<error type="${line(one.type)}" message="${line(message)}">${message}</error>`,
    skipped: () => markup`<skipped message="${line(message)}"/>`,
  };
  return drawn[one.ending]();
}

/** An attribute is one line. */
const line = (text: string): string => text.replace(/\s+/g, ' ');
