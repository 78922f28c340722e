import { describe, expect, test } from '@jest/globals';
import { validate } from '../../../src/validate/engine.ts';
import { mostProblems } from '../../../src/validate/read/problem-list.ts';
import { rules } from '../../../src/validate/rules/index.ts';
import { syntaxRules } from '../../../src/validate/rules/syntax/index.ts';
import { workspaceOf } from '../../support/validate-workspace.ts';

/** A quarter of a megabyte: what takes time that grows with the square would not end within the test's time. */
const size = 256 * 1024;
const filled = (text: string): string => text.repeat(Math.floor(size / text.length));

const head = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n';

const cases: Record<string, readonly [string, string]> = {
  'opening brackets': ['a.yml', filled('[')],
  'the same key': ['a.yml', filled('a: 1\n')],
  'markers of documents': ['a.yml', filled('---\n')],
  'broken documents': ['a.yml', filled('---\n[\n')],
  tabs: ['a.yml', filled('---\na:\n\tb\n')],
  anchors: ['a.yml', filled('- &a x\n')],
  aliases: ['a.yml', `- &a x\n${filled('- *a\n')}`],
  'merge keys': ['a.yml', `- &a { b: 1 }\n${filled('- <<: *a\n')}`],
  'a quote that is never closed': ['a.yml', `"${filled('x\n')}`],
  'one long plain text': ['a.yml', `a: ${filled('x\n  ')}`],
  'explicit keys': ['a.yml', filled('? ')],
  'lists in lists': ['a.yml', filled('- ')],
  colons: ['a.yml', filled(': ')],
  'words for truth': ['a.yml', `${head}data:\n  x: ${filled('no ')}`],
  'deep mappings': ['a.yml', Array.from({ length: 700 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
  templates: ['a.yml', filled('{{ x }}\n')],
  'JSON brackets': ['a.json', `{"apiVersion":${filled('[')}`],
  'JSON keys': ['a.json', `{"apiVersion":1${filled(',"a":1')}}`],
  'a JSON text': ['a.json', `{"apiVersion":"${filled('\\u0041')}"}`],
  'one long RUN': ['Dockerfile', `FROM a\nRUN ${filled('a \\\n')}`],
  'many RUN': ['Dockerfile', `FROM a\n${filled('RUN a\n')}`],
  'unknown instructions': ['Dockerfile', filled('X\n')],
  flags: ['Dockerfile', `FROM a\nRUN ${filled('--a=b ')}`],
  'here-documents': ['Dockerfile', `FROM a\nRUN ${filled('<<A ')}`],
  'quotes in a RUN': ['Dockerfile', `FROM a\nRUN ${filled('x" ')}'`],
  ONBUILD: ['Dockerfile', `FROM a\n${filled('ONBUILD ')}`],
  'variables of one name': ['.env', filled('A=1\n')],
  'open quotes': ['.env', filled('A="\n')],
  blanks: ['.env', `A=${filled(' ')}x`],
  'jobs of a workflow': ['.github/workflows/a.yml', `on: push\njobs:\n${filled('  a: {}\n')}`],
  services: ['compose.yml', `services:\n${filled('  a: {}\n')}`],
};

describe('files made to take long end soon', () => {
  test.each(Object.entries(cases))('%s', async (_, [path, text]) => {
    const workspace = await workspaceOf({ [path]: text });
    expect(workspace.unreadable.length).toBeLessThanOrEqual(mostProblems + 1);
    expect(validate(workspace, syntaxRules).findings.length).toBeLessThanOrEqual(mostProblems + 1);
    // All rules are linear as well: one that is not would not end within the test's time.
    expect(validate(workspace, rules).findings.filter(({ rule }) => rule === 'internal-error')).toEqual([]);
  });
});
