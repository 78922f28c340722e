import type { Verdict } from '../platform/verdict.ts';
import type { CheckRecord, ExperimentRecord, SmokeEvidence } from './proof.ts';
import { ledgerText } from './proof-wording.ts';
import type { GateRecord, ReleaseRecord } from './record.ts';

/** A case before JUnit's terms are put on it. */
export interface ProofCase {
  name: string;
  verdict: Verdict;
  message: string;
  ms: number;
}

export interface ProofSuite {
  name: string;
  startedAt: string;
  ms: number;
  cases: readonly ProofCase[];
}

/** A suite for each run of checks, and one for each experiment with a case per steady state, fault and gate. */
export function proofSuites({ smoke = [], chaos }: ReleaseRecord): readonly ProofSuite[] {
  return [...smoke.map(smokeSuite), ...(chaos?.experiments ?? []).map(experimentSuite)];
}

const iso = (ms: number): string => new Date(ms).toISOString();

const smokeSuite = ({ aim, startedAt, durationMs, checks }: SmokeEvidence): ProofSuite => ({
  name: `smoke on ${aim}`,
  startedAt: iso(startedAt),
  ms: durationMs,
  cases: checks.flatMap((check) => [
    checkCase(check),
    ...(check.gates ?? []).map((gate) => gateCase(gate, check.name)),
  ]),
});

const checkCase = ({ name, verdict, finding, detail, durationMs }: CheckRecord): ProofCase => ({
  name: `check ${name}`,
  verdict,
  message: finding === undefined ? detail : `${finding}: ${detail}`,
  ms: durationMs,
});

const gateCase = ({ name, verdict, measured, limit }: GateRecord, of: string): ProofCase => ({
  name: `gate ${name} of ${of}`,
  verdict,
  message: `measured ${measured}, limit ${limit}`,
  ms: 0,
});

function experimentSuite(one: ExperimentRecord): ProofSuite {
  const { name, startedAt, durationMs, steadyBefore, steadyAfter, ledger } = one;
  const steady = (when: string, verdict: Verdict | undefined): readonly ProofCase[] =>
    verdict === undefined ? [] : [{ name: `steady state ${when}`, verdict, message: verdict, ms: 0 }];
  const faults = one.faults.map(({ id, witnessed, witness, left, injectMs = 0, revertMs = 0 }) => ({
    name: `fault ${id}`,
    verdict: left === undefined ? witnessed : ('failed' as const),
    message: left === undefined ? witness : `${witness}; left behind: ${left}`,
    ms: injectMs + revertMs,
  }));
  const data: readonly ProofCase[] = ledger
    ? [{ name: 'acknowledged writes', verdict: ledger.verdict, message: ledgerText(ledger), ms: 0 }]
    : [];
  const verdict: ProofCase = { name: 'verdict', verdict: one.verdict, message: one.reason, ms: durationMs };
  const cases = [
    verdict,
    ...steady('before', steadyBefore),
    ...faults,
    ...one.gates.map((gate) => gateCase(gate, name)),
    ...data,
    ...steady('after', steadyAfter),
  ];
  return { name: `chaos ${name}`, startedAt: iso(startedAt), ms: durationMs, cases };
}
