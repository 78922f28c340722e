// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${…} is the syntax of variables in Compose files

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { misshapen } from '../../../src/validate/compose/spec/check.ts';
import { composeFile } from '../../../src/validate/compose/spec/file.ts';
import {
  bytes,
  duration,
  fileMode,
  microseconds,
  truth,
  whole,
} from '../../../src/validate/compose/spec/scalars.ts';
import { yamlSchema } from '../../../src/validate/read/yaml-schema.ts';

const start = { path: [], label: 'the file', isPartial: false };
const everything = fileURLToPath(
  new URL('../../fixtures/rules/compose-schema/good/whole/compose.yml', import.meta.url),
);
const read = (): unknown => load(readFileSync(everything, 'utf8'), { schema: yamlSchema });

/** Calls `change` with each scalar's holder and key. */
function eachScalar(value: unknown, change: (holder: Record<string, unknown>, key: string) => void): void {
  if (typeof value !== 'object' || value === null) return;
  const holder = value as Record<string, unknown>;
  for (const key of Object.keys(holder)) {
    // `!reset null` takes a value away, whatever it would be.
    if (holder[key] === 'null') continue;
    if (typeof holder[key] === 'object') eachScalar(holder[key], change);
    else change(holder, key);
  }
}

describe('the whole specification', () => {
  test('has a value that is a variable nowhere wrong', () => {
    const file = read();
    let count = 0;
    eachScalar(file, (holder, key) => {
      holder[key] = '${SOME_VARIABLE:-value}';
      count += 1;
    });
    expect(count).toBeGreaterThan(250);
    expect(misshapen(file, composeFile, start)).toEqual([]);
  });

  test('has no scalar that could be a list of lists', () => {
    const wrong: string[] = [];
    const right: string[] = [];
    const file = read();
    eachScalar(file, (holder, key) => {
      const before = holder[key];
      holder[key] = [[['x']]];
      (misshapen(file, composeFile, start).length > 0 ? wrong : right).push(key);
      holder[key] = before;
    });
    // Extensions (`restart` is in one of them) and storage_opt hold what their authors like.
    expect([...new Set(right)].sort()).toEqual([
      'restart',
      'size',
      'x-built-by',
      'x-note',
      'x-rotate',
      'x-team',
    ]);
    expect(wrong.length).toBeGreaterThan(250);
  });
});

const kinds = { bytes, duration, fileMode, microseconds, truth };

test.each([
  ['duration', '10ms', true],
  ['duration', '1h5m30s20ms', true],
  ['duration', '1.5h', true],
  ['duration', '2w3d', true],
  ['duration', '0', true],
  ['duration', '10', false],
  ['duration', '1 m', false],
  ['duration', '', false],
  ['bytes', '2b', true],
  ['bytes', '1024KB', true],
  ['bytes', '1.5 GiB', true],
  ['bytes', '-1', true],
  ['bytes', 300, true],
  ['bytes', '1e', false],
  ['bytes', '1 gigabyte', false],
  ['microseconds', '400ms', true],
  ['microseconds', 95000, true],
  ['microseconds', 'soon', false],
  ['fileMode', '0440', true],
  ['fileMode', 0o1777, true],
  ['fileMode', 0o17777, false],
  ['fileMode', '0888', false],
  ['truth', 'yes', true],
  ['truth', 'enabled', false],
] as const)('%s %j: %s', (kind, value, isGood) =>
  expect(kinds[kind].problem(value) === undefined).toBe(isGood),
);

test.each([
  [{ from: 0, to: 100 }, 100, undefined],
  [{ from: 0, to: 100 }, '101', 'out of range; allowed: 0 to 100'],
  [{ from: -1 }, -1, undefined],
  [{ from: -1 }, -2, 'allowed: -1 or more'],
  [{}, 1.5, 'not a whole number'],
  [{}, '1e3', 'not a whole number'],
])('whole numbers %j: %j', (range, value, problem) => {
  const found = whole(range).problem(value);
  if (problem === undefined) expect(found).toBeUndefined();
  else expect(found).toContain(problem);
});
