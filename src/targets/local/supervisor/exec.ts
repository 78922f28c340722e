import { codeOf, UserError } from '../../../platform/errors.ts';
import { runInGroup } from '../../../platform/group-run.ts';
import type { ExecRequest, Executed } from '../../fault.ts';
import type { SupervisedInstance } from './instance.ts';

const largestOutput = 64 * 1024;

/**
 * Runs a command in an instance's folder with its environment. At the timeout, and when the caller is gone, it is killed with
 * all it has started; so is what it leaves behind.
 * @throws UserError when the instance does not run or the command cannot be started
 */
export async function execBeside(
  member: SupervisedInstance | undefined,
  request: Omit<ExecRequest, 'signal'>,
  signal: AbortSignal,
): Promise<Executed> {
  const { instance, argv, timeoutMs } = request;
  if (!member) throw new UserError(`there is no instance ${instance}`, { next: 'cutover status' });
  if (!member.process) throw new UserError(`${instance} does not run: ${member.describe().detail}`);
  try {
    return await runInGroup({ ...member.commandFor(argv), timeoutMs, largestOutput, signal });
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT') throw new UserError(`there is no program ${JSON.stringify(argv[0])}`);
    if (code !== undefined) throw new UserError(`${JSON.stringify(argv[0])} cannot be started: ${code}`);
    throw error;
  }
}
