import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { validate } from '../../src/validate/engine.ts';
import { readWorkspace } from '../../src/validate/read/index.ts';
import { rules } from '../../src/validate/rules/index.ts';

const root = fileURLToPath(new URL('../../examples/trading', import.meta.url));

describe('the sample, as a release', () => {
  test('holds something of every kind that is checked', async () => {
    const workspace = await readWorkspace({ root });
    const { manifests, dockerfiles, composeFiles, workflows, prometheus, configs, release } = workspace;
    for (const found of [manifests, dockerfiles, composeFiles, workflows, prometheus, configs])
      expect(found.length).toBeGreaterThan(0);
    expect(new Set(manifests.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(10);
    expect(release?.config).toHaveLength(1);
  });

  test.each([undefined, 'production', 'staging'])('has no findings (environment %s)', async (environment) => {
    const { findings, skips } = validate(await readWorkspace({ root, environment }), rules);
    expect(findings).toEqual([]);
    // Nothing defines the operator's kind here; each is told with its reason.
    expect(skips.map(({ rule }) => rule)).toEqual(['schema', 'schema']);
  });
});
