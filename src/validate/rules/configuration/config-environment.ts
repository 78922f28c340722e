import { checkSettings } from '../../configuration/check.ts';
import { endsIn, type Setting } from '../../configuration/settings.ts';
import type { Rule } from '../../rule.ts';

/** Keys that tell which environment an application runs in. */
const keys = [
  'environment',
  'app env',
  'node env',
  'rails env',
  'rack env',
  'flask env',
  'django env',
  'spring profiles active',
  'profiles active',
  'aspnetcore environment',
  'dotnet environment',
  'deployment environment',
  'run mode',
];

const others = new Set(
  'development dev local localhost test testing tests staging stage stg qa uat sandbox demo ci debug preprod pre-production preview'.split(
    ' ',
  ),
);

export const configEnvironment: Rule = {
  id: 'config-environment',
  severity: 'error',
  layer: 'configuration',
  title: 'The environment is production',
  why: 'Frameworks switch caches, checks, error pages and even brokers by the name of the environment; a service that believes it is somewhere else behaves as it does there, with real orders.',
  fix: 'Write `environment: production` (or `NODE_ENV=production`, `APP_ENV=production`, whatever the key is called) in the file that production reads.',
  check: (workspace, report) =>
    checkSettings(workspace, report, {
      rule: 'config-environment',
      concerns: isEnvironment,
      problem(_, { value, isWritten }) {
        const name = nameOf(value);
        if (name === undefined || /^(?:production|prod|prd|live)(?:[-_,]|$)/.test(name)) return undefined;
        const is = isWritten && others.has(name) ? `is ${name}` : 'is set to something else';
        return { is, wanted: 'it has to be production' };
      },
    }),
};

/** `environment`, or `env` at the top or of the application: deeper down, it mostly is a mapping of variables or a label. */
function isEnvironment({ words, path }: Setting): boolean {
  if (typeof path.at(-1) !== 'string') return false;
  return endsIn(words, keys) || (path.length <= 2 && endsIn(words, ['env', 'stage']) && words.length <= 2);
}

const nameOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim().toLowerCase() : undefined;
