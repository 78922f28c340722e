import type { Platform } from '../../../platform/platform.ts';
import { cpuWork } from './cpu.ts';
import { diskFillWork, diskSlowWork } from './disk.ts';
import { memoryWork } from './memory.ts';
import { pauseWork } from './pause.ts';
import type { AgentSpec, Work } from './spec.ts';
import { watchWork } from './watch.ts';

/** @param ownBytes what the agent's process takes for itself */
export function workFor(spec: AgentSpec, platform: Platform, ownBytes: number): Work {
  const { task } = spec;
  switch (task.kind) {
    case 'pause':
      return pauseWork(task.processes, platform.clock);
    case 'watch':
      return watchWork(spec, platform);
    case 'cpu':
      return cpuWork(task);
    case 'memory':
      return memoryWork(task.bytes, ownBytes);
    case 'disk-fill':
      return diskFillWork(task, platform.files);
    case 'disk-slow':
      return diskSlowWork(task.files, platform.files);
  }
}
