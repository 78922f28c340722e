import { join, posix, relative, sep } from 'node:path';
import { codeOf, UserError } from '../../platform/errors.ts';
import type { Platform } from '../../platform/platform.ts';
import {
  changedAt,
  copyTree,
  hashTree,
  moveFolder,
  readTree,
  removeTree,
  setChangedAt,
  type TreeEntry,
} from '../../platform/trees.ts';
import { pathsIn } from '../../targets/local/paths.ts';
import { readState, referencedDigests } from '../../targets/local/state.ts';
import type { Artifact } from '../../targets/target.ts';
import type { BuildEngine, BuildSource } from '../engine.ts';
import { type Ignore, ignoreFileName, parseIgnore } from '../ignore.ts';

/** A component is its program and what it needs, not its data; anything larger is a mistake in the configuration. */
export const largestPack = 2 * 1024 ** 3;

/**
 * Copies a component's folder to `<state>/packs/<sha256>/`. The name is the hash of what is in it, the files in it are
 * read-only, and the folder appears in one step.
 */
export const pack: BuildEngine = {
  describe: async (source) => {
    const entries = await entriesOf(source);
    return artifactOf(await hashTree(source.folder, entries), source.stateFolder);
  },
  build: async (source) => {
    const entries = await entriesOf(source);
    const digest = await hashTree(source.folder, entries);
    return (await findPack(source, digest)) ?? copied(source, entries);
  },
};

function artifactOf(digest: string, stateFolder: string): Artifact {
  return { digest: `sha256:${digest}`, location: join(pathsIn(stateFolder).packs, digest) };
}

/** A pack that is there and still holds what its name says. One that was changed is put aside with a warning. */
async function findPack(source: BuildSource, digest: string): Promise<Artifact | undefined> {
  const { platform, stateFolder } = source;
  const artifact = artifactOf(digest, stateFolder);
  const found = await hashOf(artifact.location);
  if (found === undefined) return undefined;
  if (found === digest) {
    await setChangedAt(artifact.location, platform.clock.now());
    return artifact;
  }
  platform.emit({
    type: 'message',
    level: 'warning',
    text: `${artifact.location} was changed after it was packed; it is packed again. A component has to write to CUTOVER_DATA, not to its own folder.`,
  });
  await removeTree(artifact.location);
  return undefined;
}

async function hashOf(folder: string): Promise<string | undefined> {
  try {
    return await hashTree(folder, await readTree(folder, () => false));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** What counts is the hash of the copy: the folder may be written to while it is copied. */
async function copied(source: BuildSource, entries: readonly TreeEntry[]): Promise<Artifact> {
  const { platform, stateFolder, folder } = source;
  const { packs } = pathsIn(stateFolder);
  const temporary = join(packs, `.${platform.random.hex(8)}.tmp`);
  await platform.files.makeFolder(packs);
  try {
    await copyTree(folder, temporary, entries);
    const digest = await hashOf(temporary);
    if (digest === undefined) throw new Error(`${temporary} is gone`);
    const artifact = artifactOf(digest, stateFolder);
    // Where the name is taken, somebody else packed the same at the same time.
    await moveFolder(temporary, artifact.location, packs);
    return artifact;
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    throw new UserError(`${folder} was changed while it was packed: ${String(error)}`, { cause: error });
  } finally {
    await removeTree(temporary);
  }
}

async function entriesOf(source: BuildSource): Promise<TreeEntry[]> {
  const { folder } = source;
  const entries = await readTree(folder, await ignoreFor(source)).catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'ENOTDIR') throw error;
    throw new UserError(`there is no folder ${folder} to pack`, { docs: 'docs/configuration.md' });
  });
  refuseUnpackable(folder, entries);
  return entries;
}

async function ignoreFor({ folder, stateFolder, platform }: BuildSource): Promise<Ignore> {
  const file = join(folder, ignoreFileName);
  const ignore = parseIgnore((await platform.files.readText(file)) ?? '', file);
  const state = relative(folder, stateFolder).split(sep).join('/');
  return (path, kind) => path === state || ignore(path, kind);
}

/** @throws UserError for what a copy could not hold, all of it together */
function refuseUnpackable(folder: string, entries: readonly TreeEntry[]): void {
  const problems = entries.flatMap((entry) => problemOf(entry) ?? []);
  const size = entries.reduce((sum, entry) => sum + (entry.kind === 'file' ? entry.size : 0), 0);
  if (size > largestPack) {
    problems.push(
      `it holds ${Math.ceil(size / 1024 ** 2)} MiB, at the most ${largestPack / 1024 ** 2} are packed`,
    );
  }
  if (problems.length === 0) return;
  const shown = problems.slice(0, 5).join('; ');
  const more = problems.length > 5 ? ` and ${problems.length - 5} more` : '';
  throw new UserError(`${folder} cannot be packed: ${shown}${more}`, {
    next: `name what is not needed in ${join(folder, ignoreFileName)}`,
    docs: 'docs/local-target.md#state',
  });
}

function problemOf(entry: TreeEntry): string | undefined {
  if (entry.path.includes('\ufffd')) return `the name of ${entry.path} is not UTF-8`;
  if (entry.kind === 'other') return `${entry.path} is neither a file nor a folder`;
  if (entry.kind === 'link' && leaves(entry))
    return `${entry.path} is a link that leaves it: ${entry.target}`;
  return undefined;
}

/**
 * A link is kept as it is written, so it may only say how to go on within the folder. `..` behind a name could leave it
 * by way of another link.
 */
function leaves({ path, target }: { path: string; target: string }): boolean {
  if (posix.isAbsolute(target) || /(?:^|\/)(?!\.\.?\/)[^/]+\/(?:.*\/)?\.\.(?:\/|$)/.test(target)) return true;
  const reached = posix.normalize(posix.join(posix.dirname(path), target));
  return reached === '..' || reached.startsWith('../');
}

/** So many of the newest packs are kept whatever refers to them: a run may be about to use one. */
const newestKept = 3;

/**
 * Removes packs that no colour runs, that `keep` does not name (`sha256:…`) and that are not among the newest; and what
 * is left of copies that were broken off. Gives the names of what was removed.
 */
export async function prunePacks(options: {
  stateFolder: string;
  keep: Iterable<string>;
  platform: Pick<Platform, 'files' | 'clock'>;
}): Promise<readonly string[]> {
  const { stateFolder, platform } = options;
  const { packs } = pathsIn(stateFolder);
  const kept = new Set([...options.keep, ...referencedDigests(await readState(platform.files, stateFolder))]);
  const aged = await Promise.all(
    (await platform.files.list(packs)).map(async (name) => ({
      name,
      at: (await changedAt(join(packs, name))) ?? 0,
    })),
  );
  const isPack = (name: string) => /^[0-9a-f]{64}$/.test(name);
  const newest = aged.filter(({ name }) => isPack(name)).sort((a, b) => b.at - a.at);
  for (const { name } of newest.slice(0, newestKept)) kept.add(`sha256:${name}`);
  const isAbandoned = (at: number) => platform.clock.now() - at > abandonedAfterMs;
  const removed = aged.filter(({ name, at }) =>
    name.endsWith('.tmp') ? isAbandoned(at) : isPack(name) && !kept.has(`sha256:${name}`),
  );
  for (const { name } of removed) await removeTree(join(packs, name));
  return removed.map(({ name }) => name);
}

/** A copy that has been worked on for so long was broken off. */
const abandonedAfterMs = 3_600_000;
