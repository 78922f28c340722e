import type { Color, Component } from '../../config/model.ts';
import { UserError } from '../../platform/errors.ts';
import type { Files } from '../../platform/files.ts';
import type { Disturbance } from '../fault.ts';
import type { Artifact, ReleaseRef } from '../target.ts';
import { pathsIn } from './paths.ts';

/**
 * What the supervisor has to know again after it was killed. One file, replaced as a whole by atomic rename; values in
 * memory are never changed in place.
 */
export interface StoredState {
  schema: 'cutover/local-state/v1';
  lease: StoredLease;
  components: Readonly<Record<string, StoredComponent>>;
  /** Faults that may act; written before they do, and removed when nothing of them is left. Older states have none. */
  faults: readonly StoredFault[];
}

export interface StoredFault {
  id: string;
  what: Disturbance;
  /** Milliseconds since 1970. */
  since: number;
  until: number;
  /** By which the fault's agent is found among all processes, also when nobody could write its id down. */
  startId: string;
  /** The processes that it is aimed at, as they were when it began. */
  processes: readonly StoredProcess[];
}

/** A process of an instance, told apart from a later one with the same id. */
export interface StoredProcess {
  instance: string;
  /** Also the id of its group. */
  pid: number;
  identity: string;
}

export interface StoredLease {
  /** The newest token ever given out; 0 before the first. */
  token: number;
  held: { holder: string; since: number; expiresAt: number; ttlMs: number } | null;
}

export interface StoredComponent {
  name: string;
  /** Port that clients use; found once where the configuration says 0. */
  port: number;
  route: { live: Color | null; version: number };
  colors: Readonly<Record<Color, StoredColor | null>>;
}

export interface StoredColor {
  release: ReleaseRef;
  artifact: Artifact;
  /** As configured when the release was prepared. */
  component: Component;
  /** Variables of the step that prepared it (PATH, HOME …), for processes that are started later. */
  baseEnvironment: Readonly<Record<string, string>>;
  instances: readonly StoredInstance[];
  retirement: Retirement | null;
}

export interface StoredInstance {
  id: string;
  port: number;
  /** Written before the process is started, so that one whose id could not be written down any more is found again. */
  startId: string;
  pid: number | null;
  /** Tells the process from a later one with the same id. */
  identity: string | null;
  restarts: number;
  /** Whether it was ready when last seen; adopted instances start from here. */
  ready: boolean;
  /** Faults with whose variables the process was started. */
  under?: readonly string[];
}

/** A colour on its way out. `draining` and `stopping` go on after the supervisor was killed. */
export type Retirement =
  | { phase: 'draining'; deadline: number; quietMs: number; keepMs: number }
  | { phase: 'warm'; keepUntil: number }
  | { phase: 'stopping' };

export const emptyState: StoredState = {
  schema: 'cutover/local-state/v1',
  lease: { token: 0, held: null },
  components: {},
  faults: [],
};

/**
 * The state on disk, or the empty one where there is none yet.
 * @throws UserError when the file is damaged or was written by another version; never starts from nothing then
 */
export async function readState(files: Files, stateFolder: string): Promise<StoredState> {
  const path = pathsIn(stateFolder).state;
  const text = await files.readText(path);
  if (text === undefined) return emptyState;
  return parseState(text, path);
}

/** @throws UserError naming `path` and what is wrong with it */
export function parseState(text: string, path: string): StoredState {
  const damaged = (what: string) =>
    new UserError(
      `${path} is damaged: ${what}. It says which processes run, so nothing is started without it`,
      {
        next: `restore ${path} from a backup, or end the processes of this environment and remove the file`,
        docs: 'docs/local-target.md#state',
      },
    );
  let state: unknown;
  try {
    state = JSON.parse(text);
  } catch {
    throw damaged(text === '' ? 'it is empty' : 'it is not JSON');
  }
  if (!isObject(state) || typeof state['schema'] !== 'string') throw damaged('it holds no schema');
  if (state['schema'] !== emptyState.schema) {
    throw new UserError(
      `${path} has the schema ${state['schema']}, this version reads ${emptyState.schema}`,
      {
        docs: 'docs/local-target.md#state',
      },
    );
  }
  const wrong = faultIn(state);
  if (wrong) throw damaged(wrong);
  return { faults: [], ...state } as unknown as StoredState;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;

function faultIn(state: Record<string, unknown>): string | undefined {
  const { lease, components } = state;
  if (!isObject(lease) || !isCount(lease['token']) || !('held' in lease)) return 'the lease is not whole';
  if (!isObject(components)) return 'the components are missing';
  if (!areFaults(state['faults'] ?? [])) return 'the faults are not whole';
  for (const [name, component] of Object.entries(components)) {
    const fault = componentFault(component);
    if (fault) return `${name}: ${fault}`;
  }
  return undefined;
}

const areFaults = (faults: unknown): boolean =>
  Array.isArray(faults) &&
  faults.every((one) => isObject(one) && typeof one['id'] === 'string' && isObject(one['what']));

function componentFault(component: unknown): string | undefined {
  if (!isObject(component) || !isCount(component['port'])) return 'the port is missing';
  const { route, colors } = component;
  if (!isObject(route) || !isCount(route['version'])) return 'the route is not whole';
  if (!['blue', 'green', null].includes(route['live'] as Color | null))
    return 'the live colour is not a colour';
  if (!isObject(colors)) return 'the colours are missing';
  for (const color of ['blue', 'green']) {
    const stored = colors[color];
    if (stored === null) continue;
    if (!isObject(stored) || !Array.isArray(stored['instances'])) return `${color} has no instances`;
    if (!isObject(stored['component']) || !isObject(stored['release']) || !isObject(stored['artifact'])) {
      return `${color} has no release`;
    }
    if (!stored['instances'].every((one) => isObject(one) && typeof one['id'] === 'string')) {
      return `an instance of ${color} is not whole`;
    }
  }
  return undefined;
}

/** The same state with one colour of one component changed; no change where the component is not known. */
export function withColor(
  state: StoredState,
  where: { component: string; color: Color },
  change: (stored: StoredColor | null) => StoredColor | null,
): StoredState {
  const component = state.components[where.component];
  if (!component) return state;
  const stored = component.colors[where.color];
  const changed = change(stored);
  if (changed === stored) return state;
  return withComponent(state, { ...component, colors: { ...component.colors, [where.color]: changed } });
}

export function withComponent(state: StoredState, component: StoredComponent): StoredState {
  return { ...state, components: { ...state.components, [component.name]: component } };
}

/** Digests of all packs that a colour runs or may be asked to run again. */
export function referencedDigests(state: StoredState): ReadonlySet<string> {
  const digests = new Set<string>();
  for (const component of Object.values(state.components)) {
    for (const stored of Object.values(component.colors)) if (stored) digests.add(stored.artifact.digest);
  }
  return digests;
}
