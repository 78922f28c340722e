import { readdir, readFile } from 'node:fs/promises';
import { systemProcesses } from './processes.ts';

/** One line of /proc/<pid>/stat, as far as it matters here; proc_pid_stat(5). */
export interface ProcStat {
  /** False for what is left of a process until its parent collects it. */
  runs: boolean;
  /** Frozen by SIGSTOP. */
  isStopped: boolean;
  group: number;
  startTicks: string;
  /** User and system time of all its threads, in clock ticks. */
  cpuTicks: number;
}

export async function procStat(pid: number | string): Promise<ProcStat | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  // The name in brackets may hold blanks and brackets; fields count from 3 behind the last one.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state = 'X', , group] = fields;
  // The first thread of a killed process may be a zombie while the others still hold its sockets.
  const threads = Number(fields[17]);
  return {
    runs: !isDead(state) || threads > 1,
    isStopped: state.startsWith('T'),
    group: Number(group),
    startTicks: fields[19] ?? '',
    cpuTicks: Number(fields[11]) + Number(fields[12]),
  };
}

/** Of a state letter as /proc and ps give it. */
export const isDead = (state: string): boolean => state.startsWith('Z') || state.startsWith('X');

export interface GroupMember {
  pid: number;
  isStopped: boolean;
}

/** The processes of a group that run; zombies that nobody has collected do not count. */
export async function membersOf(group: number): Promise<GroupMember[]> {
  if (process.platform !== 'linux') return membersByPs(group);
  const members: GroupMember[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await procStat(name);
    if (stat?.group === group && stat.runs) members.push({ pid: Number(name), isStopped: stat.isStopped });
  }
  return members;
}

/** The process that a group is named after, while it runs. On Linux without a look at all the others. */
export async function leaderOf(group: number): Promise<GroupMember | undefined> {
  if (process.platform !== 'linux') return (await membersByPs(group)).find(({ pid }) => pid === group);
  const stat = await procStat(group);
  return stat?.runs ? { pid: group, isStopped: stat.isStopped } : undefined;
}

async function membersByPs(group: number): Promise<GroupMember[]> {
  const ran = await systemProcesses.run(['ps', '-ax', '-o', 'pid=,pgid=,stat=']);
  const rows = ran.stdout.split('\n').map((line) => line.trim().split(/\s+/));
  return rows
    .filter(([, pgid, state]) => Number(pgid) === group && state !== undefined && !isDead(state))
    .map(([pid, , state = '']) => ({ pid: Number(pid), isStopped: state.startsWith('T') }));
}

/** What one process uses. */
export interface Usage {
  cpuMs: number;
  /** Resident, without files that are mapped, where the system tells them apart. */
  memoryBytes: number;
}

/** USER_HZ, in which /proc counts time: 100 on every Linux there is; time(7). */
const ticksPerSecond = 100;

/** Undefined when there is no such process. */
export async function usageOf(pid: number): Promise<Usage | undefined> {
  if (process.platform !== 'linux') return usageByPs(pid);
  const stat = await procStat(pid);
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kib = /^RssAnon:\s+(\d+) kB$/m.exec(status) ?? /^VmRSS:\s+(\d+) kB$/m.exec(status);
  if (!stat?.runs || !kib) return undefined;
  return { cpuMs: (stat.cpuTicks * 1000) / ticksPerSecond, memoryBytes: Number(kib[1]) * 1024 };
}

async function usageByPs(pid: number): Promise<Usage | undefined> {
  const ran = await systemProcesses.run(['ps', '-o', 'time=,rss=', '-p', String(pid)]);
  const [time = '', kib] = ran.stdout.trim().split(/\s+/);
  if (ran.code !== 0 || kib === undefined) return undefined;
  const seconds = time.split(/[:-]/).reduce((sum, part) => sum * 60 + Number(part), 0);
  return { cpuMs: seconds * 1000, memoryBytes: Number(kib) * 1024 };
}
