import dns from 'node:dns';
import { appendFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { type DnsLie, isNamed, lookupOutcome, type Outcome, resolveOutcome } from './dns-answers.ts';

/**
 * Loaded into a component's Node before its own program (`--import`): look-ups of the names in `CUTOVER_LIE_DNS` are answered
 * wrongly and counted. `dns.lookup` is also what `net.connect`, `http` and `fetch` use.
 */
type Spread = (value: unknown) => unknown[];
type Callback = (error: Error | null, ...results: unknown[]) => void;
type Look = (...args: unknown[]) => unknown;
type Functions = Record<string, Look>;

function lie(told: DnsLie): void {
  const isLiedTo = (name: unknown): name is string => typeof name === 'string' && isNamed(told.names, name);
  const asPromise = (real: Look, answer: (name: string, args: unknown[]) => Outcome): Look =>
    function (this: unknown, name: unknown, ...rest: unknown[]) {
      if (!isLiedTo(name)) return Reflect.apply(real, this, [name, ...rest]);
      count(told.counter);
      const outcome = answer(name, rest);
      return new Promise((resolve, reject) => {
        setTimeout(
          () => ('error' in outcome ? reject(outcome.error) : resolve(outcome.value)),
          outcome.afterMs,
        );
      });
    };
  const asCallback = (real: Look, answer: (name: string, args: unknown[]) => Outcome, spread: Spread): Look =>
    function (this: unknown, name: unknown, ...rest: unknown[]) {
      const callback = rest.at(-1);
      if (!isLiedTo(name) || typeof callback !== 'function')
        return Reflect.apply(real, this, [name, ...rest]);
      count(told.counter);
      const outcome = answer(name, rest.slice(0, -1));
      const done = callback as Callback;
      setTimeout(
        () => ('error' in outcome ? done(outcome.error) : done(null, ...spread(outcome.value))),
        outcome.afterMs,
      );
      return {};
    };
  const lookUp = (name: string, [options]: unknown[]) => lookupOutcome(told.answer, name, options);
  const functions = dns as unknown as Functions;
  const promises = dns.promises as unknown as Functions;
  replace(functions, 'lookup', (real) => asCallback(real, lookUp, spreadAddress));
  replace(promises, 'lookup', (real) => asPromise(real, lookUp));
  const resolvers = [functions, dns.Resolver.prototype as unknown as Functions];
  const promising = [promises, dns.promises.Resolver.prototype as unknown as Functions];
  for (const method of resolveMethods) {
    const resolve = (name: string, [type]: unknown[]) =>
      resolveOutcome(told.answer, name, method === 'resolve' ? String(type ?? 'A') : recordOf(method));
    for (const holder of resolvers)
      replace(holder, method, (real) => asCallback(real, resolve, (value) => [value]));
    for (const holder of promising) replace(holder, method, (real) => asPromise(real, resolve));
  }
  syncBuiltinESMExports();
}

const resolveMethods = [
  'resolve',
  ...['4', '6', 'Any', 'Caa', 'Cname', 'Mx', 'Naptr', 'Ns', 'Ptr', 'Soa', 'Srv', 'Tlsa', 'Txt'].map(
    (suffix) => `resolve${suffix}`,
  ),
];

function recordOf(method: string): string {
  const suffix = method.slice('resolve'.length);
  return suffix === '4' ? 'A' : suffix === '6' ? 'AAAA' : suffix.toUpperCase();
}

function replace(holder: Functions, name: string, wrapped: (real: Look) => Look): void {
  const real = holder[name];
  if (real) holder[name] = wrapped(real);
}

function count(file: string): void {
  try {
    appendFileSync(file, '.', { flag: 'a' });
  } catch {
    // A fault that cannot be counted is not witnessed; that is for others to say.
  }
}

/** `lookup` calls back with the address and its family, or with a list of both. */
const spreadAddress: Spread = (value) => {
  if (Array.isArray(value)) return [value];
  const { address, family } = value as { address: string; family: number };
  return [address, family];
};

const told = process.env['CUTOVER_LIE_DNS'];
if (told) lie(JSON.parse(told) as DnsLie);
