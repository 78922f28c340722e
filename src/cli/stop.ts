import type { Platform } from '../platform/platform.ts';
import type { StatusRequest } from '../release/contract.ts';
import type { Output } from './output.ts';
import { originHere } from './release.ts';

/** `stop`. @returns the exit code */
export async function stop(request: StatusRequest, platform: Platform, output: Output): Promise<number> {
  const { stopEnvironment } = await import('../release/stop.ts');
  const { environment, stopped } = await stopEnvironment({ ...request, origin: originHere() }, platform);
  output.terminal.close();
  if (output.format === 'json') output.json({ environment, stopped });
  else if (stopped === 0) output.terminal.print(`nothing runs in ${environment}\n`);
  else
    output.terminal.print(
      `${environment} is stopped: ${stopped} ${stopped === 1 ? 'process' : 'processes'} ended\n`,
    );
  return 0;
}
