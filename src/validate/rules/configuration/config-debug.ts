import { checkSettings, switchedWrong } from '../../configuration/check.ts';
import { endsIn, switched } from '../../configuration/settings.ts';
import type { Rule } from '../../rule.ts';

const keys = [
  'debug',
  'debug mode',
  'debug enabled',
  'enable debug',
  'is debug',
  'debugger',
  'debug toolbar',
  'show stack trace',
  'show stack traces',
  'include stacktrace',
  'expose errors',
  'verbose errors',
  'dev mode',
  'development mode',
  'hot reload',
  'auto reload',
  'live reload',
];

export const configDebug: Rule = {
  id: 'config-debug',
  severity: 'error',
  layer: 'configuration',
  title: 'Debug mode is off',
  why: 'Debug mode shows stack traces and settings to whoever asks, keeps every request in memory and slows each of them; some debuggers let a visitor run code.',
  fix: 'Write `debug: false`, or leave the key out where that is the default.',
  source:
    'https://owasp.org/www-project-web-security-testing-guide/latest/4-Web_Application_Security_Testing/08-Testing_for_Error_Handling/',
  check: (workspace, report) =>
    checkSettings(workspace, report, {
      rule: 'config-debug',
      // `debug enabled` is the form of `debug: { enabled: true }`, too.
      concerns: ({ words }) => endsIn(words, keys),
      problem: (_, { value }) => (isOn(value) ? switchedWrong('on') : undefined),
    }),
};

/** Also `DEBUG=*` and `DEBUG=express:*`, by which Node.js libraries write everything they do. */
const isOn = (value: unknown): boolean =>
  switched(value) === true || (typeof value === 'string' && /(?:^|[,:])\*$/.test(value.trim()));
