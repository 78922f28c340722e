import { checkSettings, type Problem, switchedWrong } from '../../configuration/check.ts';
import { endsIn, hasWord, type Possible, type Setting, switched } from '../../configuration/settings.ts';
import type { Rule } from '../../rule.ts';

/** What protects a connection when it is on, by its last key; what takes the protection away when it is on. */
const protections = [
  'tls',
  'ssl',
  'https',
  'tls enabled',
  'ssl enabled',
  'https enabled',
  'enable tls',
  'enable ssl',
  'enable https',
  'use tls',
  'use ssl',
  'use https',
  'force https',
  'require https',
  'force ssl',
  'secure cookies',
  'cookie secure',
  'session cookie secure',
  'verify tls',
  'verify ssl',
  'tls verify',
  'ssl verify',
  'verify certificate',
  'verify certificates',
  'reject unauthorized',
  'tls reject unauthorized',
];
const dangers = [
  'insecure skip verify',
  'insecure',
  'skip tls verify',
  'tls skip verify',
  'skip ssl verify',
  'allow insecure',
  'trust all certificates',
  'disable tls',
  'disable ssl',
  'tls disabled',
  'ssl disabled',
  'allow http',
];

const clear: Readonly<Record<string, string>> = {
  'http:': 'https',
  'ws:': 'wss',
  'ftp:': 'sftp',
  'ldap:': 'ldaps',
  'mqtt:': 'mqtts',
};

export const configTls: Rule = {
  id: 'config-tls',
  severity: 'error',
  layer: 'configuration',
  title: 'Public connections are encrypted',
  why: 'What goes over http:// or ws:// can be read and changed on the way: tokens, orders and prices. A client that does not verify certificates has the same problem in disguise.',
  fix: 'Write https:// or wss:// for every address outside of the cluster, and leave the verification of certificates on.',
  source: 'https://cheatsheetseries.owasp.org/cheatsheets/Transport_Layer_Security_Cheat_Sheet.html',
  check: (workspace, report) =>
    checkSettings(workspace, report, { rule: 'config-tls', concerns: () => true, problem: problemOf }),
};

function problemOf(setting: Setting, { value, isWritten }: Possible): Problem | undefined {
  const url = clearUrl(value);
  if (url !== undefined) {
    if (isIdentifier(setting)) return undefined;
    const given = isWritten ? `${url.protocol}//${url.hostname}` : `an ${url.protocol}// URL`;
    return { is: `is ${given}, which is not encrypted`, wanted: `write ${clear[url.protocol]}://` };
  }
  const is = switched(value);
  if (is === false && endsIn(setting.words, protections)) return switchedWrong('off');
  return is === true && endsIn(setting.words, dangers) ? switchedWrong('on') : undefined;
}

/** A URL of an unencrypted protocol to a host outside. */
function clearUrl(value: unknown): URL | undefined {
  if (typeof value !== 'string' || !/^\s*(?:http|ws|ftp|ldap|mqtt):\/\//i.test(value)) return undefined;
  const url = URL.parse(value.trim());
  return url && Object.hasOwn(clear, url.protocol) && !isInternal(url.hostname) ? url : undefined;
}

/** Loopback, private addresses (RFC 1918, RFC 4193) and names that only a cluster or a host knows: those without a dot. */
function isInternal(host: string): boolean {
  if (host === '' || (!host.includes('.') && !host.startsWith('['))) return true;
  if (
    /\.(?:svc|local|internal|localhost|localdomain|lan|test|consul)$/.test(host) ||
    /\.svc(?:\.|$)/.test(host)
  )
    return true;
  if (/^(?:127|10)\.|^192\.168\.|^172\.(?:1[6-9]|2\d|3[01])\.|^169\.254\.|^0\.0\.0\.0$/.test(host))
    return true;
  return /^\[(?:::1?|f[cde][\da-f]{2}:.*)\]$/.test(host);
}

/** A namespace, a schema's name or a claim is written like a URL and never called. */
const isIdentifier = ({ words }: Setting): boolean =>
  hasWord(words, new Set(['namespace', 'xmlns', 'schema', 'ontology', 'vocabulary', 'license']));
