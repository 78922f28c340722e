import { checkSettings } from '../../configuration/check.ts';
import { hasWord, type Setting, switched } from '../../configuration/settings.ts';
import type { Rule } from '../../rule.ts';

const cors = new Set(['cors', 'crossorigin']);

export const configCors: Rule = {
  id: 'config-cors',
  severity: 'error',
  layer: 'configuration',
  title: 'CORS names the origins that are allowed',
  why: 'With `*`, the script of any page that a customer visits can call the service from within the customer’s browser.',
  fix: 'List the origins: `allowed_origins: ["https://app.example.com"]`.',
  source: 'https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CORS',
  check: (workspace, report) =>
    checkSettings(workspace, report, {
      rule: 'config-cors',
      concerns: isOrigins,
      problem: (setting, { value }) =>
        allowsAll(setting, value)
          ? { is: 'lets every origin in', wanted: 'list the origins that are meant' }
          : undefined,
    }),
};

/** `cors.origins`, `cors_allowed_origins`, `allowedOrigins`, `cors: "*"`, `cors.allow_all`; not its headers and methods. */
function isOrigins({ words, key }: Setting): boolean {
  const last = key.at(-1) ?? '';
  const isOrigin = /^origins?(?:patterns?)?$/.test(last) || (last === 'patterns' && key.at(-2) === 'origin');
  const isAllow = key.some((word) => /^allow(?:ed)?$/.test(word));
  if (isOrigin) return hasWord(words, cors) || isAllow || words.includes('access');
  return cors.has(last) || (hasWord(words, cors) && isAllow && key.includes('all'));
}

function allowsAll({ key }: Setting, value: unknown): boolean {
  if (typeof value === 'boolean') return key.includes('all') && switched(value) === true;
  if (typeof value !== 'string') return false;
  return (
    value.split(/[,\s]+/).some((origin) => /^(?:\*|https?:\/\/\*|null|\.\*|\^?\.\*\$?)$/.test(origin)) ||
    (key.includes('all') && switched(value) === true)
  );
}
