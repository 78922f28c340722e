import * as v from 'valibot';
import { choice, text, wholeNumber } from '../config/schema/fields.ts';
import { leaf, section } from '../config/schema/leaf.ts';
import { either } from '../config/schema/lists.ts';
import { isLoopback, type Peer } from './reach.ts';

/** Where a Redis or PostgreSQL server is, and as whom to talk to it. */
export interface Server extends Peer {
  user: string | undefined;
  password: string | undefined;
  database: string | undefined;
  /** Whether to speak TLS; the certificate is always verified. */
  tls: boolean;
}

/** What is particular to one kind of server. */
export interface ServerKind {
  /** `Redis` */
  name: string;
  /** `redis://` */
  example: string;
  port: number;
  /** Schemes of its URLs, without the colon. */
  schemes: readonly string[];
  /** Whether a URL asks for TLS; undefined where it does not say, a text where what it says cannot be followed. */
  tlsOf(url: URL): boolean | undefined | string;
}

/** What stands in the file: a URL, kept as text because it may hold `${checks.…}`, or the parts of one. */
export type ServerSpec = string | ServerParts;
type ServerParts = v.InferOutput<ReturnType<typeof partsOf>>;

/** The value of `redis` and `postgres`. */
export function serverField(kind: ServerKind) {
  const isMapping = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
  return either(
    isMapping,
    partsOf(kind),
    urlOf(kind),
    `a URL such as ${kind.example}, or a mapping with host`,
  );
}

function partsOf({ name, port }: ServerKind) {
  return section(`Where the ${name} server is, in parts, which need no percent-encoding.`, {
    host: text('Name or address of the server.', ['db.internal']),
    port: v.optional(wholeNumber('Its TCP port.', [1, 65_535]), port),
    user: v.optional(text('User name.')),
    password: v.optional(text('Password; take it from the environment.', ['${env.PASSWORD}'])),
    database: v.optional(text('Name or number of the database.')),
    tls: v.optional(
      choice('Whether to speak TLS; the certificate is verified. Default: off for loopback addresses.', [
        'verify',
        'off',
      ]),
    ),
  });
}

function urlOf(kind: ServerKind) {
  return leaf<string>({
    description: `URL of the ${kind.name} server, what is special in user and password percent-encoded.`,
    noun: `a URL of a ${kind.name} server`,
    allowed: `a URL such as ${kind.example}`,
    parse: (given) => (problemOf(String(given), kind) === undefined ? String(given) : undefined),
    explain: (given) => `{given} cannot be used: ${problemOf(String(given), kind)}`,
    json: { type: 'string' },
    examples: [kind.example],
  });
}

function problemOf(url: string, kind: ServerKind): string | undefined {
  if (url.includes('${')) return undefined;
  const server = fromUrl(url, kind);
  return 'problem' in server ? server.problem : undefined;
}

/** The server of a spec, after everything in it was filled in. @returns what is wrong with it, where it cannot be used */
export function serverOf(spec: ServerSpec, kind: ServerKind): Server | { problem: string } {
  if (typeof spec === 'string') return fromUrl(spec, kind);
  const { tls, ...rest } = spec;
  return { ...rest, tls: tls === undefined ? !isLoopback(spec.host) : tls === 'verify' };
}

function fromUrl(text: string, kind: ServerKind): Server | { problem: string } {
  const { schemes } = kind;
  if (!URL.canParse(text))
    return { problem: `it is not a URL; percent-encode what is special in a password` };
  const url = new URL(text);
  if (!schemes.includes(url.protocol.slice(0, -1))) {
    return { problem: `its scheme is not one of ${schemes.join(', ')}` };
  }
  const host = decoded(url.hostname).replace(/^\[(.*)\]$/, '$1');
  if (host === '') return { problem: 'it names no host' };
  const tls = kind.tlsOf(url);
  if (typeof tls === 'string') return { problem: tls };
  return {
    host,
    port: url.port === '' ? kind.port : Number(url.port),
    user: decoded(url.username) || undefined,
    password: decoded(url.password) || undefined,
    database: decoded(url.pathname.slice(1)) || undefined,
    tls: tls ?? !isLoopback(host),
  };
}

/** What is no percent-encoding stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A text without the server's password, in whichever form it may have come back. */
export function withoutPassword(text: string, { password }: Pick<Server, 'password'>): string {
  // One that short stands in every other text by chance, and where it was blotted out would tell it.
  if (password === undefined || password.length < 3) return text;
  const forms = [password, encodeURIComponent(password), JSON.stringify(password).slice(1, -1)];
  return forms.reduce((rest, form) => rest.replaceAll(form, '***'), text);
}
