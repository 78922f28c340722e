import { isMainThread } from 'node:worker_threads';
import { identityOf } from '../../../platform/daemons.ts';
import { messageOf } from '../../../platform/errors.ts';
import { type Platform, systemPlatform } from '../../../platform/platform.ts';
import { usageOf } from '../../../platform/process-table.ts';
import { burn } from './cpu.ts';
import type { AgentLine, AgentSpec, Ending } from './spec.ts';
import { workFor } from './work.ts';

/**
 * The fault agent's process: `node main.ts <spec as JSON>`. Carries one fault out, and takes it back when its time is over,
 * when it is told to (SIGTERM), or when nobody wants it any more; then it ends. It needs nobody for that. Its output is read
 * by the supervisor.
 */
const say = (line: AgentLine) => void process.stdout.write(`${JSON.stringify(line)}\n`);

/** The pause before an undo that did not succeed is tried again, and for how long it is. */
const retryMs = 100;
const retryForMs = 600_000;
/** How often it is looked whether the fault's folder is still there. */
const folderCheckMs = 1_000;

async function run(spec: AgentSpec, platform: Platform): Promise<void> {
  const { over, told } = endingsOf(spec, platform);
  say({ says: 'started', pid: process.pid, identity: await identityOf(process.pid) });
  const usedBefore = await usageOf(process.pid);
  const work = workFor(spec, platform, usedBefore?.memoryBytes ?? 0);
  try {
    await work.begin(over);
    const cpuMs = (await usageOf(process.pid))?.cpuMs ?? 0;
    say({ says: 'acts', cpuMs, memoryBytes: usedBefore?.memoryBytes ?? 0 });
    await aborted(over);
  } catch (error) {
    if (!over.aborted) say({ says: 'failed', reason: messageOf(error) });
  }
  const ending = over.aborted ? (over.reason as Ending) : 'told';
  await undone(() => work.undo(ending, told), platform);
}

/** `over` aborts with the {@link Ending} as reason; `told` also when the agent is ending already. */
function endingsOf(spec: AgentSpec, platform: Platform): { over: AbortSignal; told: AbortSignal } {
  const over = new AbortController();
  const told = new AbortController();
  const end = (ending: Ending) => over.abort(ending);
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {
      told.abort();
      end('told');
    });
  }
  setTimeout(() => end('time is over'), Math.max(0, spec.until - platform.clock.now()));
  const look = async () => {
    if (!(await platform.files.exists(spec.workFolder))) end('nobody wants it');
  };
  setInterval(() => void look().catch(() => {}), folderCheckMs);
  void look().catch(() => {});
  return { over: over.signal, told: told.signal };
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

async function undone(undo: () => Promise<void>, { clock }: Platform): Promise<void> {
  const deadline = clock.monotonic() + retryForMs;
  for (;;) {
    try {
      return await undo();
    } catch (error) {
      say({ says: 'failed', reason: `undo: ${messageOf(error)}` });
      if (clock.monotonic() > deadline) return;
      await clock.sleep(retryMs);
    }
  }
}

if (isMainThread) {
  // The folder with the log may be gone, and the disk full on purpose.
  process.stdout.on('error', () => {});
  const [spec] = process.argv.slice(2);
  if (spec === undefined) {
    process.stderr.write('usage: agent <spec>; the supervisor starts it\n');
    process.exit(1);
  }
  await run(
    JSON.parse(spec),
    systemPlatform(() => {}),
  );
  process.exit(0);
} else {
  burn();
}
