import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { chooseAnnotations } from '../../src/hosts/annotations.ts';
import { findingAnnotations } from '../../src/report/findings-annotations.ts';
import { findingsJson, renderFindingsJson } from '../../src/report/findings-json.ts';
import { renderFindingsJunit } from '../../src/report/findings-junit.ts';
import type { FindingsReport, IgnoredFinding, ReportedFinding } from '../../src/report/findings-model.ts';
import { renderFindingsSummary } from '../../src/report/findings-summary.ts';
import { renderFindings, renderSkips } from '../../src/report/findings-text.ts';
import { renderSarif, sarif, sarifLimits } from '../../src/report/sarif.ts';
import { catalogue } from '../../src/validate/catalogue.ts';
import { parseDiff } from '../../src/validate/changed-lines.ts';
import { hostileTexts } from '../support/hostile.ts';
import { officialSarif } from '../support/official-sarif.ts';
import { sarifSchema } from '../support/sarif-schema.ts';
import { allOf, readXml, textOf } from '../support/xml.ts';

const finding = (more: Partial<ReportedFinding> = {}): ReportedFinding => ({
  rule: 'image-pinned',
  severity: 'error',
  message: '"gateway:latest" has a tag that moves',
  file: 'k8s/a.yml',
  line: 12,
  column: 9,
  path: 'spec/image',
  fingerprint: '0123456789abcdef',
  isChanged: false,
  ...more,
});
const report = (more: Partial<FindingsReport> = {}): FindingsReport => ({
  verdict: 'failed',
  summary: '1 error in 1 of 2 files',
  findings: [finding()],
  ignored: [],
  skips: [],
  files: ['k8s/a.yml', 'k8s/b.yml'],
  ...more,
});
const rulesPage = 'https://github.com/acme/cutover/blob/main/docs/rules.md';
const ignored: IgnoredFinding = { ...finding({ line: 3 }), by: 'inline', reason: 'dev [only](x)' };
const skip = { rule: 'custom-resource', file: 'k8s/c.yml', reason: 'no schema for Widget.example.com' };

