import { filesWith } from '../../configuration/entries.ts';
import {
  dotted,
  endsIn,
  possibleValues,
  settingsOf,
  spotOf,
  switched,
} from '../../configuration/settings.ts';
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
  check(workspace, report) {
    for (const named of filesWith(workspace, 'config-debug')) {
      for (const setting of settingsOf(named.file.document)) {
        // `debug enabled` is the form of `debug: { enabled: true }`, too.
        if (!endsIn(setting.words, keys)) continue;
        for (const { value, from } of possibleValues(workspace, named, setting)) {
          if (!isOn(value)) continue;
          report.find(
            spotOf(setting),
            `${dotted(setting)} is switched on${from}; it has to be off in production`,
          );
        }
      }
    }
  },
};

/** Also `DEBUG=*` and `DEBUG=express:*`, by which Node.js libraries write everything they do. */
const isOn = (value: unknown): boolean =>
  switched(value) === true || (typeof value === 'string' && /(?:^|[,:])\*$/.test(value.trim()));
