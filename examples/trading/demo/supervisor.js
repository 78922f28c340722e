import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const patienceMs = 10_000;

/** Ends the supervisor of each environment in a state folder with all that it runs; resolves when they are gone. */
export async function endSupervisors(stateFolder) {
  for (const pid of await supervisors(stateFolder)) {
    signal(pid, 'SIGTERM');
    if (!(await isGone(pid))) signal(pid, 'SIGKILL');
  }
}

/** Whoever supervises a folder says so in a lock file. */
async function supervisors(stateFolder) {
  const names = await readdir(stateFolder, { recursive: true }).catch(() => []);
  const locks = names.filter((name) => /^supervisor-\d+\.lock$/.test(basename(name)));
  const read = async (name) => {
    try {
      return JSON.parse(await readFile(join(stateFolder, name), 'utf8')).pid;
    } catch {
      return undefined;
    }
  };
  return (await Promise.all(locks.map(read))).filter(Number.isInteger);
}

async function isGone(pid) {
  for (const until = performance.now() + patienceMs; performance.now() < until; await delay(50)) {
    if (!signal(pid, 0)) return true;
  }
  return false;
}

function signal(pid, name) {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
