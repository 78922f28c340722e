import dns from 'node:dns';
import { appendFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { isIP } from 'node:net';

/**
 * Loaded into a component's Node before its own program (`--import`): look-ups of the names in `CUTOVER_LIE_DNS` are answered
 * wrongly, as {@link DnsLie} says, and counted. `dns.lookup` is also what `net.connect`, `http` and `fetch` use.
 */
export interface DnsLie {
  /** Host names; `*` is all but localhost. */
  names: readonly string[];
  answer: 'not-found' | 'timeout' | 'wrong';
  /** A file that grows by one byte with each look-up that was lied to. */
  counter: string;
}

const text = process.env['CUTOVER_LIE_DNS'];
if (text) lie(JSON.parse(text) as DnsLie);

/** resolv.conf(5): two attempts of five seconds each, unless configured otherwise. */
const timeoutMs = 10_000;
/** Addresses for documentation, which nobody has: RFC 5737, RFC 3849. */
const nobody = { 4: '192.0.2.1', 6: '2001:db8::1' } as const;

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
        setTimeout(() => ('error' in outcome ? reject(outcome.error) : resolve(outcome.value)), outcome.afterMs);
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

/** Whether a name is one of those; case and a dot at the end do not matter to the DNS. */
function isNamed(names: readonly string[], name: string): boolean {
  const plain = (text: string) => text.toLowerCase().replace(/\.$/, '');
  if (name === '' || isIP(name) !== 0) return false;
  if (names.some((one) => one !== '*' && plain(one) === plain(name))) return true;
  return names.includes('*') && !/^(.+\.)?localhost$/.test(plain(name));
}

function count(file: string): void {
  try {
    appendFileSync(file, '.', { flag: 'a' });
  } catch {
    // A fault that cannot be counted is not witnessed; that is for others to say.
  }
}

type Outcome = { afterMs: number } & ({ error: Error } | { value: unknown });
type Spread = (value: unknown) => unknown[];

/** `lookup` calls back with the address and its family, or with a list of both. */
const spreadAddress: Spread = (value) => {
  if (Array.isArray(value)) return [value];
  const { address, family } = value as { address: string; family: number };
  return [address, family];
};

function lookupOutcome(answer: DnsLie['answer'], name: string, options: unknown): Outcome {
  const failure = (code: string) =>
    Object.assign(new Error(`getaddrinfo ${code} ${name}`), { code, syscall: 'getaddrinfo', hostname: name });
  if (answer === 'not-found') return { afterMs: 0, error: failure('ENOTFOUND') };
  if (answer === 'timeout') return { afterMs: timeoutMs, error: failure('EAI_AGAIN') };
  const { all, family: asked } = optionsOf(options);
  const family = asked === 6 ? 6 : 4;
  const found = { address: nobody[family], family };
  return { afterMs: 0, value: all ? [found] : found };
}

function optionsOf(options: unknown): { all: boolean; family: number } {
  if (typeof options === 'number') return { all: false, family: options };
  const { all = false, family = 0 } = (options ?? {}) as { all?: boolean; family?: number | string };
  return { all, family: family === 'IPv6' ? 6 : Number(family) || 0 };
}

function resolveOutcome(answer: DnsLie['answer'], name: string, record: string): Outcome {
  const syscall = `query${record[0] ?? ''}${record.slice(1).toLowerCase()}`;
  const failure = (code: string) =>
    Object.assign(new Error(`${syscall} ${code} ${name}`), { code, syscall, hostname: name });
  if (answer === 'timeout') return { afterMs: timeoutMs, error: failure('ETIMEOUT') };
  if (answer === 'wrong' && record === 'A') return { afterMs: 0, value: [nobody[4]] };
  if (answer === 'wrong' && record === 'AAAA') return { afterMs: 0, value: [nobody[6]] };
  // There is no wrong answer to every kind of question; that the name has none of that kind is one.
  return { afterMs: 0, error: failure(answer === 'wrong' ? 'ENODATA' : 'ENOTFOUND') };
}
