import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where things stand in the state folder. */
export interface LocalPaths {
  stateFolder: string;
  state: string;
  journal: (key: string) => string;
  /** Standard output and error of the supervisor. */
  supervisorLog: string;
  /** Standard output and error of one instance; `id` is `gateway/green-1`. */
  instanceLog: (id: string) => string;
  /** Durable data of a component, shared by both colours. */
  data: (component: string) => string;
  packs: string;
  /** What a fault needs while it lasts: its agent's log, its counters. Ids come from elsewhere and are no file names. */
  fault: (id: string) => string;
}

export function pathsIn(stateFolder: string): LocalPaths {
  return {
    stateFolder,
    state: join(stateFolder, 'state.json'),
    journal: (key) => join(stateFolder, 'journal', `${key}.json`),
    supervisorLog: join(stateFolder, 'supervisor.log'),
    instanceLog: (id) => join(stateFolder, 'logs', `${id}.log`),
    data: (component) => join(stateFolder, 'data', component),
    packs: join(stateFolder, 'packs'),
    fault: (id) => join(stateFolder, 'faults', faultKey(id)),
  };
}

/** A short name for a fault in paths. */
export const faultKey = (id: string): string => createHash('sha256').update(id).digest('hex').slice(0, 16);

/** sun_path holds 108 bytes on Linux and 104 on macOS, the last one a zero; unix(7), unix(4). */
const longestSocketPath = 103;

/**
 * The supervisor's socket: in the state folder, or, where that path is too long for a socket, under a name derived from
 * it in a private folder for temporary files.
 */
export function socketPathFor(stateFolder: string, user: number): { path: string; folder: string } {
  const near = join(stateFolder, 'supervisor.sock');
  if (Buffer.byteLength(near) <= longestSocketPath) return { path: near, folder: stateFolder };
  const name = `${createHash('sha256').update(stateFolder).digest('hex').slice(0, 20)}.sock`;
  const candidates = [tmpdir(), '/tmp'].map((parent) => join(parent, `cutover-${user}`));
  const folder =
    candidates.find((candidate) => Buffer.byteLength(join(candidate, name)) <= longestSocketPath) ??
    `/tmp/cutover-${user}`;
  return { path: join(folder, name), folder };
}
