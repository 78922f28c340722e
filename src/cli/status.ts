import type { Tone } from '../hosts/event-line.ts';
import { resumeCommand, revertCommand } from '../hosts/resume.ts';
import type { Paint } from '../hosts/terminal-style.ts';
import type { Platform } from '../platform/platform.ts';
import type { Status, StatusRequest } from '../release/contract.ts';
import { instant } from '../report/format.ts';
import type { Color, ColorState, ComponentState } from '../targets/target.ts';
import type { Output } from './output.ts';

/** `status`. @returns the exit code, which says only that the state could be read */
export async function status(request: StatusRequest, platform: Platform, output: Output): Promise<number> {
  const { readStatus } = await import('../release/status.ts');
  const state = await readStatus(request, platform);
  output.terminal.close();
  if (output.format === 'json') output.json(state);
  else
    output.terminal.print(
      statusText(state, output.terminal.paint, {
        resume: resumeCommand(request),
        revert: revertCommand(request),
      }),
    );
  return 0;
}

/** The commands that end what was left. */
interface Next {
  resume: string;
  revert: string;
}

/** How an environment stands, for people. */
export function statusText(state: Status, paint: Paint, next: Next): string {
  const components = Object.values(state.inventory.components);
  const lines = [
    paint('bold', `${state.application} in ${state.environment} (${state.target})`),
    ...(components.length === 0
      ? ['  nothing was released yet']
      : components.flatMap((one) => componentLines(one, paint))),
    `  lease: ${state.lease ? `${state.lease.holder} since ${instant(state.lease.since)}` : 'free'}`,
    ...unfinishedLines(state, paint, next.resume),
    ...faultLines(state, paint, next.revert),
  ];
  return `${lines.join('\n')}\n`;
}

function unfinishedLines({ unfinished, lease }: Status, paint: Paint, resume: string): string[] {
  if (!unfinished) return [];
  const { release, phase, since } = unfinished;
  const text = `${release} stopped in ${phase}, begun ${instant(since)}`;
  if (lease) return [`  under way: ${text}`];
  return [`  ${paint('warn', `unfinished: ${text}`)}`, `next: ${resume}`];
}

function faultLines({ faults, lease }: Status, paint: Paint, revert: string): string[] {
  const lines = faults.map(({ what, until, active }) => {
    const text = `${active ? 'broken' : 'may be broken'} on purpose: ${what}, ends by itself at ${instant(until)}`;
    return `  ${paint('warn', text)}`;
  });
  return lines.length === 0 || lease ? lines : [...lines, `next: ${revert}`];
}

const colors: readonly Color[] = ['blue', 'green'];

function componentLines({ name, route, colors: states }: ComponentState, paint: Paint): string[] {
  const present = colors.filter((color) => states[color].status !== 'absent');
  const rows = present.map((color) => {
    const role = route.live === color ? paint('good', 'live   ') : 'standby';
    return `    ${color.padEnd(5)} ${role} ${colorText(states[color], paint)}`;
  });
  return [`  ${name} (route version ${route.version})`, ...(rows.length > 0 ? rows : ['    nothing runs'])];
}

const tones: Readonly<Record<ColorState['status'], Tone>> = {
  absent: 'quiet',
  starting: 'warn',
  ready: 'good',
  degraded: 'bad',
  retiring: 'quiet',
};

function colorText({ status: state, release, instances, keepUntil }: ColorState, paint: Paint): string {
  const ready = instances.filter((one) => one.status === 'ready').length;
  const restarts = instances.reduce((sum, one) => sum + one.restarts, 0);
  return [
    paint(tones[state], state.padEnd(8)),
    release?.version ?? 'unknown version',
    `${ready}/${instances.length} ready`,
    ...(restarts > 0 ? [`${restarts} restarts`] : []),
    ...(keepUntil === undefined ? [] : [`kept until ${instant(keepUntil)}`]),
  ].join('  ');
}
