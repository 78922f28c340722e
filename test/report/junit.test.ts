import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Verdict } from '../../src/platform/verdict.ts';
import { renderJunit } from '../../src/report/junit.ts';
import type { ReleaseRecord, StepRecord } from '../../src/report/record.ts';
import { hostileTexts, withTexts } from '../support/hostile.ts';
import {
  cleanRecord,
  records,
  rollbackRecord,
  stagesOnlyRecord,
  unmeasuredRecord,
} from '../support/records.ts';
import { allOf, readXml, type XmlElement } from '../support/xml.ts';

const read = (record: ReleaseRecord): XmlElement => readXml(renderJunit(record));
const cases = (root: XmlElement): readonly XmlElement[] =>
  allOf(root).filter((one) => one.name === 'testcase');
const ended = (root: XmlElement, name: string): readonly string[] =>
  cases(root)
    .filter((one) => one.attributes['name'] === name)
    .flatMap((one) => one.children.map((child) => child.name));

/** Counts that a reader of JUnit makes for itself. */
function counted(element: XmlElement): Record<string, string> {
  const all = cases(element);
  const number = (name: string): string =>
    String(all.filter((one) => one.children.some((child) => child.name === name)).length);
  return {
    tests: String(all.length),
    failures: number('failure'),
    errors: number('error'),
    skipped: number('skipped'),
  };
}

describe.each(Object.entries(records))('the JUnit file of %s', (_, make) => {
  test('is well-formed, the same each time, and counts right', () => {
    expect(renderJunit(make())).toBe(renderJunit(make()));
    const root = read(make());
    expect(root.attributes).toMatchObject(counted(root));
    for (const suite of root.children) {
      expect(suite.name).toBe('testsuite');
      expect(suite.attributes).toMatchObject(counted(suite));
    }
    const { stages, smoke = [], chaos } = make();
    expect(root.children.map((suite) => suite.attributes['name'])).toEqual([
      ...stages.map(({ name }) => name),
      ...smoke.map(({ aim }) => `smoke on ${aim}`),
      ...(chaos?.experiments ?? []).map(({ name }) => `chaos ${name}`),
    ]);
  });
});

describe('endings', () => {
  const withVerdict = (verdict: Verdict): ReleaseRecord => {
    const record = cleanRecord();
    return { ...record, stages: record.stages.map((stage) => ({ ...stage, verdict })) };
  };
  test.each<[Verdict, string]>([
    ['passed', 'system-out'],
    ['failed', 'failure'],
    ['inconclusive', 'error'],
    ['cancelled', 'error'],
  ])('a stage that is %s is a case with %s', (verdict, element) => {
    expect(ended(read(withVerdict(verdict)), 'verdict of build')).toEqual([element]);
  });

  test.each<[StepRecord['outcome'], string]>([
    ['done', 'system-out'],
    ['failed', 'failure'],
    ['cancelled', 'error'],
    ['skipped', 'skipped'],
    ['planned', 'skipped'],
  ])('a step that is %s is a case with %s', (outcome, element) => {
    const record = cleanRecord();
    const steps: StepRecord[] = [{ step: 'bake', reason: 'because', atMs: 0, durationMs: 5, outcome }];
    const cutover = record.cutover && { ...record.cutover, steps };
    expect(ended(read({ ...record, ...(cutover ? { cutover } : {}) }), 'step bake')).toEqual([element]);
  });

  test('a gate without data is an error, not a pass', () => {
    expect(ended(read(unmeasuredRecord()), 'gate failed requests')).toEqual(['error']);
  });

  test('a failed gate is a failure with what was measured and what was the limit', () => {
    const [gate] = cases(read(rollbackRecord())).filter(
      (one) => one.attributes['name'] === 'gate failed requests',
    );
    expect(gate?.children[0]?.attributes['message']).toBe('measured 5 of 4,800, limit at most 0');
  });

  test('a finding keeps its place', () => {
    const [finding] = cases(read(stagesOnlyRecord())).filter(
      (one) => one.attributes['name'] === 'error schema',
    );
    expect(finding?.attributes).toMatchObject({ file: 'cutover.yml', line: '7' });
  });

  test('a cutover without a stage of its name is still there', () => {
    const record = rollbackRecord();
    const root = read({ ...record, stages: record.stages.filter((stage) => stage.name !== 'cutover') });
    expect(root.children.map((suite) => suite.attributes['name'])).toEqual(['validate', 'build', 'cutover']);
    expect(ended(root, 'gate failed requests')).toEqual(['failure']);
  });
});

describe('data', () => {
  const outline = (root: XmlElement): readonly string[] => allOf(root).map((one) => one.name);
  const plain = outline(read(stagesOnlyRecord()));

  test.each(hostileTexts.map((text) => [text.slice(0, 30), text]))('stays data: %j', (_, text) => {
    expect(outline(read(withTexts(stagesOnlyRecord(), () => text)))).toEqual(plain);
    expect(cases(read(withTexts(rollbackRecord(), () => text))).length).toBeGreaterThan(5);
  });

  test('stays data whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        expect(outline(read(withTexts(stagesOnlyRecord(), () => text)))).toEqual(plain);
      }),
    );
  });
});
