import { expect, test } from '@jest/globals';
import { refuseOldNode } from '../../src/cli/run.ts';

test.each(['20.20.2', '22.1.0', '9.0.0'])('Node %s is refused with what to do', (version) => {
  expect(() => refuseOldNode(version)).toThrow(`needs Node 24 or newer, and this is ${version}`);
});

test.each(['24.0.0', '24.21.0', '26.1.0'])('Node %s will do', (version) => {
  expect(() => refuseOldNode(version)).not.toThrow();
});
