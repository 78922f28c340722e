import { checkSettings } from '../../configuration/check.ts';
import { hasWord, type Setting } from '../../configuration/settings.ts';
import type { Rule } from '../../rule.ts';

const subjects = new Set(['risk', 'risks', 'limits']);
const things = new Set([
  'loss',
  'losses',
  'drawdown',
  'position',
  'positions',
  'exposure',
  'notional',
  'leverage',
  'order',
  'orders',
  'trade',
  'trades',
  'quantity',
  'size',
  'volume',
  'var',
  'delta',
  'concentration',
  'turnover',
]);
const bounds = new Set(['max', 'maximum', 'limit', 'limits', 'cap', 'stop']);

/** Values that say: no limit. */
const endless = /^(?:inf(?:inity)?|\+?\.inf|unlimited|none|null|nil|no[-_ ]?limit|off|disabled?|-1)$/i;

export const configRiskLimits: Rule = {
  id: 'config-risk-limits',
  severity: 'error',
  layer: 'configuration',
  title: 'Risk limits are there and limit something',
  why: 'They are the last thing between a wrong strategy and its losses: RTS 6 (EU 2017/589), articles 12 and 15, asks for pre-trade limits on price, value, volume and messages.',
  fix: 'Write limits such as `risk_management: { max_daily_loss: 0.05, max_position_size: 0.1 }`; hold them to bounds of your own with a rule in cutover.yml: `{ path: risk_management.max_daily_loss, required: true, max: 0.05 }`.',
  source: 'https://eur-lex.europa.eu/eli/reg_del/2017/589/oj',
  check: (workspace, report) =>
    checkSettings(workspace, report, {
      rule: 'config-risk-limits',
      concerns: isLimit,
      problem(setting, { value }) {
        const is = problemOf(setting, value);
        return is === undefined ? undefined : { is };
      },
      absent: {
        message:
          'the file has no risk limits; it needs some, such as risk_management.max_daily_loss and max_position_size',
      },
    }),
};

/** `risk.max_daily_loss`, `RISK_MAX_POSITION`, `riskLimits.exposure`, `max_daily_loss`. */
function isLimit({ words, key }: Setting): boolean {
  const isBound = hasWord(words, bounds);
  if (!hasWord(key, things) || !isBound) return false;
  return (
    hasWord(words, subjects) ||
    (hasWord(key, bounds) &&
      hasWord(key, new Set(['loss', 'drawdown', 'exposure', 'notional', 'leverage', 'position'])))
  );
}

function problemOf({ key }: Setting, value: unknown): string | undefined {
  if (value === null || value === undefined || value === '') return 'is empty, so nothing is limited';
  if (typeof value === 'object') return 'is empty, so nothing is limited';
  if (typeof value === 'boolean') return value ? undefined : 'is switched off, so nothing is limited';
  const text = String(value).trim();
  if (endless.test(text)) return 'says that there is no limit';
  const percent = /^([-+]?[\d.]+)\s*%$/.exec(text);
  const number = Number(percent?.[1] ?? text.replaceAll('_', ''));
  if (Number.isNaN(number)) return undefined;
  if (number <= 0) return `is ${number === 0 ? 'zero' : 'negative'}; a limit is a positive number`;
  const isShare = percent !== null || key.some((word) => /^(?:pct|percent|percentage)$/.test(word));
  if (isShare && number > 100) return 'is more than 100 %, so nothing is limited';
  return number >= 1e15 ? 'is so large that nothing is limited' : undefined;
}
