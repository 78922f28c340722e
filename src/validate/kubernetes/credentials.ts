/**
 * Tells credentials from harmless values. Nothing here returns any part of a value: callers can only say that, where and
 * under which name one was found. Every expression is anchored or has fixed-length parts, so none backtracks.
 */

/** Forms that are credentials whatever they are called; from the issuers' documentation of their prefixes. */
const forms: readonly { readonly hint: string; readonly pattern: RegExp; readonly noun: string }[] = [
  { hint: 'PRIVATE KEY-----', pattern: /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----/, noun: 'a private key' },
  { hint: 'AKIA', pattern: /\bAKIA[0-9A-Z]{16}\b/, noun: 'an AWS access key' },
  { hint: 'ASIA', pattern: /\bASIA[0-9A-Z]{16}\b/, noun: 'an AWS access key' },
  { hint: 'gh', pattern: /\bgh[pousr]_[A-Za-z0-9]{36}/, noun: 'a GitHub token' },
  { hint: 'github_pat_', pattern: /\bgithub_pat_[A-Za-z0-9_]{22}/, noun: 'a GitHub token' },
  { hint: 'glpat-', pattern: /\bglpat-[A-Za-z0-9_-]{20}/, noun: 'a GitLab token' },
  { hint: 'xox', pattern: /\bxox[abeoprs]-[A-Za-z0-9-]{10}/, noun: 'a Slack token' },
  { hint: '_live_', pattern: /\b[rs]k_live_[A-Za-z0-9]{16}/, noun: 'a Stripe key' },
  { hint: 'AIza', pattern: /\bAIza[A-Za-z0-9_-]{35}/, noun: 'a Google API key' },
  { hint: 'npm_', pattern: /\bnpm_[A-Za-z0-9]{36}/, noun: 'an npm token' },
  { hint: 'SG.', pattern: /\bSG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{16,64}/, noun: 'a SendGrid key' },
  { hint: 'hvs.', pattern: /\bhvs\.[A-Za-z0-9_-]{24}/, noun: 'a Vault token' },
  { hint: 'AccountKey=', pattern: /AccountKey=[A-Za-z0-9+/]{40}/, noun: 'an Azure storage key' },
  {
    hint: 'eyJ',
    pattern: /\beyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,4000}\./,
    noun: 'a JSON web token',
  },
];

/** What a value is whatever its name: `a private key`; undefined where it has no such form. */
export function credentialForm(value: string): string | undefined {
  return tokenForm(value) ?? (hasPasswordInUrl(value) ? 'a URL with a password' : undefined);
}

function tokenForm(value: string): string | undefined {
  return forms.find(({ hint, pattern }) => value.includes(hint) && pattern.test(value))?.noun;
}