describe('in a terminal', () => {
  test('findings are grouped by file and aligned, the worst with their line', () => {
    const findings = [
      finding({ file: 'a.yml', line: 3, column: 2, severity: 'warning', rule: 'spread', message: 'one' }),
      finding({ file: 'a.yml', line: 12, column: 10, message: 'two' }),
      finding({ file: 'b.yml', line: 1, column: 1, severity: 'notice', message: 'three' }),
    ];
    const text = renderFindings(report({ findings, ignored: [ignored], skips: [skip] }), {
      withSource: 1,
      sourceOf: () => 'image:\tx # latest',
    });
    expect(text).toBe(`a.yml
    3:2  warning  spread        one
  12:10  error    image-pinned  two
       │ image: x # latest
       │          ^

b.yml
  1:1  notice  image-pinned  three

✗ 1 error in 1 of 2 files
  1 ignored with a reason, 1 check skipped
`);
    expect(renderSkips({ skips: [skip] })).toBe(
      '  – k8s/c.yml custom-resource: no schema for Widget.example.com\n',
    );
  });

  test('findings on one line share it, and messages are wrapped at the width of a terminal', () => {
    const findings = [
      finding({
        line: 7,
        column: 3,
        rule: 'a',
        severity: 'warning',
        message: 'one two three four five six seven eight nine ten',
      }),
      finding({ line: 7, column: 3, rule: 'b', message: 'x' }),
      finding({ line: 7, column: 9, rule: 'c', message: 'y' }),
    ];
    const text = renderFindings(report({ summary: 's', findings }), {
      withSource: 9,
      width: 50,
      sourceOf: () => '  a: 1, b: 2',
    });
    expect(text).toBe(`k8s/a.yml
  7:3  warning  a  one two three four five six
                   seven eight nine ten
  7:3  error    b  x
  7:9  error    c  y
     │   a: 1, b: 2
     │   ^     ^

✗ s
`);
  });

  test.each([
    ['at the start', 'x'.repeat(300), 1],
    ['far behind', `${'x'.repeat(250)}HERE${'y'.repeat(300)}`, 251],
    ['at the very end', `${'x'.repeat(300)}HERE`, 301],
    ['behind wide characters', `${'漢'.repeat(10)}HERE`, 11],
  ])('a long line is cut around the caret %s', (_, line, column) => {
    const text = renderFindings(report({ findings: [finding({ column })] }), {
      withSource: 1,
      width: 80,
      sourceOf: () => line,
    });
    const [source = '', caret = ''] = text.split('\n').filter((row) => row.includes('│'));
    expect([...source].length).toBeLessThanOrEqual(84);
    if (column > 1) {
      const columns = [...source.slice(0, source.indexOf('HERE'))].reduce(
        (sum, one) => sum + (one === '漢' ? 2 : 1),
        0,
      );
      expect(caret.indexOf('^')).toBe(columns);
    }
  });

  test.each(hostileTexts.map((text) => [text.slice(0, 40), text]))('%j cannot act', (_, text) => {
    const out = renderFindings(
      report({ summary: 'x', findings: [finding({ message: text, file: text, rule: 'r' })] }),
      {
        withSource: 1,
        sourceOf: () => text,
      },
    );
    expect(out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
    for (const line of out.split('\n')) expect(line).not.toMatch(/^\s*::|##\[/);
  });
});

describe('annotations', () => {
  const many = (count: number, more: Partial<ReportedFinding>) =>
    Array.from({ length: count }, (_, i) =>
      finding({ line: i + 1, message: `${more.severity} ${i}`, ...more }),
    );

  test('are worst first, changed lines first, and one of each rule and file before the second', () => {
    const findings = [
      finding({ severity: 'notice', isChanged: true, line: 1 }),
      finding({ severity: 'error', line: 2 }),
      finding({ severity: 'error', line: 3 }),
      finding({ severity: 'error', line: 4, file: 'z.yml' }),
      finding({ severity: 'error', line: 5, isChanged: true, file: 'z.yml' }),
      finding({ severity: 'warning', line: 6 }),
    ];
    expect(findingAnnotations({ findings }).map(({ place }) => place.line)).toEqual([5, 2, 4, 3, 6, 1]);
  });

  test('at most ten of a level reach the runner, one place kept for the message of the step', () => {
    const findings = [
      ...many(30, { severity: 'error' }),
      ...many(12, { severity: 'warning' }),
      ...many(3, { severity: 'notice' }),
    ];
    const sent = chooseAnnotations([...findingAnnotations({ findings })], 1);
    const of = (level: string) => sent.filter((one) => one.level === level);
    expect([of('error').length, of('warning').length, of('notice').length]).toEqual([9, 10, 3]);
    expect(of('error').at(-1)?.text).toContain('22 more');
  });
});

describe('the summary', () => {
  test('is a table a file, files with errors first', () => {
    const findings = [
      finding({ file: 'a.yml', severity: 'warning' }),
      finding({ file: 'b.yml', isChanged: true }),
      finding({ file: 'b.yml', severity: 'notice', line: 2 }),
    ];
    const text = renderFindingsSummary(report({ findings, skips: [skip], ignored: [ignored] }), {
      rulesPage,
    });
    expect(text.indexOf('b.yml')).toBeLessThan(text.indexOf('a.yml'));
    expect(text).toContain(
      `| 12:9 (changed here) | **error** | [<code>image-pinned</code>](${rulesPage}#image-pinned) |`,
    );
    expect(text).toContain('no schema for Widget.example.com (1 file)');
    expect(text).toContain('image-pinned: dev &#91;only&#93;&#40;x&#41; (1)');
  });

  test.each([1_000, 10_000, 64 * 1024])('stays within %i bytes and says what it leaves out', (bytes) => {
    const findings = Array.from({ length: 3_000 }, (_, i) =>
      finding({ line: i, file: `f${i % 7}.yml`, message: '漢'.repeat(50) }),
    );
    const text = renderFindingsSummary(report({ findings }), { bytes });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(bytes);
    const shown = text.split('\n').filter((line) => /^\| \d/.test(line)).length;
    expect(text).toContain(`and ${(3_000 - shown).toLocaleString('en')} more findings`);
  });

  test('no text breaks out of its cell', () => {
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(...hostileTexts), fc.string({ unit: 'binary' })), (text) => {
        const calm = renderFindingsSummary(report({ findings: [finding({ message: 'x', file: 'x' })] }));
        const out = renderFindingsSummary(report({ findings: [finding({ message: text, file: text })] }));
        const shape = (markdown: string) =>
          markdown.split('\n').map((line) => line.replaceAll(/[^|]/g, '').length);
        expect(shape(out)).toEqual(shape(calm));
        expect(out.replaceAll(/<\/?(code|details|summary)>/g, '')).not.toMatch(/[<>]/);
      }),
    );
  });
});

