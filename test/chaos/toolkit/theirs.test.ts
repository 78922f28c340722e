import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runToolkit } from '../../../src/chaos/toolkit/run.ts';
import { systemPlatform } from '../../../src/platform/platform.ts';
import { serveWeb, type WebServer } from '../../support/web-server.ts';
import { Lab } from '../harness.ts';
import { experimentIn } from './harness.ts';

/** The program `chaos` of an installed Chaos Toolkit with its reporter; without it there is nothing to compare with. */
const chaos = process.env['CHAOS_TOOLKIT'];
const describeWith = chaos ? describe : describe.skip;

const experimentOf = (origin: string, method: string) => `
title: compared
description: with what Chaos Toolkit itself makes of it
steady-state-hypothesis:
  title: healthy
  probes:
    - { type: probe, name: answers, tolerance: 200, provider: { type: http, url: "${origin}/health" } }
    - { type: probe, name: text, tolerance: { type: regex, target: body, pattern: "^welcome=hello$" }, provider: { type: http, url: "${origin}/text" } }
    - { type: probe, name: json, tolerance: { type: jsonpath, target: body, path: '$.items[*][?(@.name = "b")].v', expect: 2 }, provider: { type: http, url: "${origin}/health" } }
    - { type: probe, name: program, tolerance: 0, provider: { type: process, path: "true" } }
method:
  - { type: action, name: act, provider: { type: http, url: "${origin}/${method}", method: POST, arguments: { a: 1, b: [x, y z] } } }
  - { type: probe, name: words, provider: { type: process, path: echo, arguments: "one 'two three'" } }
rollbacks:
  - { type: action, name: mend, provider: { type: http, url: "${origin}/mend" } }
`;

interface Journal {
  status: string;
  deviated: boolean;
  steady_states: Record<string, unknown>;
  run: unknown[];
  rollbacks: unknown[];
}

describeWith('beside Chaos Toolkit itself (CHAOS_TOOLKIT names its program)', () => {
  let server: WebServer;
  let folder: string;
  let isBroken = false;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'toolkit-'));
    server = await serveWeb((request, response) => {
      const path = request.url?.split('?')[0];
      if (path === '/break') isBroken = true;
      if (path === '/mend') isBroken = false;
      const isText = path === '/text';
      response.writeHead(isBroken && path === '/health' ? 503 : 200, {
        'Content-Type': isText ? 'text/plain' : 'application/json',
      });
      response.end(
        isText
          ? 'welcome=hello\n'
          : JSON.stringify({
              items: [
                { name: 'a', v: 1 },
                { name: 'b', v: 2 },
              ],
            }),
      );
    });
  });
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  test.each([['steady'], ['break']])('the same verdict and journal: %s', async (method) => {
    const text = experimentOf(server.origin, method);
    const [file, theirPath, ourPath] = ['experiment.yaml', 'theirs.json', 'ours.json'].map((name) =>
      join(folder, name),
    );
    await writeFile(String(file), text);
    const child = spawn(
      String(chaos),
      ['--no-version-check', 'run', '--journal-path', String(theirPath), String(file)],
      { cwd: folder },
    );
    await new Promise((resolve) => child.on('close', resolve));
    const theirs: Journal = JSON.parse(await readFile(String(theirPath), 'utf8'));
    const lab = new Lab();
    const request = {
      ...lab.request([]),
      platform: systemPlatform(() => {}),
      experiment: experimentIn(text),
    };
    const outcome = await runToolkit({ ...request, aim: 'standby' });
    const ours = outcome.journal as Journal;
    expect(comparable(ours)).toEqual(comparable(theirs));
    expect(Object.keys(ours).toSorted()).toEqual(Object.keys(theirs).toSorted());
    expect(outcome.verdict === 'passed').toBe(!theirs.deviated);
    await writeFile(String(ourPath), JSON.stringify(ours));
    expect(rendered(String(ourPath))).toContain('compared');
  });
});

/** What does not differ from run to run. */
function comparable({ status, deviated, steady_states, run, rollbacks }: Journal): unknown {
  const volatile = new Set(['start', 'end', 'duration', 'Date', 'exception', 'Connection', 'Keep-Alive']);
  const stable = (data: unknown): unknown => {
    if (Array.isArray(data)) return data.map(stable);
    if (typeof data !== 'object' || data === null) return data;
    const kept = Object.entries(data).filter(([key]) => !volatile.has(key));
    return Object.fromEntries(kept.map(([key, value]) => [key, stable(value)]));
  };
  return stable({ status, deviated, steady_states, run, rollbacks });
}

/** What its reporter makes of a journal, before Pandoc turns it into other formats. */
function rendered(path: string): string {
  const code =
    'import json,sys; from chaosreport import generate_report as r; print(r(json.load(open(sys.argv[1]))))';
  const python = join(dirname(String(chaos)), 'python');
  const { stdout, stderr, status } = spawnSync(python, ['-c', code, path], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}
