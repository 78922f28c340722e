import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { systemProcesses } from '../../../src/platform/processes.ts';
import type { WorkspaceFiles } from '../../../src/platform/workspace-files.ts';
import type { Finding } from '../../../src/validate/finding.ts';
import { applyEdits, type Mendable } from '../../../src/validate/fix/edits.ts';
import { type Judged, patchOf, planFixes, writeFixes } from '../../../src/validate/fix/fix.ts';
import { unifiedDiff } from '../../../src/validate/fix/patch.ts';
import { fakeFiles } from '../../support/fake-files.ts';

const mend = (start: number, end: number, text: string, file = 'a'): Mendable => ({
  rule: `${start}-${end}`,
  severity: 'error',
  message: 'm',
  file,
  line: 1,
  column: start + 1,
  path: '',
  edit: { start, end, text },
});

describe('applyEdits', () => {
  test.each<[string, Mendable[], string, string[]]>([
    ['one', [mend(1, 2, 'X')], 'aXcdef', []],
    ['several, in any order', [mend(4, 5, 'Y'), mend(0, 1, 'XX')], 'XXbcdYf', []],
    ['side by side', [mend(1, 2, 'X'), mend(2, 3, 'Y')], 'aXYdef', []],
    ['the same twice', [mend(1, 2, 'X'), mend(1, 2, 'X')], 'aXcdef', []],
    ['overlapping: the first', [mend(1, 3, 'X'), mend(2, 4, 'Y')], 'aXdef', ['2-4']],
    ['two insertions at one place', [mend(1, 1, 'X'), mend(1, 1, 'Y')], 'aXbcdef', ['1-1']],
    ['an insertion where another edit ends', [mend(1, 2, 'X'), mend(2, 2, 'Y')], 'aXcdef', ['2-2']],
    ['beyond the text', [mend(5, 7, 'X')], 'abcdef', ['5-7']],
    ['backwards', [mend(3, 2, 'X')], 'abcdef', ['3-2']],
  ])('%s', (_, findings, expected, refused) => {
    const edited = applyEdits('abcdef', findings);
    expect(edited.text).toBe(expected);
    expect(edited.refused.map(({ rule }) => rule)).toEqual(refused);
    expect(edited.applied.length + edited.refused.length).toBe(findings.length);
  });

  test('does not cut a character of two units in half', () => {
    expect(applyEdits('a🚀b', [mend(2, 3, '')])).toMatchObject({ text: 'a🚀b', applied: [] });
  });

  test('applied edits are all in the text, whatever they are', () => {
    const edit = fc.record({ start: fc.nat(30), length: fc.nat(5), text: fc.constantFrom('', 'X', 'YZ') });
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 8 }), (edits) => {
        const text = 'abcdefghijklmnopqrst';
        const {
          text: after,
          applied,
          refused,
        } = applyEdits(
          text,
          edits.map((one) => mend(one.start, one.start + one.length, one.text)),
        );
        expect(applied.length + refused.length).toBe(edits.length);
        const distinct = [...new Map(applied.map(({ edit: e }) => [JSON.stringify(e), e])).values()];
        const grown = distinct.reduce((sum, e) => sum + e.text.length - (e.end - e.start), 0);
        expect(after.length).toBe(text.length + grown);
      }),
    );
  });
});

