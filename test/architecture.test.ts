import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../src/', import.meta.url));

const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .sort();

const text = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));
const codeOf = (file: string): string => text.get(file) ?? '';

interface Import {
  from: string;
  /** Relative to src/ where it is ours, else the name of a package or module. */
  to: string;
  kind: 'type' | 'static' | 'lazy';
}

const importPattern =
  /^\s*(?:import|export)\s+(type\s)?[^;'"`]*?from\s+'([^']+)'|^\s*import\s+'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm;

/** Every import of a file; comments are left out, so that prose cannot break a rule. */
function importsIn(file: string, code: string): Import[] {
  const bare = code.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  return [...bare.matchAll(importPattern)].map(([, type, from, effect, lazy]) => {
    const name = from ?? effect ?? lazy ?? '';
    const to = name.startsWith('.') ? relative(root, join(root, dirname(file), name)) : name;
    return { from: file, to, kind: lazy ? 'lazy' : type ? 'type' : 'static' };
  });
}

const imports = files.flatMap((file) => importsIn(file, codeOf(file)));
const folderOf = (path: string): string => path.split('/')[0] ?? '';
const isOurs = (path: string): boolean => path.endsWith('.ts') && !path.startsWith('..');

const stages = ['validate', 'build', 'chaos', 'cutover', 'smoke'];
const base = ['platform', 'config', 'traffic', 'report', 'targets'];

/** Which folders of ours each folder may import, beside itself. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  platform: [],
  config: [],
  traffic: ['platform', 'config'],
  report: ['platform', 'config', 'traffic'],
  targets: ['platform', 'config', 'traffic', 'report'],
  ...Object.fromEntries(stages.map((stage) => [stage, base])),
  release: [...base, ...stages],
  hosts: [...base, ...stages, 'release'],
  actions: [...base, ...stages, 'release', 'hosts'],
  cli: [...base, ...stages, 'release', 'hosts'],
};

describe('who may import whom', () => {
  test('every folder of src has a rule', () => {
    expect([...new Set(files.map(folderOf))].filter((folder) => !(folder in allowed))).toEqual([]);
  });

  test.each(Object.keys(allowed))('%s keeps to its rule', (folder) => {
    const may = new Set([folder, ...(allowed[folder] ?? [])]);
    const broken = imports
      .filter(({ from, to }) => folderOf(from) === folder && isOurs(to) && !may.has(folderOf(to)))
      // Reading a file needs to say what files are, and to know the code of an error.
      .filter(
        ({ to, kind }) =>
          folder !== 'config' ||
          !(kind === 'type' ? to.startsWith('platform/') : to === 'platform/errors.ts'),
      )
      .map(({ from, to }) => `${from} imports ${to}`);
    expect(broken).toEqual([]);
  });

  test('only hosts/github.ts imports the Actions toolkit', () => {
    const found = imports.filter(({ to }) => to.includes('@actions/')).map(({ from }) => from);
    expect([...new Set(found)]).toEqual(['hosts/github.ts']);
  });

  test('packages are the declared ones, and only where they are at home', () => {
    const homes: Readonly<Record<string, readonly string[]>> = {
      valibot: ['config', 'report', 'cutover', 'validate', 'smoke', 'chaos'],
      yaml: ['config', 'validate'],
      'js-yaml': ['validate'],
      picomatch: ['validate'],
      'smol-toml': ['validate'],
      '@prometheus-io/lezer-promql': ['validate'],
      'pg/lib/client.js': ['smoke'],
    };
    const broken = imports
      .filter(({ to }) => !isOurs(to) && !to.startsWith('node:') && !to.includes('@actions/'))
      .filter(({ from, to }) => !homes[to]?.includes(folderOf(from)))
      .map(({ from, to }) => `${from} imports ${to}`);
    expect(broken).toEqual([]);
  });
});

/**
 * The outside world is reached through src/platform. The local target is a supervisor of processes and a proxy, and
 * the meter is a load generator: there, sockets are the trade, and a wrapper would cost speed.
 */
const outside = {
  modules: [
    'node:net',
    'node:http',
    'node:https',
    'node:http2',
    'node:tls',
    'node:child_process',
    'node:fs',
    'node:fs/promises',
    'node:worker_threads',
  ],
  globals: [
    ['process.env', /\bprocess\.env\b/],
    ['Date.now', /\bDate\.now\b/],
    ['new Date()', /\bnew Date\(\)/],
    ['Math.random', /\bMath\.random\b/],
    ['fetch', /(?<![.\w])fetch\(/],
  ] as const,
  /** File or folder, what it may use, and why. */
  exceptions: [
    ['targets/local/proxy/', 'node:net', 'the proxy is raw sockets, for speed'],
    [
      'targets/local/supervisor/main.ts',
      'new Date()',
      'what goes wrong before there is a platform has a time too',
    ],
    ['targets/local/agent/', 'node:worker_threads', 'CPU load is threads, which die with their process'],
    ['targets/local/lies/', 'process.env', 'loaded into the processes of components, which have no platform'],
    ['targets/local/lies/', 'Date.now', 'to lie about it'],
    ['targets/local/lies/', 'new Date()', 'to lie about it'],
    ['targets/local/lies/', 'node:http', 'to lie about the time in its headers'],
    ['targets/local/lies/', 'node:net', 'to know an address from a name'],
    ['targets/local/lies/', 'node:fs', 'counts without waiting, in the midst of what it replaces'],
    ['traffic/', 'node:net', 'the load generator is raw sockets, for speed'],
    ['traffic/', 'node:worker_threads', 'the meter is a thread'],
  ] as readonly (readonly [string, string, string])[],
};

const isExcused = (file: string, what: string): boolean =>
  ['platform', 'hosts'].includes(folderOf(file)) ||
  outside.exceptions.some(([place, allowedThere]) => file.startsWith(place) && what === allowedThere);

describe('the outside world', () => {
  test.each(outside.modules)('%s is imported through platform', (name) => {
    const found = imports.filter(
      ({ from, to, kind }) => to === name && kind !== 'type' && !isExcused(from, name),
    );
    expect(found.map(({ from }) => from)).toEqual([]);
  });

  test.each(outside.globals)('%s is used through platform', (name, pattern) => {
    const bare = (file: string) =>
      codeOf(file)
        .replace(/\/\*[\s\S]*?\*\//g, '')
        .replace(/\/\/.*$/gm, '');
    const found = files.filter((file) => pattern.test(bare(file)) && !isExcused(file, name));
    expect(found).toEqual([]);
  });

  test('every exception is needed', () => {
    const pattern = new Map<string, RegExp>(outside.globals.map(([name, found]) => [name, found]));
    const uses = (file: string, what: string) =>
      pattern.get(what)?.test(codeOf(file)) ||
      imports.some(({ from, to, kind }) => from === file && to === what && kind !== 'type');
    const idle = outside.exceptions.filter(
      ([place, what]) => !files.some((file) => file.startsWith(place) && uses(file, what)),
    );
    expect(idle).toEqual([]);
  });
});

describe('imports', () => {
  test('have no cycles that matter when modules are loaded', () => {
    const edges = new Map<string, string[]>();
    for (const { from, to, kind } of imports) {
      if (kind === 'static' && isOurs(to)) edges.set(from, [...(edges.get(from) ?? []), to]);
    }
    expect(cyclesIn(edges)).toEqual([]);
  });

  test('are found by this test', () => {
    const sample = [
      "import { a } from './a.ts';",
      "import type { B } from '../config/b.ts';",
      "export { c } from './c.ts';",
      "const d = await import('./d.ts');",
      "// import { e } from './e.ts';",
      "import {\n  f,\n} from 'node:net';",
    ].join('\n');
    const found = importsIn('cutover/x.ts', sample).map(({ to, kind }) => `${kind} ${to}`);
    expect(found).toEqual([
      'static cutover/a.ts',
      'type config/b.ts',
      'static cutover/c.ts',
      'lazy cutover/d.ts',
      'static node:net',
    ]);
  });
});

/** Each cycle once, as `a → b → a`. */
function cyclesIn(edges: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) {
      cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
      return;
    }
    if (done.has(file)) return;
    for (const next of edges.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of edges.keys()) visit(file, []);
  return cycles;
}
