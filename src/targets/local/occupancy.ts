import { join } from 'node:path';
import { identityOf } from '../../platform/daemons.ts';
import type { Files } from '../../platform/files.ts';
import type { Platform } from '../../platform/platform.ts';
import { createExclusively } from '../../platform/private-files.ts';

/** Who supervises a state folder and where it answers; the content of `supervisor-<generation>.lock`. */
export interface Occupant {
  pid: number;
  identity: string;
  socket: string;
}

interface Claim {
  generation: number;
  file: string;
}

/** A file without an occupant keeps the count of generations. */
const vacant = '{}\n';

const pattern = /^supervisor-(\d+)\.lock$/;

async function claims(files: Files, stateFolder: string): Promise<Claim[]> {
  const found: Claim[] = [];
  for (const name of await files.list(stateFolder)) {
    const generation = pattern.exec(name)?.[1];
    if (generation) found.push({ generation: Number(generation), file: join(stateFolder, name) });
  }
  return found.sort((a, b) => b.generation - a.generation);
}

async function readOccupant(files: Files, file: string): Promise<Occupant | undefined> {
  const text = await files.readText(file);
  if (text === undefined) return undefined;
  try {
    const parsed = JSON.parse(text) as Partial<Occupant>;
    const { pid, identity, socket } = parsed;
    return pid && identity && socket ? { pid, identity, socket } : undefined;
  } catch {
    return undefined;
  }
}

/** The newest generation of supervisors that a state folder has seen; 0 before the first. */
export async function newestGeneration(files: Files, stateFolder: string): Promise<number> {
  return (await claims(files, stateFolder))[0]?.generation ?? 0;
}

/** The supervisor of a state folder, if it runs. */
export async function findOccupant(files: Files, stateFolder: string): Promise<Occupant | undefined> {
  return (await survey(files, stateFolder)).alive;
}

/** The right to supervise a state folder. */
export interface Occupation {
  /** False once the folder is gone or was made anew. */
  holds(): Promise<boolean>;
  end(): Promise<void>;
}

/**
 * Takes the state folder, or tells who has it. Each attempt creates the file of the next generation in one step and then
 * looks for anybody else alive: of two starters the later one always sees the earlier one's file, so never both have it.
 * Only files of dead supervisors are removed, and the newest file stays when its supervisor ends: a starter that decided
 * `after` some generation and comes late is told that another one has come and gone since, and does not start again what
 * that one was told to stop.
 * @returns the occupation, whoever else has it, or undefined for one that comes late
 */
export async function occupy(
  platform: Pick<Platform, 'files' | 'clock' | 'random'>,
  stateFolder: string,
  self: Occupant & { after?: number | undefined },
): Promise<Occupation | Occupant | undefined> {
  const { files, clock, random } = platform;
  for (;;) {
    const before = await survey(files, stateFolder);
    if (before.alive) return before.alive;
    if (self.after !== undefined && before.newest > self.after) return undefined;
    const file = join(stateFolder, `supervisor-${before.newest + 1}.lock`);
    const { pid, identity, socket } = self;
    const content = JSON.stringify({ pid, identity, socket });
    if (!(await createExclusively(file, content, join(stateFolder, `.${self.pid}-0.tmp`)))) continue;
    const after = await survey(files, stateFolder, file);
    if (!after.alive) {
      for (const dead of after.dead) await files.remove(dead);
      const holds = async () => (await files.readText(file)) === content;
      return { holds, end: async () => ((await holds()) ? files.writeDurably(file, vacant) : undefined) };
    }
    // Both of two that started together give way; different waits let one of them through.
    await files.remove(file);
    await clock.sleep(random.below(50));
  }
}

async function survey(files: Files, stateFolder: string, own?: string) {
  const all = await claims(files, stateFolder);
  const dead: string[] = [];
  let alive: Occupant | undefined;
  for (const { file } of all) {
    if (file === own) continue;
    const occupant = await readOccupant(files, file);
    if (occupant && (await identityOf(occupant.pid)) === occupant.identity) alive ??= occupant;
    else dead.push(file);
  }
  return { alive, dead, newest: all[0]?.generation ?? 0 };
}
