import { existsSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { programs } from '../../scripts/programs.js';
import { bundleFolder, type EntryName, entryUrl } from '../../src/platform/entries.ts';

const names: EntryName[] = ['supervisor', 'meter', 'agent', 'clock-lie', 'dns-lie'];

test.each(names)('%s is found in the sources, in build/ and in the bundles', (name) => {
  const source = entryUrl(name);
  expect(existsSync(source)).toBe(true);
  expect(entryUrl(name, 'file:///a/build/platform/entries.js').href).toBe(
    `file:///a/build/${programs[name]}.js`,
  );
  for (const file of ['index.js', '203.index.js']) {
    expect(entryUrl(name, `file:///a/dist/core/${file}`).href).toBe(`file:///a/dist/${name}/index.js`);
  }
});

test('the folder of the bundles is known only to the bundles', () => {
  expect(bundleFolder()).toBeUndefined();
  expect(bundleFolder('file:///a/build/platform/entries.js')).toBeUndefined();
  expect(bundleFolder('file:///a/dist/core/203.index.js')?.href).toBe('file:///a/dist/');
});
