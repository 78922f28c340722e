import { basename, join } from 'node:path';
import type { Component } from '../../../../config/model.ts';
import { entryUrl } from '../../../../platform/entries.ts';
import type { DnsLie } from '../../lies/dns-answers.ts';
import type { Of, Placed, Scene } from './kind.ts';

type Restart = Of<'restart'>;
type Lie = NonNullable<Restart['lie']>;

/** Programs that are Node, or start their own with the variables they have. */
const nodePrograms = new Set(['node', 'npm', 'npx']);

const runsNode = (component: Component): boolean => nodePrograms.has(basename(component.run[0]));

/** Where distributions put the one for programs with threads, and `make install` does. */
const fakeTimeLibraries = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1',
  '/usr/lib64/faketime/libfaketimeMT.so.1',
  '/usr/lib/faketime/libfaketimeMT.so.1',
  '/usr/local/lib/faketime/libfaketimeMT.so.1',
];

/** Why a component cannot be lied to. */
export function lieObstacle(lie: Lie, component: Component): string | undefined {
  if (lie.about === 'clock' || runsNode(component)) return undefined;
  return `only what node runs can be lied to about names, and this runs ${JSON.stringify(component.run[0])}`;
}

/** All variables of a restart, its lie among them. */
export async function variablesOf(
  { id, what }: Placed<Restart>,
  { component, scene }: { component: Component; scene: Scene },
): Promise<Record<string, string>> {
  if (!what.lie) return { ...what.env };
  const lie = { id, lie: what.lie, options: what.env['NODE_OPTIONS'] ?? component.env['NODE_OPTIONS'] ?? '' };
  if (lie.lie.about === 'dns') return { ...what.env, ...dnsVariables(lie.lie, lie, scene) };
  return {
    ...what.env,
    ...(await clockVariables(lie.lie.offsetMs, { component, options: lie.options, scene })),
  };
}

function dnsVariables(
  lie: Extract<Lie, { about: 'dns' }>,
  { id, options }: { id: string; options: string },
  scene: Scene,
): Record<string, string> {
  const { names, answer } = lie;
  const told: DnsLie = { names, answer, counter: counterOf(id, scene) };
  return { CUTOVER_LIE_DNS: JSON.stringify(told), NODE_OPTIONS: preloading('dns-lie', options) };
}

/**
 * One of three ways, or the clock would be off by more than was asked: Node is lied to by a preload, everything else by
 * libfaketime where the machine has it, and otherwise the program has to look at `CUTOVER_CLOCK_OFFSET_MS` itself. The preload
 * removes that variable, so that a program that does look is told the offset once.
 */
async function clockVariables(
  offsetMs: number,
  { component, options, scene }: { component: Component; options: string; scene: Scene },
): Promise<Record<string, string>> {
  const offset = String(offsetMs);
  if (runsNode(component)) {
    return {
      CUTOVER_CLOCK_OFFSET_MS: offset,
      CUTOVER_LIE_CLOCK_MS: offset,
      NODE_OPTIONS: preloading('clock-lie', options),
    };
  }
  const library = await fakeTimeLibrary(scene);
  if (!library) return { CUTOVER_CLOCK_OFFSET_MS: offset };
  const seconds = `${offsetMs < 0 ? '-' : '+'}${Math.abs(offsetMs) / 1000}`;
  return {
    CUTOVER_CLOCK_OFFSET_MS: '0',
    LD_PRELOAD: library,
    FAKETIME: seconds,
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    FAKETIME_NO_CACHE: '1',
  };
}

async function fakeTimeLibrary({ supervision }: Scene): Promise<string | undefined> {
  for (const path of fakeTimeLibraries) if (await supervision.platform.files.exists(path)) return path;
  return undefined;
}

/** NODE_OPTIONS is split at blanks, and a URL has none. */
function preloading(lie: 'clock-lie' | 'dns-lie', options: string): string {
  return `${options} --import=${entryUrl(lie).href}`.trim();
}

const counterOf = (id: string, { supervision }: Scene): string =>
  join(supervision.paths.fault(id), 'look-ups');

/** Look-ups that were lied to. */
export const countedLookups = async (fault: Placed<Restart>, scene: Scene): Promise<number> =>
  (await scene.supervision.platform.files.size(counterOf(fault.id, scene))) ?? 0;