/** `scheme://user:password@host`, where the password is not a reference. */
function hasPasswordInUrl(value: string): boolean {
  let at = value.indexOf('://');
  while (at !== -1) {
    const rest = value.slice(at + 3, at + 515);
    const authority = rest.slice(0, rest.search(/[\s/?#"']|$/));
    const end = authority.lastIndexOf('@');
    const colon = authority.indexOf(':');
    if (end > colon && colon !== -1 && isLiteral(authority.slice(colon + 1, end))) return true;
    at = value.indexOf('://', at + 3);
  }
  return false;
}

/** Words, or two in a row, that make a name one of a credential. */
const secretWords = new Set([
  'password',
  'passwd',
  'passphrase',
  'pwd',
  'secret',
  'token',
  'apikey',
  'credential',
  'credentials',
]);

/** `pgpassword`, `clientsecret`, `authtoken` */
const secretEnd = /(?:password|passwd|passphrase|secret|token|apikey)$/;
const secretPairs = new Set([
  'api key',
  'access key',
  'auth key',
  'encryption key',
  'master key',
  'private key',
  'secret key',
  'session key',
  'shared key',
  'signing key',
]);

/** Last words that make it something about a credential: its file, its lifetime, its length. */
const aboutWords = new Set(
  (
    'file path dir directory name url uri host hostname port ttl expiry expires expiration timeout seconds minutes hours ' +
    'days ms length len size min max minimum maximum policy enabled disabled required type algorithm alg header issuer ' +
    'audience aud id ref key_id mount interval rotation limit count rate prefix suffix format field param version ' +
    'endpoint store provider mode realm scope scopes cookie namespace bits rounds cost lifetime validity source bucket ' +
    'budget attempts retries hash_rounds arn kind class env var variable location address per used usage window'
  ).split(' '),
);

/** Names whose value is only suspicious when it looks random. */
const weakWords = new Set(['key', 'salt', 'seed', 'auth', 'signature', 'dsn', 'nonce', 'license']);

/** How much a name says that its value is a credential. */
export function nameStrength(name: string): 'strong' | 'weak' | 'none' {
  const words = name
    .slice(0, 200)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  const last = words.at(-1);
  if (last === undefined || aboutWords.has(last) || words.includes('public')) return 'none';
  const isStrong = words.some(
    (word, index) =>
      secretWords.has(word) || secretEnd.test(word) || secretPairs.has(`${word} ${words[index + 1] ?? ''}`),
  );
  if (isStrong) return 'strong';
  return weakWords.has(last) ? 'weak' : 'none';
}

/** Whether a name and its value together are a credential written out. Placeholders in force count: they are the password. */
export function isCredential(name: string, value: string): boolean {
  switch (nameStrength(name)) {
    case 'strong':
      return isLiteral(value) && !isSetting(value) && !standsForName(name, value);
    case 'weak':
      return isLiteral(value) && looksRandom(value);
    case 'none':
      return false;
  }
}

/** Not empty, and not a reference to something that is filled in elsewhere. */
export function isLiteral(value: string): boolean {
  const text = value.trim();
  if (text === '' || /^[*x.]{3,}$/i.test(text)) return false;
  if (/\$[({]|\{\{|^\$[A-Za-z_]|^<[^>]*>$|^%[^%]+%$|^__[^_].*__$/.test(text)) return false;
  return !/^(?:\.{0,2}\/|[a-z]:\\|(?:file|env|vault|op|ssm|arn|ref\+[a-z]+|secretsmanager|awssm|gcpsm|azurekv|secretref|valuefrom):)/i.test(
    text,
  );
}

/** `GOOGLE_API_KEY_VAL` under `GOOGLE_API_KEY`: a script puts the value there. */
const standsForName = (name: string, value: string): boolean =>
  /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(value) &&
  value !== name &&
  value.includes(name.toUpperCase().replace(/[^A-Z0-9]/g, '_'));

/** A value that switches or names something: `true`, `none`, `30s`, `900`. */
const isSetting = (value: string): boolean =>
  /^(?:true|false|yes|no|on|off|none|null|nil|undefined|optional|required|enabled|disabled|bearer|basic|jwt|oauth2?|\d{1,5}(?:ms|[smhdwy])?)$/i.test(
    value.trim(),
  );

/** At least 16 characters without blanks, letters and digits mixed, 3.5 bits a character (English words have less). */
function looksRandom(value: string): boolean {
  const text = value.trim();
  if (text.length < 16 || text.length > 512 || !/^[A-Za-z0-9+/=_-]+$/.test(text)) return false;
  return /\d/.test(text) && /[A-Za-z]/.test(text) && !isUuid(text) && entropy(text) >= 3.5;
}

const isUuid = (text: string): boolean =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);

/** Shannon entropy in bits per character. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** A credential inside a text of several lines. */
export interface Hit {
  /** From 1. */
  readonly line: number;
  /** Where what is on the line begins in the text. */
  readonly index: number;
  /** `a GitHub token`, or the name that it stands under: `"db.password"`. */
  readonly noun: string;
}

/** `name: value`, `name=value`, `"name": "value"` on a line of a configuration file. */
const assignment =
  /^[\s"'-]{0,200}([A-Za-z][A-Za-z0-9_.-]{0,100})["']?[ \t]{0,20}[:=][ \t]{0,20}["']?([^\s"',;]{1,500})/;

/** The first credential in a configuration file's text. */
export function credentialIn(text: string): Hit | undefined {
  return hitIn(text, credentialOnLine);
}

/** The first line of which something is told. */
export function hitIn(text: string, tell: (line: string) => string | undefined): Hit | undefined {
  let start = 0;
  for (const [nth, line] of text.split('\n').entries()) {
    const noun = tell(line.slice(0, 8_192));
    if (noun !== undefined) return { line: nth + 1, noun, index: start + indentation(line) };
    start += line.length + 1;
  }
  return undefined;
}

/** Of blanks, quotes and the mark of a list's item. */
const indentation = (line: string): number => /^(?:[\s"']|-(?=\s))*/.exec(line)?.[0].length ?? 0;

function credentialOnLine(line: string): string | undefined {
  // A comment may show the form of a URL; a real token is one there, too.
  if (/^\s*(?:#|\/\/|;)/.test(line)) return tokenForm(line);
  const form = credentialForm(line);
  if (form !== undefined) return form;
  const [, name = '', value = ''] = assignment.exec(line) ?? [];
  return name !== '' && isCredential(name, value) ? `"${name}"` : undefined;
}
