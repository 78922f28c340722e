import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const blocked = here('../support/no-network.js');

const run = (program: string, args: readonly string[] = []) =>
  spawnSync(process.execPath, ['--import', blocked, program, ...args], { encoding: 'utf8', timeout: 50_000 });

describe('validation opens no socket', () => {
  test('over every rule and every fixture', () => {
    const { status, stdout, stderr } = run(here('../support/validate-in-child.ts'), [here('../fixtures')]);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const { findings, manifests, attempts } = JSON.parse(stdout) as Record<string, number>;
    expect(findings).toBeGreaterThan(10);
    expect(manifests).toBeGreaterThan(10);
    expect(attempts).toBe(0);
  });

  test.each(['net', 'tls', 'dns', 'http', 'https', 'dgram', 'fetch'])('the block notices %s', (way) => {
    const { status, stdout } = run(here('../support/open-socket.js'), [way]);
    expect([status, stdout.trim()]).toEqual([0, 'blocked 1']);
  });
});
