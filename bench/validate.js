/**
 * npm run bench -- validate: the time of a whole validation in a cold process, with every rule, on generated manifests.
 *
 * `ms` is the wall clock from starting the process to its end, the median of several; `peakMb` is what the system reports for it.
 * `spoiled` has the same manifests with defects in every one, so that every document needs places. `yamlShare` is the part of the
 * time that goes into YAML: the same program, with a clock around the functions that read it. Other tools get the same
 * files in turn, where they are installed; a ratio is our time by theirs, smaller is better. kubeconform only checks schemas (the same
 * ones, made from the same facts, so that it needs no network), kube-linter only policies, hadolint only Dockerfiles.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ncc from '@vercel/ncc';
import { median, printTable } from './support/figures.js';
import { isInstalled } from './support/programs.js';
import { writeDockerfiles, writeManifests } from './validate/manifests.js';
import { writeSchemas } from './validate/schemas.js';
import { timeYaml } from './validate/timed.js';

const runs = Number(process.env.BENCH_RUNS || 7);
const root = fileURLToPath(new URL('..', import.meta.url));
const compiled = join(root, 'build/bench-validate');
const folder = mkdtempSync(join(tmpdir(), 'cutover-bench-'));
const rounded = (number, places = 0) => Number(number.toFixed(places));

/** Compiles the program; types are checked elsewhere. */
function compile() {
  rmSync(compiled, { recursive: true, force: true });
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const args = [tsc, '-p', join(root, 'tsconfig.build.json'), '--outDir', compiled, '--noCheck'];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the sources do not compile:\n${stdout}`);
  cpSync(join(root, 'bench/validate/program.js'), join(compiled, 'program.js'));
}

/** Bundles what is compiled as `npm run build` does; gives its file. */
async function bundle(name) {
  const { code, assets } = await ncc(join(compiled, 'program.js'), {
    cache: false,
    quiet: true,
    minify: true,
  });
  const output = join(compiled, name);
  mkdirSync(output, { recursive: true });
  writeFileSync(join(output, 'package.json'), '{ "type": "module" }\n');
  writeFileSync(join(output, 'index.js'), code);
  for (const [name, { source }] of Object.entries(assets)) writeFileSync(join(output, name), source);
  return join(output, 'index.js');
}

/** Runs a program to its end; `ms` from its start as seen from here. */
function timed(program, args, { accepts = [0] } = {}) {
  const began = performance.now();
  const ran = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 });
  const ms = performance.now() - began;
  if (!accepts.includes(ran.status)) throw new Error(`${program} ended with ${ran.status}: ${ran.stderr}`);
  return { ms, stdout: ran.stdout };
}

function ours(program, files) {
  const { ms, stdout } = timed(process.execPath, [program, files]);
  return { ...JSON.parse(stdout), ms };
}

/** Every run of each side in turns, so that whatever else the machine does disturbs all alike. */
function inTurns(sides) {
  const results = sides.map(() => []);
  for (let i = 0; i < runs; i += 1) for (const [n, side] of sides.entries()) results[n].push(side());
  return results;
}

const of = (results, key) => median(results.map((result) => result[key]));

/** The other tools: how each is run on which files. They end with 1 when they have findings. */
function others(thousand, dockerfiles) {
  const kinds = new Set([
    'apps/v1 Deployment',
    'v1 Service',
    'v1 ConfigMap',
    'v1 Secret',
    'v1 ServiceAccount',
    'networking.k8s.io/v1 Ingress',
    'networking.k8s.io/v1 NetworkPolicy',
    'policy/v1 PodDisruptionBudget',
  ]);
  const schemas = writeSchemas(join(folder, 'schemas'), kinds);
  const dockerfilesIn = () => readdirSync(dockerfiles).map((name) => join(dockerfiles, name));
  return [
    {
      key: 'kubeconform',
      program: 'kubeconform',
      files: thousand,
      args: () => ['-strict', '-summary', '-schema-location', schemas, thousand],
    },
    {
      key: 'kubeLinter',
      program: 'kube-linter',
      files: thousand,
      args: () => ['lint', '--format', 'json', thousand],
    },
    { key: 'hadolint', program: 'hadolint', files: dockerfiles, args: dockerfilesIn },
  ];
}

function compare(program, tool) {
  if (!isInstalled(tool.program)) return { ...tool, skipped: `${tool.program} is not installed` };
  const args = tool.args();
  const [mine, theirs] = inTurns([
    () => ours(program, tool.files),
    () => timed(tool.program, args, { accepts: [0, 1] }),
  ]);
  return {
    ...tool,
    ours: of(mine, 'ms'),
    theirs: of(theirs, 'ms'),
    ratio: of(mine, 'ms') / of(theirs, 'ms'),
  };
}

async function run() {
  compile();
  const program = await bundle('bundle');
  timeYaml(compiled);
  const timedProgram = await bundle('timed');
  const [thousand, tenThousand, dockerfiles] = ['1k', '10k', 'docker'].map((name) => join(folder, name));
  const [spoiled, tenThousandSpoiled] = [`${thousand}-spoiled`, `${tenThousand}-spoiled`];
  writeManifests(thousand, 1_000);
  writeManifests(tenThousand, 10_000);
  writeManifests(spoiled, 1_000, { spoil: true });
  writeManifests(tenThousandSpoiled, 10_000, { spoil: true });
  writeDockerfiles(dockerfiles, 100);
  const [small, smallSpoiled, timedSmall, timedSpoiled] = inTurns([
    () => ours(program, thousand),
    () => ours(program, spoiled),
    () => ours(timedProgram, thousand),
    () => ours(timedProgram, spoiled),
  ]);
  const [large, largeSpoiled] = inTurns([
    () => ours(program, tenThousand),
    () => ours(program, tenThousandSpoiled),
  ]);
  const yamlShare = (results) => rounded(median(results.map((one) => one.yamlMs / one.ms)), 2);
  const compared = others(thousand, dockerfiles).map((tool) => compare(program, tool));
  const row = (name, results) => [
    name,
    ...['docs', 'ms', 'loadMs', 'readMs', 'rulesMs', 'peakMb'].map((key) => rounded(of(results, key))),
  ];
  printTable([
    ['cold process', 'docs', 'ms', 'load', 'read', 'rules', 'peak MB'],
    row('1,000 manifests', small),
    row('10,000 manifests', large),
    row('1,000, all with defects', smallSpoiled),
    row('10,000, all with defects', largeSpoiled),
  ]);
  console.log();
  printTable([
    ['same files, in turns', 'ours ms', 'theirs ms', 'ours / theirs'],
    ...compared.map(({ key, ours: mine, theirs, ratio, skipped }) =>
      skipped
        ? [`${key}: skipped, ${skipped}`, '', '', '']
        : [key, rounded(mine), rounded(theirs), rounded(ratio, 2)],
    ),
  ]);
  const ms = of(small, 'ms');
  return {
    docs: of(small, 'docs'),
    ms: rounded(ms),
    docsPerSecond: rounded((of(small, 'docs') * 1_000) / ms),
    peakMb: rounded(of(small, 'peakMb')),
    ms10k: rounded(of(large, 'ms')),
    peakMb10k: rounded(of(large, 'peakMb')),
    yamlShare: yamlShare(timedSmall),
    rules: of(small, 'rules'),
    findings: of(small, 'findings'),
    spoiled: {
      ms: rounded(of(smallSpoiled, 'ms')),
      peakMb: rounded(of(smallSpoiled, 'peakMb')),
      ms10k: rounded(of(largeSpoiled, 'ms')),
      peakMb10k: rounded(of(largeSpoiled, 'peakMb')),
      yamlShare: yamlShare(timedSpoiled),
      findings: of(smallSpoiled, 'findings'),
    },
    ...Object.fromEntries(compared.map(({ key, ratio }) => [key, ratio ? rounded(ratio, 2) : null])),
    runs,
  };
}

try {
  console.log(JSON.stringify(await run()));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
