import { checkSettings } from '../../configuration/check.ts';
import { hasWord, type Setting } from '../../configuration/settings.ts';
import type { Rule } from '../../rule.ts';

const logging = new Set(['log', 'logs', 'logging', 'logger', 'loggers', 'loglevel', 'rootlogger']);

/** Names below INFO in the logging libraries of the common languages. */
const chatty = new Set([
  'all',
  'trace',
  'debug',
  'verbose',
  'silly',
  'fine',
  'finer',
  'finest',
  'config',
  'notset',
  'dbg',
]);
const known = new Set([
  ...'info information informational notice warn warning error err critical crit fatal severe alert emerg emergency off none panic dpanic silent'.split(
    ' ',
  ),
  ...chatty,
]);

export const configLogLevel: Rule = {
  id: 'config-log-level',
  severity: 'error',
  layer: 'configuration',
  title: 'The log level is INFO or above',
  why: 'A service that logs each step of each request spends its latency budget on writing, fills disks, and puts tokens and orders into logs that many can read.',
  fix: 'Write `level: INFO` (or WARN, ERROR); raise a single logger for a while where something has to be looked into.',
  check: (workspace, report) =>
    checkSettings(workspace, report, {
      rule: 'config-log-level',
      concerns: isLevel,
      problem(setting, { value }) {
        const level = levelOf(value, setting);
        if (level === undefined || !chatty.has(level)) return undefined;
        return { is: `is ${level.toUpperCase()}`, wanted: 'it has to be INFO or above' };
      },
    }),
};

/** `log_level`, `logging.level`, `logging.level.com.acme` (Spring), `loggers.db.level`; Rust's `RUST_LOG`. */
function isLevel({ words, key }: Setting): boolean {
  if (words.at(-1) === 'loglevel' || words.join(' ') === 'rust log') return true;
  const isLevelKey = key.at(-1) === 'level' || key.at(-1) === 'verbosity' || key.at(-1) === 'priority';
  const at = words.indexOf('level');
  const isBelowLevel = at > 0 && logging.has(words[at - 1] ?? '');
  return (isLevelKey || isBelowLevel) && hasWord(words.slice(0, -1), logging);
}

/** Python's numbers (10 is DEBUG) and pino's (20 is debug) agree that all below 20 is. */
function levelOf(value: unknown, { words }: Setting): string | undefined {
  const text =
    typeof value === 'number' || typeof value === 'string' ? String(value).trim().toLowerCase() : '';
  if (/^\d+$/.test(text))
    return Number(text) > 1 && Number(text) < 20 && words.at(-1) !== 'verbosity' ? 'debug' : undefined;
  const names = text.split(/[,=\s]+/);
  return names.find((name) => chatty.has(name)) ?? names.find((name) => known.has(name));
}
