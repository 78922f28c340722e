import { systemPlatform } from '../../../src/platform/platform.ts';
import { openSession } from '../../../src/targets/local/session.ts';
import type { StoredFault } from '../../../src/targets/local/state.ts';
import { leftBehind } from '../../support/left-behind.ts';
import { Workspace } from './workspace.ts';

/** More than any answer of the application takes by itself. */
const delayMs = 400;
const fastTries = 20;

const several = [
  '{ kind: disk-fill, bytes: 4MiB }',
  '{ kind: memory, bytes: 16MiB }',
  `{ kind: latency, delay: ${delayMs}ms }`,
  '{ kind: pause }',
  '{ kind: kill }',
];
const restarting = [
  '{ kind: clock-skew, offset: 1h, percent: 100% }',
  '{ kind: dependency-down, component: app }',
];

function experiment(name: string, { aim, faults, lasts }: { aim: string; faults: string[]; lasts: string }) {
  return `  - name: ${name}
    aim: ${aim}
    for: ${lasts}
    faults:
${faults.map((fault) => `      - ${fault}`).join('\n')}
    steady: { watch: 500ms }
    recovery: { stable: 3, within: 10s }
    # On a slow machine a fault of this length may show in too few probes.
    inconclusive: pass`;
}

const chaos = [
  experiment('brief', { aim: 'live', faults: several, lasts: '800ms' }),
  experiment('renewed', { aim: 'live', faults: restarting, lasts: '500ms' }),
  experiment('long', { aim: 'live', faults: several, lasts: '40s' }),
  experiment('long renewed', { aim: 'live', faults: restarting, lasts: '40s' }),
  experiment('rehearsal', { aim: 'standby', faults: several, lasts: '800ms' }),
].join('\n');

const cutover = `  bake: 300ms
  quiet: 100ms
  keep-old: 0s
  traffic: { rate: 20/s, path: /, timeout: 900ms }`;

/** Two instances behind one route, v1 live, and experiments that break them in several ways at once. */
export async function chaosWorkspace(): Promise<Workspace> {
  const extras = { instances: 2, protect: '{ last-replica: allow }', chaos };
  const workspace = await Workspace.create(cutover, extras);
  await workspace.json(['apply', '--version', 'v1', '--skip', 'chaos']);
  return workspace;
}

/** `cutover chaos` with these experiments, one after the other. */
export const chaosOf = (...names: readonly string[]): string[] => [
  'chaos',
  ...names.flatMap((name) => ['--only', name]),
];

/** Faults as the target lists them. */
export async function activeFaults({
  stateFolder,
}: Workspace): Promise<readonly Pick<StoredFault, 'id' | 'until'>[]> {
  const session = openSession(
    systemPlatform(() => {}),
    stateFolder,
  );
  try {
    return (await session.ask('fault.active', {}))?.faults ?? [];
  } finally {
    session.close();
  }
}

/** What is left as seen from everywhere: files, processes, the target's own list, and answers of the live route. */
export async function allLeft(workspace: Workspace): Promise<string[]> {
  const active = await activeFaults(workspace);
  return [
    ...(await leftBehind(workspace.folder)),
    ...active.map(({ id }) => `the target lists ${id}`),
    ...(await leftInAnswers(await workspace.liveOrigin())),
  ];
}

/** Every answer is right and tells the right time, and not all of them are late by what a fault would add. */
async function leftInAnswers(origin: string): Promise<string[]> {
  const left = new Set<string>();
  let fastestMs = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < fastTries && (tries < 4 || fastestMs >= delayMs); tries += 1) {
    const began = performance.now();
    const answer = await fetch(origin, {
      headers: { connection: 'close' },
      signal: AbortSignal.timeout(5_000),
    }).catch((error: Error) => error);
    fastestMs = Math.min(fastestMs, performance.now() - began);
    if (answer instanceof Error) left.add(`no answer: ${answer.message}`);
    else if (answer.status !== 200) left.add(`answered with ${answer.status}`);
    else if (Math.abs(Date.parse(answer.headers.get('date') ?? '') - Date.now()) > 600_000)
      left.add('a wrong clock');
  }
  if (fastestMs >= delayMs) left.add(`the fastest of ${fastTries} answers took ${Math.round(fastestMs)} ms`);
  return [...left];
}