describe('JUnit', () => {
  test('has a suite a file and a case a rule; a clean file passes, a skip is skipped', () => {
    const findings = [finding(), finding({ line: 13 }), finding({ rule: 'spread', severity: 'warning' })];
    const root = readXml(renderFindingsJunit(report({ findings, skips: [skip] })));
    expect(root.attributes).toMatchObject({ tests: '4', failures: '1', errors: '0', skipped: '1' });
    const cases = allOf(root).filter(({ name }) => name === 'testcase');
    expect(
      cases.map(({ attributes, children }) => [attributes['file'], attributes['name'], children[0]?.name]),
    ).toEqual([
      ['k8s/a.yml', 'image-pinned', 'failure'],
      ['k8s/a.yml', 'spread', 'system-out'],
      ['k8s/b.yml', 'clean', 'system-out'],
      ['k8s/c.yml', 'custom-resource', 'skipped'],
    ]);
    const strict = readXml(renderFindingsJunit(report({ findings }), { failOn: 'warning' }));
    expect(strict.attributes['failures']).toBe('2');
  });

  test('nothing checked is an error, never a pass', () => {
    const root = readXml(
      renderFindingsJunit(report({ verdict: 'inconclusive', findings: [], files: [], summary: 'nothing' })),
    );
    expect(root.attributes).toMatchObject({ tests: '1', errors: '1' });
  });

  test('is well-formed whatever the texts are', () => {
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(...hostileTexts), fc.string({ unit: 'binary' })), (text) => {
        const findings = [finding({ message: text, file: text || 'x', rule: text })];
        const root = readXml(
          renderFindingsJunit(report({ findings, skips: [{ rule: text, file: text, reason: text }] })),
        );
        expect(root.name).toBe('testsuites');
        if (/^[\w ]{1,1000}$/.test(text)) expect(textOf(root)).toContain(text);
      }),
    );
  });
});

describe('JSON', () => {
  test('has the counts, every finding and what was left out', () => {
    const value = JSON.parse(
      renderFindingsJson(
        report({ ignored: [ignored], skips: [skip], findings: [finding({ isChanged: true })] }),
      ),
    );
    expect(value).toMatchObject({
      schema: 'cutover/findings/v1',
      verdict: 'failed',
      errors: 1,
      warnings: 0,
      notices: 0,
      files: 2,
    });
    expect(value.findings).toEqual([
      expect.objectContaining({ rule: 'image-pinned', line: 12, column: 9, changed: true }),
    ]);
    expect(value.ignored).toEqual([expect.objectContaining({ by: 'inline', reason: 'dev [only](x)' })]);
    expect(value).toEqual(
      JSON.parse(
        JSON.stringify(
          findingsJson(
            report({ ignored: [ignored], skips: [skip], findings: [finding({ isChanged: true })] }),
          ),
        ),
      ),
    );
  });
});

