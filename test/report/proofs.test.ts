import { describe, expect, test } from '@jest/globals';
import { annotations } from '../../src/report/annotations.ts';
import { renderHtml } from '../../src/report/html.ts';
import { serializeRecord } from '../../src/report/json.ts';
import { renderJunit } from '../../src/report/junit.ts';
import { nextSteps } from '../../src/report/next.ts';
import { parseRecord } from '../../src/report/parse.ts';
import { chaosSentence, ledgerText, recoveryText, smokeSentence } from '../../src/report/proof-wording.ts';
import { renderSummary } from '../../src/report/summary.ts';
import { renderText } from '../../src/report/text.ts';
import { timelineOfExperiment } from '../../src/report/timeline.ts';
import { headline } from '../../src/report/wording.ts';
import { chaosRecord, proofs, smokeOnStandby, smokeRecord } from '../support/proof-records.ts';
import { cleanRecord } from '../support/records.ts';
import { allOf, readXml, textOf } from '../support/xml.ts';

const [latency, kill, zero] = chaosRecord().chaos?.experiments ?? [];
if (!latency || !kill || !zero) throw new Error('the record has three experiments');

describe('sentences', () => {
  test.each([
    [smokeSentence(smokeOnStandby), '4 of 4 checks passed on standby'],
    [headline(smokeRecord()), '1 of 5 checks failed on live: ticks'],
    [headline(chaosRecord()), '1 of 3 experiments failed: kill one gateway'],
    [smokeSentence({ ...smokeOnStandby, checks: [] }), 'no check was made on standby'],
    [
      chaosSentence({ ...proofs.chaos, experiments: [latency, zero] }),
      '1 of 2 experiments could not tell: pause the risk engine',
    ],
    [recoveryText(kill.recovery), 'bad after 40 ms, stable again 4.9 s later'],
    [recoveryText(undefined), 'not measured'],
    [recoveryText({ windows: 10, windowMs: 100 }), 'nothing to recover from: no window was bad'],
    [recoveryText({ detectMs: 5, windows: 10, windowMs: 100 }), 'bad after 5 ms, not stable again'],
  ])('%s', (given, wanted) => expect(given).toBe(wanted));

  test('a ledger that could not be read says so instead of counts', () => {
    if (!kill.ledger) throw new Error('the experiment has a ledger');
    expect(ledgerText(kill.ledger)).toBe(
      '3 lost, 0 twice, 0 out of order of 412 acknowledged writes, 9 never acknowledged',
    );
    expect(ledgerText({ ...kill.ledger, verdict: 'inconclusive', detail: 'could not verify: 503' })).toBe(
      'could not verify: 503',
    );
  });
});

describe('the record', () => {
  test.each([
    ['smoke', smokeRecord()],
    ['chaos', chaosRecord()],
    ['a whole release', { ...cleanRecord(), ...proofs }],
  ])('of %s comes back from its file as it was', (_, record) => {
    expect(parseRecord(serializeRecord(record), 'record.json')).toEqual(JSON.parse(JSON.stringify(record)));
  });
});

describe('an experiment in its time', () => {
  test('has its faults as bands, and the moment from which it was stable as a mark', () => {
    const timeline = timelineOfExperiment(kill);
    expect(timeline?.zeroMs).toBe(4_000);
    expect(timeline?.bands).toEqual([{ kind: 'fault', label: undefined, fromMs: 4_000, toMs: 4_002 }]);
    expect(timeline?.marks.map(({ kind, atMs }) => [kind, atMs])).toEqual([
      ['fault', 4_000],
      ['breach', 4_002],
      ['recovered', 8_940],
    ]);
  });

  test('without a meter is not drawn', () => expect(timelineOfExperiment(zero)).toBeUndefined());
});

