// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${…} is the syntax of variables in configuration files

import { checkSettings, type Problem } from '../../configuration/check.ts';
import type { Setting } from '../../configuration/settings.ts';
import { nameStrength } from '../../kubernetes/credentials.ts';
import type { Rule } from '../../rule.ts';

/** Fewest characters of a key that signs or encrypts: 256 bits, as RFC 7518 section 3.2 demands for HS256. */
const shortestKey = 32;

/** Passwords that people or databases give out may be shorter than a key. */
const shortestPassword = 12;

const placeholder =
  /^(?:x{3,}|\*{3,}|\.{3,}|-+|<[^>]*>|\[[^\]]*\]|(?:0+|1+|123+\d*|abc\d*|qwerty\d*))$|change[-_ ]?(?:me|it|this)|replace[-_ ]?(?:me|this|with)|placeholder|your[-_ ]|example|dummy|todo|fixme|insert[-_ ]|not[-_ ]?(?:a[-_ ])?(?:real|secure|secret)|default[-_ ]?(?:secret|password|key)|x{6,}/i;

const common =
  /^(?:my[-_ ]?)?(?:super[-_ ]?)?(?:secret|password|passw0rd|passwd|admin|root|test|guest|token|key|letmein|welcome|postgres|mysql|redis|user|dev|demo|foo|bar)(?:[-_ ]?(?:secret|password|key|token|\d{1,6}))*!?$/i;

export const configSecrets: Rule = {
  id: 'config-secrets',
  severity: 'error',
  layer: 'configuration',
  title: 'Secrets are set, long enough and no placeholders',
  why: 'A signing key that is short or stands in an example lets anyone make valid tokens; an empty one often switches the check off without a word.',
  fix: 'Take the value from a variable (`${JWT_SECRET_KEY}`) that a Secret supplies, with at least 32 random characters: `openssl rand -base64 48`.',
  source: 'https://www.rfc-editor.org/rfc/rfc7518#section-3.2',
  check: (workspace, report) =>
    checkSettings(workspace, report, {
      rule: 'config-secrets',
      concerns: isSecret,
      problem(setting, { value }) {
        const text = value === null || value === undefined ? '' : String(value).trim();
        return problemOf(text, setting);
      },
    }),
};

/** By the name of its key; the item of a list by the key of the list. */
function isSecret({ path, words, value }: Setting): boolean {
  const key = path.findLast((part) => typeof part === 'string');
  if (typeof value === 'boolean' || typeof key !== 'string') return false;
  if (nameStrength(key) === 'strong') return !isReference(value);
  // `jwt: { key: … }`
  return (
    words.at(-1) === 'key' &&
    /^(?:jwt|signing|encryption|session|api|hmac)$/.test(words.at(-2) ?? '') &&
    !isReference(value)
  );
}

/** Where the secret is kept, in the words of the tools that fill it in. */
const isReference = (value: unknown): boolean =>
  typeof value === 'object' && value !== null
    ? true
    : typeof value === 'string' &&
      /^(?:\/|\.{1,2}\/|(?:vault|op|ssm|file|arn|secretsmanager|awssm|gcpsm|azurekv|ref\+[a-z]+|sm):|ENC\[|\{\{|!)/i.test(
        value.trim(),
      );

/** What is wrong with a secret, without any part of it. */
function problemOf(text: string, { words }: Setting): Problem | undefined {
  if (text === '') return { is: 'is empty' };
  if (placeholder.test(text) || common.test(text)) return { is: 'is a placeholder that everybody can guess' };
  const least = words.some((word) => /^(?:password|passwd|passphrase|pwd)$/.test(word))
    ? shortestPassword
    : shortestKey;
  if (text.length >= least) return undefined;
  return { is: `has ${text.length} characters`, wanted: `it needs at least ${least}` };
}
