import { describe, expect, test } from '@jest/globals';
import type { Document } from '../../src/validate/document.ts';
import { validate } from '../../src/validate/engine.ts';
import type { Finding } from '../../src/validate/finding.ts';
import type { Rule } from '../../src/validate/rule.ts';
import type { Workspace } from '../../src/validate/workspace.ts';
import { workspaceOf } from '../support/validate-workspace.ts';

const rule = (id: string, check: Rule['check'], severity: Rule['severity'] = 'error'): Rule => ({
  id,
  severity,
  layer: 'policy',
  title: 'A title',
  why: 'why',
  fix: 'fix',
  check,
});

const pod = (name: string) => `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name} }\nspec: {}\n`;

const places = (findings: readonly Finding[]) =>
  findings.map(({ rule: id, file, line, column, path }) => `${id} ${file}:${line}:${column} ${path}`);

const workspace = () => workspaceOf({ 'b.yml': `${pod('b')}---\n${pod('c')}`, 'a.yml': pod('a') });

const eachManifest = ({ manifests }: Workspace, tell: (document: Document) => void): void => {
  for (const { document } of manifests) tell(document);
};

describe('validate', () => {
  test('sorts findings by file, line, column and rule', async () => {
    const second = rule('second', (all, report) =>
      eachManifest(all, (document) => report.find({ document, path: ['kind'] }, 'x')),
    );
    const first = rule('first', (all, report) =>
      eachManifest(all, (document) => {
        report.find({ document, path: ['spec'], part: 'key' }, 'x');
        report.find({ document, path: ['kind'] }, 'x');
      }),
    );
    expect(places(validate(await workspace(), [second, first]).findings)).toEqual([
      'first a.yml:2:7 kind',
      'second a.yml:2:7 kind',
      'first a.yml:4:1 spec',
      'first b.yml:2:7 kind',
      'second b.yml:2:7 kind',
      'first b.yml:4:1 spec',
      'first b.yml:7:7 kind',
      'second b.yml:7:7 kind',
      'first b.yml:9:1 spec',
    ]);
  });

  test('tells the same words at the same place once, other words each', async () => {
    const twice = rule('twice', (all, report) =>
      eachManifest(all, (document) => {
        report.find({ document, path: [] }, 'same');
        report.find({ document, path: [] }, 'same');
        report.find({ document, path: [] }, 'other');
      }),
    );
    const { findings } = validate(await workspaceOf({ 'a.yml': pod('a') }), [twice]);
    expect(findings.map(({ message }) => message)).toEqual(['other', 'same']);
  });

  test('takes severity and edit from the finding where it has them', async () => {
    const edit = { start: 0, end: 1, text: 'A' };
    const varied = rule('varied', ({ manifests: [manifest] }, report) => {
      if (!manifest) return;
      report.find({ document: manifest.document, path: ['kind'] }, 'x');
      report.find({ document: manifest.document, path: ['spec'] }, 'x', { severity: 'notice', edit });
    });
    const { findings } = validate(await workspaceOf({ 'a.yml': pod('a') }), [varied]);
    expect(findings.map(({ severity, edit: found }) => [severity, found])).toEqual([
      ['error', undefined],
      ['notice', edit],
    ]);
  });

  test('a rule that throws is told by its name, and the others go on', async () => {
    const broken = rule('broken', () => {
      throw new Error('cannot read properties of undefined');
    });
    const good = rule('good', (all, report) =>
      eachManifest(all, (document) => report.find({ document, path: [] }, 'x')),
    );
    const { findings } = validate(await workspaceOf({ 'a.yml': pod('a') }), [broken, good]);
    expect(findings).toMatchObject([
      { rule: 'good' },
      {
        rule: 'internal-error',
        severity: 'error',
        file: 'a.yml',
        message: 'the rule broken failed and has checked nothing more: cannot read properties of undefined',
      },
    ]);
  });

  test('what a rule found before it threw is kept', async () => {
    const half = rule('half', ({ manifests }, report) => {
      for (const { document, name } of manifests) {
        if (name === 'b') throw new Error('no');
        report.find({ document, path: [] }, name);
      }
    });
    const { findings } = validate(await workspace(), [half]);
    expect(findings.map(({ rule: id }) => id)).toEqual(['half', 'internal-error']);
  });

  test('skips are told once each, those of the readers too', async () => {
    const skipping = rule('skipping', (all, report) =>
      eachManifest(all, (document) => report.skip(document, 'no schema')),
    );
    const { skips } = validate(
      await workspaceOf({ 'b.yml': `${pod('b')}---\n${pod('c')}`, 'a.yml': 'a: {{ x }}: {{ y }}\n' }),
      [skipping],
    );
    expect(skips.map(({ rule: id, file }) => `${file} ${id}`)).toEqual(['a.yml template', 'b.yml skipping']);
  });

  test('only documents with findings have their places worked out', async () => {
    const found = await workspace();
    const asked: string[] = [];
    const manifests = found.manifests.map((manifest) => {
      const { document, name } = manifest;
      const position: Document['position'] = (path, part) => {
        asked.push(name);
        return document.position(path, part);
      };
      return { ...manifest, document: { ...document, position } };
    });
    const one = rule('one', (all, report) => {
      for (const { document, name } of all.manifests) {
        if (name === 'c') report.find({ document, path: [] }, 'x');
      }
    });
    validate({ ...found, manifests }, [one]);
    expect(asked).toEqual(['c']);
  });
});