describe('the page', () => {
  const html = renderHtml({ ...cleanRecord(), ...proofs });
  const root = readXml(html, ['meta', 'br']);
  const text = textOf(root);

  test('has each run of checks and each experiment', () => {
    const titles = allOf(root)
      .filter(({ name }) => name === 'h2')
      .map(textOf);
    expect(titles).toEqual(
      expect.arrayContaining([
        'Smoke on standby',
        'Smoke on live',
        'Chaos',
        'Experiment: slow network',
        'Experiment: kill one gateway',
        'Experiment: pause the risk engine',
      ]),
    );
  });

  test('draws the faults as bands in both charts of an experiment', () => {
    const bands = allOf(root).filter((one) => one.name === 'rect' && one.attributes['class'] === 'fault');
    expect(bands).toHaveLength(4);
    expect(Number(bands.at(-1)?.attributes['width'])).toBeGreaterThanOrEqual(2);
  });

  test.each([
    'round trip +99.6 ms of 100 ms asked',
    'process 4711 is gone, 4718 took its place',
    'no message within 2 s',
    'run this check on a runner inside the network',
    '3 lost, 0 twice, 0 out of order of 412 acknowledged writes',
    'a3f09c',
  ])('tells %s', (wanted) => expect(text).toContain(wanted));

  test('gives every drawing ids of its own', () => {
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('the other reports', () => {
  test('the summary has one row a check and one an experiment', () => {
    const summary = renderSummary({ ...cleanRecord(), ...proofs });
    expect(summary).toContain('### Smoke');
    expect(summary.split('\n').filter((line) => line.startsWith('| ticks'))).toHaveLength(2);
    expect(
      summary.split('\n').filter((line) => /^\| (slow network|kill one gateway|pause the)/.test(line)),
    ).toHaveLength(3);
    expect(summary).toMatch(/unreachable from here/);
  });

  test('JUnit has a case per check, steady state, fault and gate', () => {
    const xml = readXml(renderJunit(chaosRecord()));
    const cases = allOf(xml).filter(({ name }) => name === 'testcase');
    const names = cases.map(({ attributes }) => `${attributes['classname']}: ${attributes['name']}`);
    expect(names).toEqual(
      expect.arrayContaining([
        'cutover.chaos slow network: steady state before',
        'cutover.chaos slow network: fault slow-network/1',
        'cutover.chaos slow network: gate p99 of slow network',
        'cutover.chaos slow network: steady state after',
        'cutover.chaos kill one gateway: acknowledged writes',
        'cutover.chaos pause the risk engine: verdict',
      ]),
    );
    const failed = allOf(xml).filter(({ name }) => name === 'failure');
    expect(failed.map(({ attributes }) => attributes['message'])).toContain(
      '3 lost, 0 twice, 0 out of order of 412 acknowledged writes, 9 never acknowledged',
    );
    expect(allOf(readXml(renderJunit(smokeRecord()))).filter(({ name }) => name === 'error')).toHaveLength(2);
  });

  test('the terminal lists them with their signs', () => {
    const text = renderText(smokeRecord());
    expect(text).toMatch(/✗ ticks +unhealthy: no message within 2 s/);
    expect(text).toMatch(/\? database +unreachable from here/);
    expect(renderText(chaosRecord())).toMatch(/chaos: kill one gateway\n {2}✗ verdict +recovery: 4.9 s/);
  });

  test('annotations name what did not simply pass', () => {
    const texts = annotations({ ...cleanRecord(), ...proofs }).map(({ level, text }) => `${level} ${text}`);
    expect(texts).toEqual(
      expect.arrayContaining([
        'error ticks on live: unhealthy: no message within 2 s',
        'warning orders on standby: passed, but not at once: 201 in 4 ms',
        'warning pause the risk engine: no instance was left to choose',
      ]),
    );
  });

  test.each([
    ['smoke', smokeRecord(), ['cutover smoke --environment production']],
    ['chaos', chaosRecord(), ['cutover chaos --environment production']],
    ['an address', { ...smokeRecord(), target: 'url' }, []],
  ])('the next step after %s', (_, record, wanted) => {
    expect(nextSteps(record).map(({ command }) => command)).toEqual(wanted);
  });

  test('what a fault left has to be ended first', () => {
    const [fault] = latency.faults;
    if (!fault) throw new Error('the experiment has a fault');
    const experiments = [{ ...latency, faults: [{ ...fault, left: 'a paused process' }] }];
    const record = { ...chaosRecord(), chaos: { ...proofs.chaos, experiments } };
    expect(nextSteps(record)[0]?.command).toBe('cutover chaos revert --environment production');
  });
});
