import { isIP } from 'node:net';

/** Whom a process lies to itself about, and how. */
export interface DnsLie {
  /** Host names; `*` is all but localhost. */
  names: readonly string[];
  answer: 'not-found' | 'timeout' | 'wrong';
  /** A file that grows by one byte with each look-up that was lied to. */
  counter: string;
}

/** resolv.conf(5): two attempts of five seconds each, unless configured otherwise. */
const timeoutMs = 10_000;
/** Addresses for documentation, which nobody has: RFC 5737, RFC 3849. */
const nobody = { 4: '192.0.2.1', 6: '2001:db8::1' } as const;

/** Whether a name is one of those; case and a dot at the end do not matter to the DNS. */
export function isNamed(names: readonly string[], name: string): boolean {
  const plain = (text: string) => text.toLowerCase().replace(/\.$/, '');
  if (name === '' || isIP(name) !== 0) return false;
  if (names.some((one) => one !== '*' && plain(one) === plain(name))) return true;
  return names.includes('*') && !/^(.+\.)?localhost$/.test(plain(name));
}

/** What a look-up comes to, and when. */
export type Outcome = { afterMs: number } & ({ error: Error } | { value: unknown });

export function lookupOutcome(answer: DnsLie['answer'], name: string, options: unknown): Outcome {
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

export function resolveOutcome(answer: DnsLie['answer'], name: string, record: string): Outcome {
  const syscall = `query${record[0] ?? ''}${record.slice(1).toLowerCase()}`;
  const failure = (code: string) =>
    Object.assign(new Error(`${syscall} ${code} ${name}`), { code, syscall, hostname: name });
  if (answer === 'timeout') return { afterMs: timeoutMs, error: failure('ETIMEOUT') };
  if (answer === 'wrong' && record === 'A') return { afterMs: 0, value: [nobody[4]] };
  if (answer === 'wrong' && record === 'AAAA') return { afterMs: 0, value: [nobody[6]] };
  // There is no wrong answer to every kind of question; that the name has none of that kind is one.
  return { afterMs: 0, error: failure(answer === 'wrong' ? 'ENODATA' : 'ENOTFOUND') };
}
