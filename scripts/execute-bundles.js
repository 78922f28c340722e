/**
 * Executes every program of dist/ once with fake inputs and checks what it says: a bundle that builds may still
 * crash at its first line. Prints one line a program and exits with 1 when one of them is not as expected.
 */
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'cutover-bundles-'));
const runnerFile = (name) => {
  writeFileSync(join(folder, name), '');
  return join(folder, name);
};

/** What a runner sets, and nothing of this machine. */
const runner = {
  PATH: process.env.PATH ?? '',
  GITHUB_ACTIONS: 'true',
  GITHUB_REPOSITORY: 'acme/trading',
  GITHUB_RUN_ID: '1',
  GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
  GITHUB_OUTPUT: runnerFile('output'),
  GITHUB_STATE: runnerFile('state'),
  GITHUB_PATH: runnerFile('path'),
  GITHUB_STEP_SUMMARY: runnerFile('summary'),
  RUNNER_TEMP: join(folder, 'temp'),
  RUNNER_TOOL_CACHE: join(folder, 'tools'),
};
const missing = { INPUT_FILE: join(folder, 'missing.yml') };
const noFile = {
  env: missing,
  code: 1,
  says: /::error file=.*missing\.yml,line=1,col=1::there is no such file/,
};

/** By program: environment, arguments, and the exit code and text that it has to end with. */
const expected = {
  release: noFile,
  cutover: noFile,
  rollback: noFile,
  post: { code: 0, says: /nothing is left to do/ },
  setup: { code: 0, says: /cutover \d+\.\d+\.\d+ is on PATH/ },
  smoke: {
    // An address that nobody has: nothing can be said about it from here, and no release file is asked for.
    env: { INPUT_URL: 'http://nowhere.invalid/', 'INPUT_EXPECT-STATUS': '200' },
    code: 3,
    says: /nowhere\.invalid/,
  },
  chaos: noFile,
  validate: { code: 3, says: /::error::validate: nothing was found that could be checked/ },
  cli: {
    args: ['apply', '--fil', 'x'],
    code: 2,
    says: /^there is no option "--fil", did you mean "--file"\?\nnext: /,
  },
  agent: { code: 1, says: /usage: agent <spec>/ },
  // Loaded into components: without anything to lie about they do nothing.
  'clock-lie': { code: 0, says: /^$/ },
  'dns-lie': { code: 0, says: /^$/ },
  supervisor: { args: [], code: 1, says: /usage: supervisor <state folder>\n$/ },
};

function run(program, { env = {}, args = [] }) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(dist, program, 'index.js'), ...args], {
      env: { ...runner, ...env },
      cwd: folder,
    });
    let text = '';
    const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code: code ?? signal, text });
    });
  });
}

/** The stack of a crash, as Node prints it; a bundle that cannot load ends like this. */
const crashed = /^\s+at .*\(?(file|node):/m;

async function checkProgram(program) {
  const wanted = expected[program];
  if (!wanted) return `${program}: nobody says what to expect of it`;
  const { code, text } = await run(program, wanted);
  const problem =
    (crashed.test(text) && 'crashed') ||
    (code !== wanted.code && `exit code ${code} instead of ${wanted.code}`) ||
    (!wanted.says.test(text) && `did not say ${wanted.says}`);
  return problem ? `${program}: ${problem}\n${text}` : undefined;
}

/** The meter is a thread: it has to start, and to end when told, without an error. */
function checkMeter() {
  const worker = new Worker(new URL('../dist/meter/index.js', import.meta.url));
  return new Promise((resolve) => {
    worker.once('error', (error) => resolve(`meter: ${error.stack}`));
    worker.once('online', () => setTimeout(() => worker.terminate().then(() => resolve(undefined)), 500));
  });
}

mkdirSync(runner.RUNNER_TEMP, { recursive: true });
const shared = new Set(['core']);
const programs = readdirSync(dist).filter(
  (name) => !shared.has(name) && existsSync(join(dist, name, 'index.js')),
);
let failures = 0;
for (const program of programs) {
  const problem = await (program === 'meter' ? checkMeter() : checkProgram(program));
  if (problem) failures += 1;
  console.log(problem ?? `${program}: ok`);
}
const state = readFileSync(runner.GITHUB_STATE, 'utf8');
if (!/phase<<[\s\S]*finished/.test(state)) {
  failures += 1;
  console.log(`state: main did not leave its phase for post\n${state}`);
}
const commandFolder = readFileSync(runner.GITHUB_PATH, 'utf8').trim();
const version = await new Promise((resolve) => {
  const child = spawn(join(commandFolder, 'cutover'), ['--version'], { env: runner });
  let text = '';
  child.stdout.on('data', (chunk) => (text += chunk));
  child.on('error', (error) => resolve(String(error)));
  child.on('close', () => resolve(text.trim()));
});
if (!/^\d+\.\d+\.\d+$/.test(version)) {
  failures += 1;
  console.log(`setup: the command on PATH does not run: ${version}`);
}
rmSync(folder, { recursive: true, force: true });
console.log(failures === 0 ? `all ${programs.length} programs run` : `${failures} failures`);
process.exit(failures === 0 ? 0 : 1);
