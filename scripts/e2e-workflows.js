/**
 * npm run e2e:workflows: runs the starter template and a fixture workflow for real, under act in host mode.
 *
 * `uses: cutover-actions/cutover@v0` is mapped to this checkout, as a runner would download it; actions/checkout and
 * actions/upload-artifact to stand-ins, so that nothing is fetched. Skips, saying why, where there is neither act nor Go.
 */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const fixtures = join(root, 'test/fixtures/workflows');
const { slug } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const actVersion = 'v0.2.89';

const act = findAct();
if (act === undefined) {
  console.log('skipped: neither act nor Go is on PATH');
  process.exit(0);
}

const scratch = mkdtempSync(join(tmpdir(), 'cutover-e2e-'));
let failed = 0;
// With a word behind it, only those that have it in their name.
const wanted = scenarios().filter(({ name }) => name.includes(process.argv[2] ?? ''));
try {
  const cutover = copyOfCheckout(join(scratch, 'cutover'));
  takeAnyPort(join(cutover, 'examples/trading/cutover.yml'));
  for (const scenario of wanted) failed += run(scenario, cutover) ? 0 : 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(`${wanted.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

function scenarios() {
  return [
    {
      name: 'the starter template in an empty repository releases the sample',
      workflow: join(root, 'workflows/release-single.yml'),
      event: 'push',
      application: 'none',
      check: (results) =>
        checkRelease(results, { artifact: 'cutover-report', verdict: 'passed', result: 'cut-over' }),
    },
    {
      name: 'the starter template in a repository with cutover.yml releases its application',
      workflow: join(root, 'workflows/release-single.yml'),
      event: 'push',
      application: 'sample',
      check: (results) =>
        checkRelease(results, { artifact: 'cutover-report', verdict: 'passed', result: 'cut-over' }),
    },
    {
      name: 'v1, v2, a bad v3 that goes back by itself, and a rollback by hand',
      workflow: join(fixtures, 'release-and-rollback.yml'),
      event: 'workflow_dispatch',
      application: 'sample',
      check: checkStory,
    },
    {
      name: 'smoke of an address, a release proven by smoke and chaos, and chaos in production',
      workflow: join(fixtures, 'prove.yml'),
      event: 'workflow_dispatch',
      application: 'sample',
      check: checkProofs,
    },
    {
      name: 'the starter template for chaos breaks the sample in an empty repository',
      workflow: join(root, 'workflows/chaos.yml'),
      event: 'workflow_dispatch',
      application: 'none',
      check: (results) => checkChaos(results, 'chaos-report', { aim: 'standby', experiments: 2 }),
    },
  ];
}

function run({ name, workflow, event, application, check }, cutover) {
  const repository = mkdtempSync(join(scratch, 'repository-'));
  const results = mkdtempSync(join(scratch, 'results-'));
  writeRepository(repository, { workflow, application });
  const { status, stdout, stderr } = spawnSync(act, actArguments({ event, cutover, results }), {
    cwd: repository,
    encoding: 'utf8',
    timeout: 300_000,
    maxBuffer: 64 * 1024 * 1024,
    // The actions declare node24, and in host mode act takes the node that it finds.
    env: { ...process.env, PATH: `${join(root, 'node_modules/.bin')}${delimiter}${process.env.PATH}` },
  });
  const problems = status === 0 ? [...check(results), ...checkSummary(stdout)] : [`act ended with ${status}`];
  console.log(`${problems.length === 0 ? '✓' : '✗'} ${name}`);
  for (const problem of problems) console.log(`  ${problem}`);
  if (problems.length > 0) console.log(`${stdout}${stderr}`.split('\n').slice(-80).join('\n'));
  return problems.length === 0;
}

function actArguments({ event, cutover, results }) {
  const uses = [...workflowUses()];
  const mapped = uses.map((reference) => {
    const repository = reference.split('@')[0].split('/').slice(0, 2).join('/');
    const folder = repository === slug ? cutover : join(fixtures, 'actions', repository.split('/')[1]);
    return `${repository}@${reference.split('@')[1]}=${folder}`;
  });
  return [
    event,
    ...['--platform', 'ubuntu-latest=-self-hosted'],
    '--pull=false',
    ...[...new Set(mapped)].flatMap((map) => ['--local-repository', map]),
    ...['--env', `E2E_CUTOVER=${cutover}`, '--env', `E2E_RESULTS=${results}`],
    ...['--action-cache-path', join(scratch, 'act-cache')],
  ];
}

function workflowUses() {
  const texts = [...new Set(scenarios().map(({ workflow }) => workflow))];
  return new Set(
    texts.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/uses: ([^\s#]+)/g)].map(([, uses]) => uses),
    ),
  );
}

/** What a runner gets for one `uses:` line: the files of the repository, without what git ignores. */
function copyOfCheckout(folder) {
  const listed = git(root, 'ls-files', '--cached', '--others', '--exclude-standard', '-z')
    .split('\0')
    .filter(Boolean);
  for (const file of listed) {
    if (!existsSync(join(root, file))) continue;
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file));
  }
  return folder;
}

/** Port 8000 may be somebody else's on the machine that runs this. */
function takeAnyPort(config) {
  writeFileSync(config, readFileSync(config, 'utf8').replace(/port: 8000\b/, 'port: 0'));
}

function writeRepository(folder, { workflow, application }) {
  mkdirSync(join(folder, '.github/workflows'), { recursive: true });
  // What GitHub does when it offers the template.
  const text = readFileSync(workflow, 'utf8').replaceAll('$default-branch', 'main');
  writeFileSync(join(folder, '.github/workflows/release.yml'), text);
  cpSync(join(fixtures, 'check.cjs'), join(folder, '.github/check.cjs'));
  if (application === 'sample') {
    for (const part of ['services', 'config', 'k8s'])
      cpSync(join(root, 'examples/trading', part), join(folder, part), { recursive: true });
    cpSync(join(root, 'examples/trading/cutover.yml'), join(folder, 'cutover.yml'));
    takeAnyPort(join(folder, 'cutover.yml'));
  }
  writeFileSync(join(folder, '.gitignore'), '.cutover/\n');
  git(folder, 'init', '--quiet', '--initial-branch=main');
  git(folder, 'remote', 'add', 'origin', 'https://github.com/acme/trading.git');
  git(folder, 'add', '--all');
  git(
    folder,
    '-c',
    'user.name=e2e',
    '-c',
    'user.email=e2e@example.invalid',
    'commit',
    '--quiet',
    '--message',
    'Start',
  );
}

function checkRelease(results, wanted) {
  const record = readRecord(join(results, wanted.artifact));
  if (record === undefined) return [`no record was uploaded as ${wanted.artifact}`];
  const meter = record.cutover?.meter;
  return [
    ...(record.verdict === wanted.verdict ? [] : [`the verdict is ${record.verdict}, not ${wanted.verdict}`]),
    ...(record.cutover?.result === wanted.result
      ? []
      : [`the result is ${record.cutover?.result}, not ${wanted.result}`]),
    ...(meter?.sent > 0 ? [] : ['no request was measured']),
    ...(wanted.result === 'cut-over' && meter?.failed !== 0 ? [`${meter?.failed} requests failed`] : []),
  ];
}

function checkStory(results) {
  return [
    ...checkRelease(results, { artifact: 'reports/v1', verdict: 'passed', result: 'cut-over' }),
    ...checkRelease(results, { artifact: 'reports/v2', verdict: 'passed', result: 'cut-over' }),
    ...checkRelease(results, { artifact: 'reports/v3', verdict: 'failed', result: 'rolled-back' }),
    ...checkRelease(results, { artifact: 'reports/back', verdict: 'passed', result: 'rolled-back' }),
  ];
}

function checkProofs(results) {
  const release = readRecord(join(results, 'reports/release'));
  const aims = (release?.smoke ?? []).map(({ aim, verdict }) => `${aim} ${verdict}`).join(', ');
  const experiments = (release?.chaos?.experiments ?? []).map(({ verdict }) => verdict).join(', ');
  return [
    ...checkRelease(results, { artifact: 'reports/release', verdict: 'passed', result: 'cut-over' }),
    ...(aims === 'standby passed, live passed' ? [] : [`smoke of the release was: ${aims}`]),
    ...(experiments === 'passed, passed' ? [] : [`chaos of the release was: ${experiments}`]),
    ...checkChaos(results, 'reports/chaos', { aim: 'live', experiments: 1 }),
  ];
}

/** Every experiment passed where it was to, and every fault of it was seen and is gone. */
function checkChaos(results, artifact, wanted) {
  const record = readRecord(join(results, artifact));
  if (record === undefined) return [`no record was uploaded as ${artifact}`];
  const { experiments } = record.chaos;
  const wrong = experiments.filter(
    ({ aim, verdict, faults }) =>
      aim !== wanted.aim ||
      verdict !== 'passed' ||
      faults.length === 0 ||
      faults.some(({ witnessed, revertedAt }) => witnessed !== 'passed' || revertedAt === undefined),
  );
  return [
    ...(experiments.length === wanted.experiments ? [] : [`${experiments.length} experiments were made`]),
    ...wrong.map(({ name, aim, verdict, reason }) => `${name} on ${aim} ${verdict}: ${reason}`),
  ];
}

/** act prints the summary of each step behind it. */
function checkSummary(output) {
  return /Summary - ##/.test(output) && /\| failed requests \||chaos/i.test(output)
    ? []
    : ['no job summary was written'];
}

function readRecord(folder) {
  if (!existsSync(folder)) return undefined;
  const files = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.json'));
  const records = files.map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
  return records.find(({ schema }) => schema === 'cutover/record/v1');
}

function findAct() {
  if (spawnSync('act', ['--version']).status === 0) return 'act';
  if (spawnSync('go', ['version']).status !== 0) return undefined;
  const folder = join(
    process.env.XDG_CACHE_HOME || join(homedir(), '.cache'),
    `cutover-e2e/act-${actVersion}`,
  );
  const installed = join(folder, 'act');
  if (existsSync(installed)) return installed;
  console.log(`building act ${actVersion} with Go, once`);
  const built = spawnSync('go', ['install', `github.com/nektos/act@${actVersion}`], {
    env: { ...process.env, GOBIN: folder },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return built.status === 0 ? installed : undefined;
}

function git(folder, ...args) {
  const { status, stdout, stderr } = spawnSync('git', args, {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`git ${args[0]} failed: ${stderr}`);
  return stdout;
}