async function gitApplies(before: string, patch: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cutover-patch-'));
  try {
    await writeFile(join(folder, 'a.yml'), before);
    const ran = await systemProcesses.run(['git', 'apply', '--unidiff-zero', '-'], {
      cwd: folder,
      input: patch,
    });
    return ran.code === 0 ? await readFile(join(folder, 'a.yml'), 'utf8') : ran.stderr;
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('unifiedDiff', () => {
  const lines = Array.from({ length: 20 }, (_, i) => `line ${i + 1}\n`).join('');

  test('shows three lines around a change', () => {
    expect(unifiedDiff('a.yml', lines, lines.replace('line 10\n', 'ten\n'))).toBe(
      '--- a/a.yml\n+++ b/a.yml\n@@ -7,7 +7,7 @@\n line 7\n line 8\n line 9\n-line 10\n+ten\n line 11\n line 12\n line 13\n',
    );
    expect(unifiedDiff('a.yml', lines, lines)).toBe('');
  });

  test.each([
    ['two changes far apart', lines.replace('line 2\n', 'two\n').replace('line 19\n', 'x\ny\n')],
    ['two changes close together', lines.replace('line 8\n', '').replace('line 11\n', 'x\ny\n')],
    ['lines at both ends', `top\n${lines}bottom`],
    ['everything gone but one', 'line 5\n'],
    ['no end of line', lines.trimEnd()],
    ['CRLF', lines.replaceAll('\n', '\r\n')],
  ])('git applies a patch with %s', async (_, after) => {
    expect(await gitApplies(lines, unifiedDiff('a.yml', lines, after))).toBe(after);
  });

  test('leaves lines out that could hold a secret', async () => {
    const secret = lines.replace('line 8\n', 'password: hunter2\n');
    const after = secret.replace('line 10\n', 'ten\n').replace('line 6\n', 'six\n');
    const patch = unifiedDiff('a.yml', secret, after);
    expect(patch).not.toContain('hunter2');
    expect(await gitApplies(secret, patch)).toBe(after);
    const withheld = unifiedDiff('a.yml', secret, secret.replace('hunter2', 'hunter3'));
    expect(withheld).toMatch(/^# "a.yml", line 8: a change that is not shown/);
    expect(withheld).not.toContain('hunter');
    const both = unifiedDiff(
      'a.yml',
      secret,
      secret.replace('hunter2', 'hunter3').replace('line 18\n', 'x\n'),
    );
    expect(await gitApplies(secret, both)).toBe(secret.replace('line 18\n', 'x\n'));
  });
});

const { edit: _, ...error } = { ...mend(0, 0, ''), rule: 'worse' };

/** Files in memory; a line `bad` is an error that can be mended to what stands behind it, `worse` one that cannot. */
function workspace(texts: Record<string, string>) {
  const files: WorkspaceFiles = {
    root: '/w',
    list: () => Object.keys(texts).map((name) => ({ name, kind: 'file' as const })),
    size: (path) => texts[path]?.length,
    read: (path) => (texts[path] === undefined ? undefined : Buffer.from(texts[path])),
    exists: (path) => path in texts,
  };
  const validate = async (from: WorkspaceFiles): Promise<Judged> => {
    const read = new Map(
      from
        .list('')
        .map(({ name }) => [name, { text: Buffer.from(from.read(name) ?? []).toString() }] as const),
    );
    const findings = [...read].flatMap(([file, { text }]) => [
      ...[...text.matchAll(/bad(\w*)/g)].map(
        (found): Finding => ({
          ...mend(found.index, found.index + found[0].length, found[1] ?? '', file),
          rule: 'bad',
        }),
      ),
      ...[...text.matchAll(/(?<!bad)worse/g)].map((): Finding => ({ ...error, file })),
    ]);
    return { findings, texts: read };
  };
  return { files, validate };
}

describe('planFixes', () => {
  const plan = async (texts: Record<string, string>) => {
    const { files, validate } = workspace(texts);
    return planFixes({ root: '/w', before: await validate(files), validate, files });
  };

  test('mends every file that it can', async () => {
    const fixes = await plan({ a: 'x badgood y badfine', b: 'nothing', c: 'badok' });
    expect(fixes.files.map(({ file, after }) => [file, after])).toEqual([
      ['a', 'x good y fine'],
      ['c', 'ok'],
    ]);
    expect(fixes.unfixed).toEqual([]);
    expect(patchOf(fixes)).toContain('-badok\n\\ No newline at end of file\n+ok\n');
  });

  test('leaves a file alone whose fix would bring an error', async () => {
    const fixes = await plan({ a: 'badgood', b: 'badworse', c: 'badok' });
    expect(fixes.files.map(({ file }) => file)).toEqual(['a', 'c']);
    expect(fixes.unfixed).toMatchObject([
      { finding: { file: 'b' }, reason: 'would bring an error: b:1 worse' },
    ]);
  });

  test('errors that were there before do not matter', async () => {
    const fixes = await plan({ a: 'badgood worse' });
    expect(fixes.files.map(({ after }) => after)).toEqual(['good worse']);
  });
});

test('writeFixes leaves a file alone that has changed meanwhile', async () => {
  const files = fakeFiles({ '/w/a': 'old', '/w/b': 'other' });
  const one = (file: string) => ({ file, before: 'old', after: 'new', applied: [mend(0, 3, 'new', file)] });
  const done = await writeFixes({ files: [one('a'), one('b')], unfixed: [] }, { root: '/w', files });
  expect(done.files.map(({ file }) => file)).toEqual(['a']);
  expect(done.unfixed).toMatchObject([{ reason: 'the file has changed meanwhile' }]);
  expect(files.contents.get('/w/a')?.toString()).toBe('new');
  expect(files.contents.get('/w/b')?.toString()).toBe('other');
});

test('edits that overlap are made one after the other', async () => {
  const { files, validate } = workspace({ a: 'bad' });
  // Two rules that write at the same place; each has what it wants once its letter is there.
  const twice = async (from: WorkspaceFiles): Promise<Judged> => {
    const { texts } = await validate(from);
    const text = texts.get('a')?.text ?? '';
    const findings = ['x', 'y'].flatMap((letter): Finding[] =>
      text.includes(letter) ? [] : [{ ...mend(3, 3, letter), rule: letter }],
    );
    return { findings, texts };
  };
  const fixes = await planFixes({ root: '/w', before: await twice(files), validate: twice, files });
  expect(fixes.unfixed).toEqual([]);
  expect(fixes.files).toMatchObject([{ file: 'a', before: 'bad', after: 'badyx' }]);
  expect(fixes.files[0]?.applied.map(({ rule }) => rule)).toEqual(['x', 'y']);
});
