import { join } from 'node:path';
import type { Color, Component } from '../../../config/model.ts';
import type { Artifact, ReleaseRef } from '../../target.ts';
import { argvOf, type Running, startIdVariable, startProcess } from './process.ts';
import { host, type Supervision } from './supervision.ts';

/** What an instance runs. */
export interface InstancePlan {
  id: string;
  color: Color;
  component: Component;
  release: ReleaseRef;
  artifact: Artifact;
  baseEnvironment: Readonly<Record<string, string>>;
}

/** What is decided anew with each start. */
export interface Launch {
  port: number;
  startId: string;
  /** Of faults; they win over everything. */
  variables: Readonly<Record<string, string>>;
}

/** Starts the process of an instance. The signal is looked at last before. */
export async function launch(
  supervision: Supervision,
  plan: InstancePlan,
  how: Launch & { signal: AbortSignal },
): Promise<Running> {
  const { files } = supervision.platform;
  const output = supervision.paths.instanceLog(plan.id);
  await files.makeFolder(supervision.paths.data(plan.component.name));
  await files.makeFolder(join(output, '..'));
  how.signal.throwIfAborted();
  return startProcess({
    argv: argvOf(plan.component.run, supervision.execPath),
    cwd: plan.artifact.location,
    env: { ...environmentOf(supervision, plan, how), [startIdVariable]: how.startId },
    output,
  });
}

/** What an instance's process finds in its environment, without the variable by which we find the process. */
export function environmentOf(
  supervision: Supervision,
  plan: InstancePlan,
  how: Pick<Launch, 'port' | 'variables'>,
): Record<string, string> {
  const { component, color, release, baseEnvironment } = plan;
  return {
    ...baseEnvironment,
    ...component.env,
    HOST: host,
    PORT: String(how.port),
    CUTOVER_COMPONENT: component.name,
    CUTOVER_COLOR: color,
    CUTOVER_INSTANCE: plan.id,
    CUTOVER_VERSION: release.version,
    CUTOVER_DATA: supervision.paths.data(component.name),
    ...how.variables,
  };
}
