import { fileURLToPath } from 'node:url';
import { findGroupLeader, identityOf, signalGroup, startDaemon } from '../../../../platform/daemons.ts';
import { entryUrl } from '../../../../platform/entries.ts';
import { UserError } from '../../../../platform/errors.ts';
import { readEnd } from '../../../../platform/private-files.ts';
import { type Usage, usageOf } from '../../../../platform/process-table.ts';
import { type AgentLine, type AgentSpec, type AgentTask, agentLog, linesOf } from '../../agent/spec.ts';
import { baseEnvironment } from '../../base-environment.ts';
import type { StoredFault } from '../../state.ts';
import type { Scene } from './kind.ts';

/** By this variable an agent is found whose id nobody could write down. */
const agentVariable = 'CUTOVER_FAULT_AGENT';

const pollMs = 10;
/** From SIGTERM to SIGKILL; whatever it holds ends with it or is taken back by whoever asks. */
const undoesWithinMs = 3_000;
/** libuv's own default, of which disk writers take one each. */
const spareThreads = 4;

/**
 * Starts the agent of a fault and resolves when it says that the fault acts.
 * @throws UserError with the reason that the agent gives
 */
export async function startAgent(
  fault: StoredFault,
  task: AgentTask,
  { scene, signal }: { scene: Scene; signal: AbortSignal },
): Promise<void> {
  const { paths, platform, execPath } = scene.supervision;
  const workFolder = paths.fault(fault.id);
  const { id, until } = fault;
  const spec: AgentSpec = { id, stateFolder: paths.stateFolder, workFolder, until, task };
  const threads = task.kind === 'disk-slow' ? task.files.length : 0;
  const { exited } = await startDaemon({
    argv: [execPath, fileURLToPath(entryUrl('agent')), JSON.stringify(spec)],
    cwd: workFolder,
    env: {
      ...baseEnvironment(platform.env),
      UV_THREADPOOL_SIZE: String(threads + spareThreads),
      [agentVariable]: fault.startId,
    },
    output: logOf(fault, scene),
  });
  let ended = false;
  void exited.then(() => {
    ended = true;
    scene.agentEnded(fault.id);
  });
  for (;;) {
    const said = await saidBy(fault, scene);
    const failed = said.find((line) => line.says === 'failed');
    if (failed) throw new UserError(`the fault cannot be injected: ${failed.reason}`);
    if (said.some(({ says }) => says === 'acts')) return;
    if (ended) throw new UserError('the fault cannot be injected: its agent ended', { docs: faultDocs });
    await platform.clock.sleep(pollMs, signal);
  }
}

export const faultDocs = 'docs/local-target.md#faults';

const logOf = (fault: StoredFault, scene: Scene): string =>
  `${scene.supervision.paths.fault(fault.id)}/${agentLog}`;

const saidBy = async (fault: StoredFault, scene: Scene): Promise<AgentLine[]> =>
  linesOf(await readEnd(logOf(fault, scene), 64 * 1024));

/** The process id of an agent that runs, whoever started it. */
export async function findAgent(fault: StoredFault, scene: Scene): Promise<number | undefined> {
  const started = (await saidBy(fault, scene)).find((line) => line.says === 'started');
  if (!started) return findGroupLeader(agentVariable, fault.startId);
  const identity = await identityOf(started.pid);
  return identity !== undefined && identity === started.identity ? started.pid : undefined;
}

/** Tells the agent to take back what it did, and resolves when it is gone. */
export async function endAgent(fault: StoredFault, scene: Scene): Promise<'ended' | 'gone'> {
  const { clock } = scene.supervision.platform;
  const pid = await findAgent(fault, scene);
  if (pid === undefined) return 'gone';
  const identity = await identityOf(pid);
  const deadline = clock.monotonic() + undoesWithinMs;
  signalGroup(pid, 'SIGTERM');
  while (identity !== undefined && (await identityOf(pid)) === identity) {
    if (clock.monotonic() > deadline) signalGroup(pid, 'SIGKILL');
    await clock.sleep(pollMs);
  }
  return 'ended';
}

/** What the fault itself uses of the machine; undefined when its agent is gone. */
export async function usedBy(fault: StoredFault, scene: Scene): Promise<Usage | undefined> {
  const pid = await findAgent(fault, scene);
  const acts = (await saidBy(fault, scene)).find((line) => line.says === 'acts');
  const used = pid !== undefined && acts ? await usageOf(pid) : undefined;
  if (!used || !acts) return undefined;
  return {
    cpuMs: Math.max(0, used.cpuMs - acts.cpuMs),
    memoryBytes: Math.max(0, used.memoryBytes - acts.memoryBytes),
  };
}
