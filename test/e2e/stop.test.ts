import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Workspace } from './support/workspace.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await Workspace.create('  bake: 10s\n  traffic: { rate: 20/s, path: / }');
});
afterAll(() => workspace.remove());

test('stop ends what runs, says so, and refuses while a run is at work', async () => {
  const releasing = workspace.cli(['apply', '--version', 'v1']);
  await workspace.until(async () => (await workspace.status()).liveVersion === 'v1');
  const refused = await workspace.cli(['stop']);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/lease is held by .+ since/) });
  await releasing;
  const origin = await workspace.liveOrigin();
  expect((await fetch(`${origin}/version`)).status).toBe(200);
  expect(await workspace.json(['stop'])).toEqual({ environment: 'local', stopped: 1 });
  await expect(fetch(`${origin}/version`)).rejects.toThrow('fetch failed');
  expect(await workspace.json(['stop'])).toEqual({ environment: 'local', stopped: 0 });
});