describe('SARIF', () => {
  const check = new Ajv({ strict: true, strictRequired: false }).compile(sarifSchema);
  const options = { rules: catalogue, rulesPage };
  /** The list of rules is the same in all, and long. */
  const short = { rules: catalogue.filter(({ id }) => id === 'image-pinned'), rulesPage };
  const official = officialSarif();
  const valid = (text: string) => {
    const value = JSON.parse(text);
    check(value);
    official(value);
    return check.errors ?? official.errors ?? null;
  };

  test('has what the specification asks for, and every rule', () => {
    const text = renderSarif(report({ ignored: [ignored], skips: [skip] }), options);
    expect(valid(text)).toBeNull();
    const run = sarif(report({ ignored: [ignored], skips: [skip] }), options).runs[0];
    expect(run?.tool.driver.rules.map(({ id }) => id)).toEqual(catalogue.map(({ id }) => id));
    for (const result of run?.results ?? []) {
      expect(run?.tool.driver.rules[result.ruleIndex ?? -1]?.id).toBe(result.ruleId);
    }
    expect(run?.results[0]).toMatchObject({
      level: 'error',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'k8s/a.yml', uriBaseId: '%SRCROOT%' },
            region: { startLine: 12, startColumn: 9 },
          },
        },
      ],
      partialFingerprints: { primaryLocationLineHash: '0123456789abcdef:1' },
    });
    // The same defect twice in a file is two results that can be told apart.
    expect(run?.results[1]).toMatchObject({
      partialFingerprints: { primaryLocationLineHash: '0123456789abcdef:2' },
      suppressions: [{ kind: 'inSource', justification: 'dev [only](x)' }],
    });
    expect(run?.invocations[0]?.executionSuccessful).toBe(true);
  });

  test('refuses what is no SARIF, so that the check above means something', () => {
    const value = JSON.parse(renderSarif(report(), options));
    value.runs[0].results[0].locations[0].physicalLocation.region.startLine = 0;
    expect(valid(JSON.stringify(value))).not.toBeNull();
    value.runs[0].results[0].locations[0].physicalLocation.region.startLine = 1;
    value.runs[0].results[0].severity = 'error';
    expect(valid(JSON.stringify(value))).not.toBeNull();
  });

  test('keeps the most severe results and says how many are left out', () => {
    const warnings = Array.from({ length: sarifLimits.results }, () => finding({ severity: 'warning' }));
    const run = sarif(report({ findings: [...warnings, finding(), finding()] }), options).runs[0];
    expect(run?.results).toHaveLength(sarifLimits.results);
    expect(run?.results.slice(0, 3).map(({ level }) => level)).toEqual(['error', 'error', 'warning']);
    expect(run?.invocations[0]?.toolExecutionNotifications[0]?.message.text).toContain(
      '2 less severe results left out',
    );
  });

  test.each([
    ['k8s/a b.yml', 'k8s/a%20b.yml'],
    ['k8s/ä#?.yml', 'k8s/%C3%A4%23%3F.yml'],
    ['a:b.yml', 'a%3Ab.yml'],
  ])('the address of %s is relative and escaped', (file, uri) => {
    const run = sarif(report({ findings: [finding({ file })] }), options).runs[0];
    expect(run?.results[0]?.locations[0]?.physicalLocation.artifactLocation.uri).toBe(uri);
  });

  test('is valid whatever the texts are, and no text becomes a link', () => {
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(...hostileTexts), fc.string({ unit: 'binary' })), (text) => {
        const skips = [{ rule: text, file: text, reason: text }];
        const out = renderSarif(report({ findings: [finding({ message: text, file: text })], skips }), short);
        expect(valid(out)).toBeNull();
        expect(out).toBe(out.toWellFormed());
        const message: string = JSON.parse(out).runs[0].results[0].message.text;
        expect(message).not.toMatch(/(?<!\\)\[[^\]]*(?<!\\)\]\s*\(/);
      }),
      { numRuns: 60 },
    );
  });
});

describe('parseDiff', () => {
  test('gives the new lines of each file', () => {
    const diff = `diff --git a/k8s/a.yml b/k8s/a.yml
index 1..2 100644
--- a/k8s/a.yml
+++ b/k8s/a.yml
@@ -3 +3,2 @@ spec:
-a
+++ b/not-a-header
+c
@@ -9,2 +10,0 @@
-x
-y
diff --git a/gone.yml b/gone.yml
--- a/gone.yml
+++ /dev/null
@@ -1 +0,0 @@
-x
diff --git "a/t\\tab.yml" "b/t\\tab.yml"
--- /dev/null
+++ "b/t\\tab.yml"
@@ -0,0 +1,3 @@
+a
+b
+c
`;
    expect([...parseDiff(diff)]).toEqual([
      ['k8s/a.yml', [[3, 4]]],
      ['t\tab.yml', [[1, 3]]],
    ]);
  });
});
