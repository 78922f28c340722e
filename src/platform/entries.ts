/** Programs of ours that run in a process or thread of their own, or are loaded into one before its own program. */
export type EntryName = 'supervisor' | 'meter' | 'agent' | 'clock-lie' | 'dns-lie';

/** Where each stands in the sources, relative to this file and without extension. */
const sources: Record<EntryName, string> = {
  supervisor: '../targets/local/supervisor/main',
  meter: '../traffic/worker',
  agent: '../targets/local/agent/main',
  'clock-lie': '../targets/local/lies/clock',
  'dns-lie': '../targets/local/lies/dns',
};

/**
 * The file to start for an entry. Three layouts exist: the sources (`.ts`, Node strips the types), the compiled
 * `build/` (`.js`), and the bundles, where all our code is in dist/core/ and each entry has a stub beside it.
 */
export function entryUrl(name: EntryName, here: string = import.meta.url): URL {
  if (here.endsWith('.ts')) return new URL(`${sources[name]}.ts`, here);
  if (/\/platform\/entries\.js$/.test(here)) return new URL(`${sources[name]}.js`, here);
  return new URL(`../${name}/index.js`, here);
}

/** The folder that holds all bundles, when we run from one; undefined in the sources and in build/. */
export function bundleFolder(here: string = import.meta.url): URL | undefined {
  return /\.ts$|\/platform\/entries\.js$/.test(here) ? undefined : new URL('..', here);
}
