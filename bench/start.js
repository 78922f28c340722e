/**
 * npm run bench -- start: what starting a program of dist/ costs, beside starting Node with an empty module.
 *
 * Every program is executed from dist/ with fake inputs, as a runner would, until its process has ended: the actions and the
 * command line meet a release file that is not there, which loads everything that reads one; `plan` goes through a plan of
 * the sample's release file on the local target, which loads the cutover and the target as well and writes nothing. All
 * programs take turns in each round, so that whatever else the machine does disturbs them alike; medians of the rounds.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const rounds = Math.max(15, Number(process.env.BENCH_ROUNDS) || 25);
const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

const goals = { any: 2.4, cutover: 2, totalBytes: 4_000_000 };

function fakeRunner(folder) {
  const file = (name) => {
    writeFileSync(join(folder, name), '');
    return join(folder, name);
  };
  return {
    PATH: process.env.PATH ?? '',
    GITHUB_ACTIONS: 'true',
    GITHUB_REPOSITORY: 'acme/trading',
    GITHUB_RUN_ID: '1',
    GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
    GITHUB_OUTPUT: file('output'),
    GITHUB_STATE: file('state'),
    GITHUB_PATH: file('path'),
    GITHUB_STEP_SUMMARY: file('summary'),
    RUNNER_TEMP: join(folder, 'temp'),
    RUNNER_TOOL_CACHE: join(folder, 'tools'),
  };
}

/** What is executed, by the name that is shown; `code` is the exit code that shows that it did what it should. */
function programsIn(folder) {
  const missing = { INPUT_FILE: join(folder, 'missing.yml') };
  const sample = join(folder, 'sample');
  cpSync(join(root, 'examples/trading'), sample, { recursive: true });
  const plan = { INPUT_FILE: join(sample, 'cutover.yml'), INPUT_MODE: 'plan', INPUT_ENVIRONMENT: 'local' };
  const at = (name) => join(dist, name, 'index.js');
  return {
    release: { argv: [at('release')], env: missing, code: 1, bundle: 'release' },
    cutover: { argv: [at('cutover')], env: missing, code: 1, bundle: 'cutover' },
    'cutover (plan)': { argv: [at('cutover')], env: plan, code: 0, bundle: 'cutover' },
    rollback: { argv: [at('rollback')], env: missing, code: 1, bundle: 'rollback' },
    post: { argv: [at('post')], env: {}, code: 0, bundle: 'post' },
    setup: { argv: [at('setup')], env: {}, code: 0, bundle: 'setup' },
    'cli --version': { argv: [at('cli'), '--version'], env: {}, code: 0, bundle: 'cli' },
    'cli status': {
      argv: [at('cli'), 'status', '--file', join(folder, 'missing.yml')],
      env: {},
      code: 1,
      bundle: 'cli',
    },
  };
}

function timed({ argv, env, code }, runner) {
  const begun = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, { env: { ...runner, ...env } });
  const ms = performance.now() - begun;
  if (status !== code) throw new Error(`${argv[0]} ended with ${status}, not ${code}\n${stdout}${stderr}`);
  return ms;
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const rounded = (value) => Math.round(value * 100) / 100;

function bytesBelow(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return files.reduce((sum, one) => sum + readFileSync(join(one.parentPath, one.name)).length, 0);
}

/** @returns `{ bareNodeMs, bundles: { name: { ms, timesBareNode, bytes } }, totalBytes }` */
export async function run() {
  const folder = mkdtempSync(join(tmpdir(), 'cutover-start-'));
  try {
    const runner = fakeRunner(folder);
    writeFileSync(join(folder, 'empty.mjs'), '');
    const bare = { argv: [join(folder, 'empty.mjs')], env: {}, code: 0 };
    const programs = programsIn(folder);
    const all = { bare, ...programs };
    const times = Object.fromEntries(Object.keys(all).map((name) => [name, []]));
    for (let round = 0; round <= rounds; round += 1) {
      for (const [name, program] of Object.entries(all)) {
        const ms = timed(program, runner);
        // The first round warms the file cache.
        if (round > 0) times[name].push(ms);
      }
    }
    const bareNodeMs = median(times.bare);
    const bundles = Object.fromEntries(
      Object.entries(programs).map(([name, { bundle }]) => {
        const ms = median(times[name]);
        return [
          name,
          { ms: rounded(ms), timesBareNode: rounded(ms / bareNodeMs), bytes: bytesBelow(join(dist, bundle)) },
        ];
      }),
    );
    const figures = {
      bareNodeMs: rounded(bareNodeMs),
      rounds,
      bundles,
      sharedBytes: bytesBelow(join(dist, 'core')),
      totalBytes: bytesBelow(dist),
    };
    print(figures);
    return figures;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function print({ bareNodeMs, bundles, sharedBytes, totalBytes }) {
  console.log(`bare Node ${process.version}: ${bareNodeMs} ms; medians of ${rounds} runs each`);
  console.log(`${'program'.padEnd(18)}${'ms'.padStart(8)}${'× bare'.padStart(9)}${'goal'.padStart(7)}`);
  for (const [name, { ms, timesBareNode }] of Object.entries(bundles)) {
    const goal = name.startsWith('cutover') ? goals.cutover : goals.any;
    console.log(
      `${name.padEnd(18)}${ms.toFixed(1).padStart(8)}${timesBareNode.toFixed(2).padStart(9)}${`≤ ${goal}`.padStart(7)}`,
    );
  }
  const mb = (bytes) => `${(bytes / 1e6).toFixed(2)} MB`;
  console.log(
    `dist ${mb(totalBytes)} (goal ≤ ${mb(goals.totalBytes)}), shared by all programs ${mb(sharedBytes)}`,
  );
}

if (import.meta.main) console.log(JSON.stringify(await run()));
