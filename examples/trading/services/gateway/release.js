import { readFileSync } from 'node:fs';

/** What can be wrong with a release, for rehearsals. */
export const faultNames = [
  'none',
  'crash-at-start',
  'never-ready',
  'wrong-version',
  'errors-after-3s',
  'slow-after-3s',
  'leak',
];

/**
 * Which release this is. `release.json` in this folder is part of the release; what it leaves out comes from the
 * environment, where the cutover puts the version that it is releasing.
 *
 * @returns {{ version: string, fault: string }}
 */
export function readRelease(env = process.env, file = new URL('./release.json', import.meta.url)) {
  const packed = readJson(file);
  const fault = packed.fault ?? (env.FAULT || 'none');
  if (!faultNames.includes(fault)) {
    throw new Error(`fault "${fault}" is not known; it may be ${faultNames.join(', ')}`);
  }
  const version = packed.version ?? (env.CUTOVER_VERSION || env.VERSION || 'dev');
  return { version: fault === 'wrong-version' ? `not-${version}` : version, fault };
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return {};
    throw error;
  }
}
