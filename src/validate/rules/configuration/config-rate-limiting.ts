import { checkSettings } from '../../configuration/check.ts';
import { endsIn, hasWord, type Setting, switched } from '../../configuration/settings.ts';
import type { Rule } from '../../rule.ts';

const phrases = [
  'rate limit',
  'rate limiting',
  'rate limiter',
  'rate limits',
  'ratelimit',
  'ratelimiting',
  'ratelimiter',
  'throttle',
  'throttling',
  'throttler',
];
const switches = ['enabled', 'enable', 'active', 'on'];
const disabling = ['disabled', 'disable', 'skip', 'bypass'];

export const configRateLimiting: Rule = {
  id: 'config-rate-limiting',
  severity: 'error',
  layer: 'configuration',
  title: 'Rate limiting is on',
  why: 'One client in a loop otherwise takes the latency of all others with it, and passwords can be guessed as fast as the service answers.',
  fix: 'Write `rate_limiting: { enabled: true }` with a limit that is a positive number.',
  source: 'https://owasp.org/API-Security/editions/2023/en/0xa4-unrestricted-resource-consumption/',
  check: (workspace, report) =>
    checkSettings(workspace, report, {
      rule: 'config-rate-limiting',
      concerns: isAboutLimits,
      problem(setting, { value }) {
        const is = problemOf(setting, value);
        return is === undefined ? undefined : { is, wanted: 'rate limiting has to be on' };
      },
      absent: {
        message:
          'the file says nothing about rate limiting; it has to be on, such as rate_limiting.enabled: true',
        severity: 'warning',
      },
    }),
};

/** Rates of money have limits, too. */
const money = new Set(['interest', 'exchange', 'funding', 'loan', 'fx', 'tax', 'fill', 'risk']);

function isAboutLimits({ words }: Setting): boolean {
  const text = ` ${words.join(' ')} `;
  return phrases.some((phrase) => text.includes(` ${phrase} `)) && !hasWord(words, money);
}

function problemOf({ key, words }: Setting, value: unknown): string | undefined {
  const last = key.at(-1) ?? '';
  if (disabling.includes(last)) return switched(value) === true ? 'switches it off' : undefined;
  const isOwn = endsIn(words, phrases);
  // `rate_limiting: { enabled }`, not the headers that it sends.
  const isSwitch = isOwn || switches.some((word) => last === word && endsIn(words.slice(0, -1), phrases));
  if (isSwitch && switched(value) === false) return 'is switched off';
  const isLimit = isOwn || /^(?:limit|max|rate|rps|requests|capacity|second|minute)$/.test(last);
  return isLimit && numberOf(value) <= 0 ? 'lets nothing be limited' : undefined;
}

const numberOf = (value: unknown): number =>
  typeof value === 'number' || (typeof value === 'string' && value.trim() !== '')
    ? Number(value)
    : Number.NaN;
