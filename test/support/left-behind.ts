import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { systemFiles } from '../../src/platform/files.ts';
import { procStat } from '../../src/platform/process-table.ts';
import { readState, type StoredState } from '../../src/targets/local/state.ts';

/**
 * What faults have left of a state folder that lies in `folder`: a line each, none when nothing is left. Looks at files and at
 * the process table only, so that nobody is woken who would mend it.
 */
export async function leftBehind(folder: string): Promise<string[]> {
  const stateFolder = join(folder, '.cutover/local');
  const state = await readState(systemFiles, stateFolder);
  const [processes, files] = await Promise.all([leftProcesses(folder), leftFiles(stateFolder, state)]);
  return [
    ...state.faults.map(({ id }) => `fault ${id} is written down`),
    ...underFault(state),
    ...processes,
    ...files,
  ];
}

/** Milliseconds since 1970 at which the last fault that is written down ends by itself; undefined where none is. */
export async function endOfFaults(folder: string): Promise<number | undefined> {
  const { faults } = await readState(systemFiles, join(folder, '.cutover/local'));
  return faults.length === 0 ? undefined : Math.max(...faults.map(({ until }) => until));
}

/** Instances with the variables of a fault, and those whose process is not there. */
function underFault({ components }: StoredState): string[] {
  const colors = Object.values(components).flatMap((component) => Object.values(component.colors));
  const instances = colors.flatMap((color) => color?.instances ?? []);
  return instances.flatMap(({ id, pid, ready, under = [] }) => [
    ...(under.length > 0 ? [`${id} runs under ${under.join(', ')}`] : []),
    ...(pid === null ? [`${id} has no process`] : ready ? [] : [`${id} is not ready`]),
  ]);
}

/** Agents of faults and processes that stand still, of all that run in the folder or name it. */
async function leftProcesses(folder: string): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const seen = await Promise.all(
    ids.map(async (id) => {
      const args = (await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ');
      const cwd = await readlink(`/proc/${id}/cwd`).catch(() => '');
      if (!args.includes(folder) && !cwd.startsWith(folder)) return [];
      const stat = await procStat(id);
      const isAgent = args.includes('/agent/main.') || args.includes('/agent/index.');
      if (!stat?.runs) return [];
      return [
        ...(isAgent ? [`agent ${id}: ${args}`] : []),
        ...(stat.isStopped ? [`${id} stands still: ${args}`] : []),
      ];
    }),
  );
  return seen.flat();
}

async function leftFiles(stateFolder: string, { components }: StoredState): Promise<string[]> {
  const folders = [...Object.keys(components).map((name) => join('data', name)), 'faults'];
  const found = folders.map(async (folder) => {
    const names = await readdir(join(stateFolder, folder)).catch(() => []);
    return names
      .filter((name) => folder === 'faults' || name.startsWith('.cutover'))
      .map((name) => `file ${folder}/${name}`);
  });
  return (await Promise.all(found)).flat();
}
