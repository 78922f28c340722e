import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ReleaseRecord } from '../../src/report/record.ts';
import { renderSummary, summaryLimitBytes } from '../../src/report/summary.ts';
import { headline } from '../../src/report/wording.ts';
import { hostileTexts, withTexts } from '../support/hostile.ts';
import {
  cleanRecord,
  multiComponentRecord,
  neverReadyRecord,
  planRecord,
  records,
  refusedRecord,
  rollbackRecord,
  slowRecord,
  stagesOnlyRecord,
  unmeasuredRecord,
} from '../support/records.ts';

/** What a summary is made of: its lines without the data in them. */
interface Outline {
  headings: readonly string[];
  /** For each table, the number of cells of each of its lines. */
  tables: readonly (readonly number[])[];
  fences: readonly string[];
}

function outline(text: string): Outline {
  const lines = text.split('\n');
  const tables: number[][] = [];
  lines.forEach((line, n) => {
    if (!line.startsWith('|')) return;
    const cells = line.split(/(?<!\\)\|/).length - 2;
    if (lines[n - 1]?.startsWith('|')) tables.at(-1)?.push(cells);
    else tables.push([cells]);
  });
  return {
    headings: lines.filter((line) => /^#{1,6} /.test(line)).map((line) => line.replace(/^(## .).*/, '$1')),
    tables,
    fences: lines.filter((line) => /^\s*(```|~~~)/.test(line)),
  };
}

/** Without code fences, the tags we write and the escapes we write, nothing of HTML or Markdown may be left in cells. */
function leftovers(text: string): string {
  const outside = text.replace(/```(mermaid|text)\n[\s\S]*?\n```/g, '');
  const cells = outside.split('\n').filter((line) => line.startsWith('|') && !line.startsWith('| ---'));
  return cells
    .join('\n')
    .replace(/<\/?code>/g, '')
    .replace(/&#\d+;/g, '')
    .replace(/\|/g, '');
}

const mermaid = (text: string): readonly string[] =>
  text.match(/```mermaid\n([\s\S]*?)\n```/)?.[1]?.split('\n') ?? [];

describe.each(Object.entries(records))('the summary of %s', (_, make) => {
  const text = renderSummary(make());

  test('is the same for the same record', () => expect(renderSummary(make())).toBe(text));
  test('has tables whose rows agree with their heads', () => {
    for (const table of outline(text).tables) expect(new Set(table).size).toBe(1);
  });
  test('has a chart of at most twelve nodes', () => {
    expect(mermaid(text).filter((line) => /^ {2}s\d+\[/.test(line)).length).toBeLessThanOrEqual(12);
  });
});

test.each<[string, () => ReleaseRecord, string]>([
  ['clean', cleanRecord, 'v2 is live: 0 of 18,000 requests failed, longest gap 6.2 ms, p99 3.7 ms'],
  [
    'rollback',
    rollbackRecord,
    'v3 was rolled back: v2 is live again 96 ms after the breach was seen; 5 of 4,800 requests failed, longest gap 7.8 ms, p99 3.7 ms',
  ],
  [
    'slow',
    slowRecord,
    'v4 was rolled back: v2 is live again 121 ms after the breach was seen; 0 of 4,800 requests failed, longest gap 83.2 ms, p99 82.1 ms',
  ],
  ['unmeasured', unmeasuredRecord, 'v2 is live: requests were not measured (verdict: inconclusive)'],
  ['refused', refusedRecord, 'v1 was refused: v2 stays live'],
  ['plan', planRecord, 'Plan for v2: nothing was written'],
  ['never ready', neverReadyRecord, 'Nothing changed: v1 is still live'],
  ['stages only', stagesOnlyRecord, 'v2 failed before anything was switched'],
])('the headline of %s is in plain words', (_, make, words) => {
  expect(headline(make())).toBe(words);
});

describe('what to do next', () => {
  test.each<[string, ReleaseRecord, string | undefined]>([
    ['all is well', cleanRecord(), undefined],
    ['rolled back', rollbackRecord(), 'cutover apply --environment production'],
    ['live but unproven', unmeasuredRecord(), 'cutover rollback --environment production'],
    ['refused', refusedRecord(), 'cutover status --environment production'],
    ['cancelled', { ...rollbackRecord(), verdict: 'cancelled' }, 'cutover recover --environment production'],
    [
      'an environment with a space',
      { ...refusedRecord(), environment: "a 'b" },
      `cutover status --environment 'a &#39;&#92;&#39;&#39;b'`.replaceAll("'", '&#39;'),
    ],
  ])('%s', (_, record, command) => {
    const text = renderSummary(record);
    expect(text.includes('### What to do next')).toBe(command !== undefined);
    if (command !== undefined) expect(text).toContain(`<code>${command}</code>`);
  });
});

describe('data', () => {
  const plain = outline(renderSummary(rollbackRecord()));

  test.each(hostileTexts.map((text) => [text.slice(0, 30), text]))('stays data: %j', (_, payload) => {
    for (const make of [rollbackRecord, multiComponentRecord]) {
      const text = renderSummary(withTexts(make(), () => payload));
      expect(leftovers(text)).not.toMatch(/[<>`*[\]!\\@$]|:\/\/|www\./);
      expect(outline(text).fences).toEqual(outline(renderSummary(make())).fences);
      for (const line of mermaid(text).slice(1)) {
        expect(line).toMatch(
          /^ {2}(s\d+\["([\w .,+/-]|#\d+;)*"\]:::\w+|[rs]\d+( --> [rs]\d+)*|subgraph r\d+\[" "\]|direction LR|end|style r\d+ fill:none,stroke:none|classDef [\w :#,]+)$/,
        );
      }
    }
    const { headings, tables } = outline(renderSummary(withTexts(rollbackRecord(), () => payload)));
    expect(headings).toEqual(plain.headings);
    for (const table of tables) expect(new Set(table).size).toBe(1);
  });

  test('stays data whatever it is', () => {
    const characters = fc.constantFrom(...'<>|`*_#:.!@$[]()\\"\'&;\n\r\t -+=~{}/wa1é漢🚀\u0000\u2028');
    fc.assert(
      fc.property(fc.string({ unit: characters, maxLength: 40 }), (payload) => {
        const text = renderSummary(withTexts(rollbackRecord(), () => payload));
        expect(outline(text).headings).toEqual(plain.headings);
        expect(outline(text).fences).toEqual(plain.fences);
        for (const table of outline(text).tables) expect(new Set(table).size).toBe(1);
        expect(leftovers(text)).not.toMatch(/[<>`*[\]!\\@$]|:\/\/|www\./);
      }),
      { numRuns: 80 },
    );
  });
});

describe('size', () => {
  const many = <T>(one: T, length = 3_000): T[] => Array.from({ length }, () => one);
  const large = (text: (was: string) => string): ReleaseRecord => {
    const record = rollbackRecord();
    const { cutover } = record;
    if (cutover === undefined) throw new Error('the rollback has a cutover');
    const artifacts = Object.fromEntries(
      Array.from({ length: 3_000 }, (_, n) => [`component-${n}`, { digest: 'sha256:0' }]),
    );
    return withTexts(
      {
        ...record,
        release: { ...record.release, artifacts },
        stages: record.stages.flatMap((stage) =>
          many({ ...stage, findings: stage.findings.flatMap((one) => many(one, 3)) }, 900),
        ),
        cutover: {
          ...cutover,
          gates: cutover.gates.flatMap((gate) => many(gate)),
          switches: cutover.switches.flatMap((one) => many(one)),
          steps: many(cutover.steps[0] ?? planRecord().cutover?.steps[0]).flatMap((step, n) =>
            step ? [{ ...step, step: `${step.step}-${n}` }] : [],
          ),
        },
      },
      text,
    );
  };

  test.each<[string, (was: string) => string]>([
    ['short texts', (was) => was],
    ['texts that grow by escaping', (was) => `${was}${'|'.repeat(5_000)}`],
    ['texts of four-byte characters', (was) => `${was}${'🚀'.repeat(5_000)}`],
  ])('stays within 64 KiB with thousands of everything and %s', (_, text) => {
    const summary = renderSummary(large(text));
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(summaryLimitBytes);
    for (const table of outline(summary).tables) expect(new Set(table).size).toBe(1);
  });

  test('says how much is left out', () => {
    const summary = renderSummary(large((was) => was));
    expect(summary).toContain('and 8,940 more');
    expect(summary).toContain('"and 2989 more steps"');
    expect(summary).toMatch(/### Stages/);
  });
});
