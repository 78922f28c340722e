import { didYouMean } from './suggest.ts';
import type { Located } from './tree.ts';
import { parseWhole } from './values/decimal.ts';
import { parseDuration } from './values/duration.ts';

/** A rule about several values that one of them breaks. `{given}` in the message becomes what was written there. */
export interface Conflict {
  path: readonly string[];
  message: string;
  allowed?: string;
}

/**
 * Rules that concern several values at once. They look at the values as written and pass over what is missing or of
 * the wrong type, so that they can speak up beside the problems of single values.
 */
export function conflicts(tree: Located): Conflict[] {
  return [
    ...unknownTrafficComponent(tree),
    ...unknownNamesInConfig(tree),
    ...sharedPorts(tree),
    ...doubleContexts(tree),
    ...hopelessHealth(tree),
    ...bodyOfGet(tree),
    ...p99BeyondTimeout(tree),
    ...answersOutOfPlace(tree),
  ];
}

/** What a check answered is known to later checks and to experiments only. */
function answersOutOfPlace(tree: Located): Conflict[] {
  const conflicts: Conflict[] = [];
  const visit = (node: Located, path: readonly string[]): void => {
    if (path.length === 1 && (path[0] === 'smoke' || path[0] === 'chaos')) return;
    if (typeof node.value === 'string' && node.value.includes('${checks.')) {
      conflicts.push({
        path,
        message: '{given} uses what a check answered, which only smoke and chaos know',
      });
    }
    for (const [key, child] of node.children) visit(child, [...path, key]);
  };
  visit(tree, []);
  return conflicts;
}

function at(tree: Located, ...path: readonly string[]): Located | undefined {
  return path.reduce<Located | undefined>((found, key) => found?.children.get(key), tree);
}

function componentsOf(tree: Located): (readonly [name: string, component: Located])[] {
  const components = at(tree, 'components');
  return components === undefined || Array.isArray(components.value) ? [] : [...components.children];
}

function durationAt(tree: Located, ...path: readonly string[]): number | undefined {
  const value = at(tree, ...path)?.value;
  return typeof value === 'string' ? parseDuration(value) : undefined;
}

function wholeAt(tree: Located, ...path: readonly string[]): number | undefined {
  const value = at(tree, ...path)?.value;
  return typeof value === 'string' || typeof value === 'number' ? parseWhole(String(value)) : undefined;
}

function unknownTrafficComponent(tree: Located): Conflict[] {
  const path = ['cutover', 'traffic', 'component'];
  const name = at(tree, ...path)?.value;
  const names = componentsOf(tree).map(([key]) => key);
  if (typeof name !== 'string' || names.length === 0 || names.includes(name)) return [];
  return [
    { path, message: `{given} is not a component${didYouMean(name, names)}`, allowed: names.join(', ') },
  ];
}

/** A misspelt name would leave a file unchecked. */
function unknownNamesInConfig(tree: Located): Conflict[] {
  const components = componentsOf(tree).map(([key]) => key);
  const environments = at(tree, 'environments')
    ? [...(at(tree, 'environments')?.children.keys() ?? [])]
    : ['local'];
  return [...(at(tree, 'config')?.children ?? [])].flatMap(([index, entry]) => [
    ...unknownName(['config', index, 'component'], at(entry, 'component'), components, 'a component'),
    ...[...(at(entry, 'environments')?.children ?? [])].flatMap(([nth, name]) =>
      unknownName(['config', index, 'environments', nth], name, environments, 'an environment'),
    ),
  ]);
}

function unknownName(
  path: readonly string[],
  name: Located | undefined,
  names: readonly string[],
  noun: string,
): Conflict[] {
  const given = name?.value;
  if (typeof given !== 'string' || names.length === 0 || names.includes(given)) return [];
  return [{ path, message: `{given} is not ${noun}${didYouMean(given, names)}`, allowed: names.join(', ') }];
}

/** Two components on one port would collide when the second starts. */
function sharedPorts(tree: Located): Conflict[] {
  const owners = new Map<number, string>();
  return componentsOf(tree).flatMap(([name, component]): Conflict[] => {
    const port = wholeAt(component, 'port');
    if (port === undefined || port === 0) return [];
    const owner = owners.get(port);
    owners.set(port, owner ?? name);
    if (owner === undefined) return [];
    const message = `{given} is already the port of ${owner}`;
    return [
      { path: ['components', name, 'port'], message, allowed: 'a port of its own, or 0 for any free one' },
    ];
  });
}

function doubleContexts(tree: Located): Conflict[] {
  return componentsOf(tree).flatMap(([name, component]): Conflict[] => {
    if (!at(component, 'context') || !at(component, 'build', 'context')) return [];
    return [
      {
        path: ['components', name, 'build', 'context'],
        message: 'context is given twice, here and in the component',
      },
    ];
  });
}

/** Checks that cannot all be done in the time allowed would make every start a failure. */
function hopelessHealth(tree: Located): Conflict[] {
  return componentsOf(tree).flatMap(([name, component]): Conflict[] => {
    const interval = durationAt(component, 'health', 'interval') ?? 250;
    const within = durationAt(component, 'health', 'start-within') ?? 30_000;
    const checks = wholeAt(component, 'health', 'healthy-after') ?? 3;
    if ((checks - 1) * interval <= within) return [];
    const key = at(component, 'health', 'start-within') ? ['start-within'] : [];
    const message = 'start-within is shorter than healthy-after checks, interval apart, take';
    return [{ path: ['components', name, 'health', ...key], message }];
  });
}

function bodyOfGet(tree: Located): Conflict[] {
  const traffic = at(tree, 'cutover', 'traffic');
  if (!traffic?.children.has('body') || (traffic.children.get('method')?.value ?? 'GET') !== 'GET') return [];
  return [
    {
      path: ['cutover', 'traffic', 'body'],
      message: 'a GET request has no body',
      allowed: 'method POST or PUT',
    },
  ];
}

/** A request that takes so long has timed out before it can count. */
function p99BeyondTimeout(tree: Located): Conflict[] {
  const p99 = durationAt(tree, 'slo', 'p99');
  const timeout = durationAt(tree, 'cutover', 'traffic', 'timeout') ?? 2_000;
  if (p99 === undefined || p99 < timeout) return [];
  const message = '{given} can never be exceeded, because requests time out before (cutover/traffic/timeout)';
  return [{ path: ['slo', 'p99'], message, allowed: 'less than the timeout' }];
}
