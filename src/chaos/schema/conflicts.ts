import type { Conflict } from '../../config/cross-field.ts';
import type { Located } from '../../config/tree.ts';
import { parseDuration } from '../../config/values/duration.ts';
import { faultKinds } from '../faults/index.ts';
import { orderConflicts } from './order-conflicts.ts';
import { at, experimentsIn, faultsIn, keysAt, type Placed, textAt, unknown } from './places.ts';

/** Rules about several values of `chaos` and of what it refers to. They pass over what is missing or malformed. */
export function conflicts(tree: Located): readonly Conflict[] {
  const experiments = experimentsIn(tree);
  return [
    ...orderConflicts(experiments),
    ...experiments.flatMap((experiment) => [
      ...oneOrSeveralFaults(experiment),
      ...unknownComponents(tree, experiment),
      ...unknownChecks(tree, experiment),
      ...faultsIn(experiment).flatMap((fault) => [
        ...impossibleChoice(fault),
        ...oneKeyOf(fault),
        ...unsupported(tree, fault),
      ]),
      ...bodyOfGet(experiment),
      ...beyondTimeout(tree, experiment),
      ...ledgerWithoutNumber(experiment),
      ...ledgerWithoutId(experiment),
      ...ledgerMissing(experiment),
    ]),
  ];
}

function oneOrSeveralFaults({ path, node }: Placed): Conflict[] {
  const [fault, faults] = [at(node, 'fault'), at(node, 'faults')];
  if (fault && faults)
    return [{ path: [...path, 'faults'], message: 'stands beside fault; write one of the two' }];
  if (faults && faults.children.size === 0 && Array.isArray(faults.value)) {
    return [{ path: [...path, 'faults'], message: 'is an empty list', allowed: 'at least one fault' }];
  }
  const isMapping = typeof node.value === 'object' && node.value !== null && !Array.isArray(node.value);
  if (fault || faults || !isMapping) return [];
  return [{ path, message: 'has no fault', allowed: 'fault, or faults for several at once' }];
}

function unknownComponents(tree: Located, experiment: Placed): Conflict[] {
  const names = keysAt(tree, 'components');
  const places = [
    ...faultsIn(experiment).map(({ path, node }) => ({
      path: [...path, 'component'],
      given: textAt(node, 'component'),
    })),
    ...['traffic', 'ledger'].map((key) => ({
      path: [...experiment.path, key, 'component'],
      given: textAt(experiment.node, key, 'component'),
    })),
  ];
  return places.flatMap((place) => unknown(place, names, 'a component'));
}

function unknownChecks(tree: Located, { path, node }: Placed): Conflict[] {
  const names = [...(at(tree, 'smoke')?.children.values() ?? [])].flatMap(
    (check) => textAt(check, 'name') ?? [],
  );
  return [...(at(node, 'steady', 'checks')?.children ?? [])].flatMap(([index, check]) => {
    const place = [...path, 'steady', 'checks', index];
    const given = typeof check.value === 'string' ? check.value : undefined;
    if (names.length === 0 && given !== undefined) {
      return [{ path: place, message: '{given} is not a check: smoke has none' }];
    }
    return unknown({ path: place, given }, names, 'a check of smoke');
  });
}

function impossibleChoice({ path, node, name }: Placed): Conflict[] {
  const [count, percent] = [at(node, 'count'), at(node, 'percent')];
  if (count && percent) {
    return [{ path: [...path, 'percent'], message: 'stands beside count; write one of the two' }];
  }
  const kind = name === undefined ? undefined : faultKinds[name];
  if (kind?.hits !== 'component') return [];
  return ['count', 'percent']
    .filter((key) => at(node, key))
    .map((key) => ({
      path: [...path, key],
      message: `${kind.kind} hits the whole colour, so that ${key} chooses nothing`,
    }));
}

/** Keys that say the same thing in different ways. */
function oneKeyOf({ path, node, name }: Placed): Conflict[] {
  const { oneOf } = (name === undefined ? undefined : faultKinds[name]) ?? {};
  if (!oneOf) return [];
  const allowed = `one of ${oneOf.join(', ')}`;
  const [first, ...more] = oneOf.filter((key) => at(node, key));
  if (first === undefined) return [{ path, message: `says not how much`, allowed }];
  return more.map((key) => ({ path: [...path, key], message: `stands beside ${first}`, allowed }));
}

/** On some environment at least it must be possible; on which, the run tells. */
function unsupported(tree: Located, { path, name }: Placed): Conflict[] {
  const kind = name === undefined ? undefined : faultKinds[name];
  const targets = [...(at(tree, 'environments')?.children.values() ?? [])].flatMap(
    (environment) => textAt(environment, 'target') ?? [],
  );
  const known = targets.length === 0 ? ['local'] : targets;
  const can = Object.keys(kind?.support ?? {});
  if (!kind || known.some((target) => can.includes(target))) return [];
  const message = `{given} cannot be done on ${[...new Set(known)].join(' or ')}`;
  return [{ path: [...path, 'kind'], message, allowed: `on ${can.join(', ')}` }];
}

function bodyOfGet({ path, node }: Placed): Conflict[] {
  if (!at(node, 'traffic', 'body') || textAt(node, 'traffic', 'method') !== 'GET') return [];
  return [
    {
      path: [...path, 'traffic', 'body'],
      message: 'a GET request has no body',
      allowed: 'method POST or PUT',
    },
  ];
}

const latencies = ['p50', 'p90', 'p99', 'p99.9'];

/** A request that takes so long has timed out and is no answer. */
function beyondTimeout(tree: Located, { path, node }: Placed): Conflict[] {
  const ofCutover = parseDuration(textAt(tree, 'cutover', 'traffic', 'timeout') ?? '2s') ?? 2_000;
  const own = parseDuration(textAt(node, 'traffic', 'timeout') ?? '');
  const timeoutMs = own ?? Math.min(1_000, ofCutover);
  return ['expect', 'abort-on'].flatMap((key) =>
    latencies.flatMap((name): Conflict[] => {
      const bound = parseDuration((textAt(node, key, name) ?? '').replace(/^[<>]=? ?/, ''));
      if (bound === undefined || bound < timeoutMs) return [];
      const message = `{given} can never be exceeded, because requests time out after ${timeoutMs} ms`;
      return [{ path: [...path, key, name], message, allowed: 'less than traffic.timeout' }];
    }),
  );
}

function ledgerWithoutNumber({ path, node }: Placed): Conflict[] {
  const write = at(node, 'ledger', 'write');
  const texts = [textAt(write, 'path'), textAt(write, 'body')];
  if (!write || texts.some((text) => text?.includes('{n}'))) return [];
  const message = 'has no {n}, so that one write cannot be told from another';
  return [{ path: [...path, 'ledger', 'write'], message, allowed: '{n} in path or body' }];
}

function ledgerWithoutId({ path, node }: Placed): Conflict[] {
  if (!textAt(node, 'ledger', 'read', 'path')?.includes('{id}') || at(node, 'ledger', 'write', 'id'))
    return [];
  const message = '{given} asks for an id that no write tells';
  return [{ path: [...path, 'ledger', 'read', 'path'], message, allowed: 'write.id, or {n} in its place' }];
}

function ledgerMissing({ path, node }: Placed): Conflict[] {
  if (at(node, 'ledger')) return [];
  return ['lost', 'duplicated', 'reordered']
    .filter((key) => at(node, 'expect', key))
    .map((key) => ({ path: [...path, 'expect', key], message: 'is counted only with a ledger' }));
}
