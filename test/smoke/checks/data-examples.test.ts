import { expect, test } from '@jest/globals';
import { readReleaseFile } from '../../../src/config/read.ts';
import type { AnyCheckKind } from '../../../src/smoke/check.ts';
import { metrics } from '../../../src/smoke/checks/metrics.ts';
import { postgres } from '../../../src/smoke/checks/postgres.ts';
import { promql } from '../../../src/smoke/checks/promql.ts';
import { redis } from '../../../src/smoke/checks/redis.ts';
import { checksOf, smokeSection } from '../../../src/smoke/schema.ts';

test.each([redis, postgres, metrics, promql] as AnyCheckKind[])(
  'the example of $kind can be used',
  (kind) => {
    const text = `name: app\ncomponents:\n  app: { run: [node], port: 80 }\nsmoke:${kind.example.replaceAll('\n', '\n  ')}\n`;
    const options = {
      file: 'cutover.yml',
      folder: '/',
      env: () => 'a-secret',
      stages: { smoke: smokeSection },
    };
    const read = readReleaseFile(text, options);
    if (!read.ok) throw new Error(JSON.stringify(read.problems));
    const kinds = checksOf(read.file).map((check) => check.kind);
    expect(kinds.length).toBeGreaterThan(0);
    expect(new Set(kinds)).toEqual(new Set([kind]));
  },
);
