import { checkSettings, switchedWrong } from '../../configuration/check.ts';
import { endsIn, hasWord, type Setting, switched } from '../../configuration/settings.ts';
import type { Rule } from '../../rule.ts';

const subjects = new Set([
  'auth',
  'authentication',
  'authn',
  'authorization',
  'authz',
  'jwt',
  'oauth',
  'oauth2',
  'oidc',
  'login',
]);
const switches = ['enabled', 'required', 'enforced', 'enable', 'require', 'active'];
const direct = [
  'auth',
  'authentication',
  'auth enabled',
  'enable auth',
  'enable authentication',
  'require auth',
  'require authentication',
  'require login',
  'auth required',
  'authentication enabled',
  'authentication required',
];
const opposite = [
  'disable auth',
  'auth disabled',
  'disable authentication',
  'authentication disabled',
  'skip auth',
  'no auth',
  'allow anonymous',
  'anonymous access',
  'anonymous enabled',
  'bypass auth',
];

export const configAuthentication: Rule = {
  id: 'config-authentication',
  severity: 'error',
  layer: 'configuration',
  title: 'Authentication is on',
  why: 'Without it, whoever reaches the port can place orders; a network boundary is one mistake away from being none.',
  fix: 'Write `authentication: { enabled: true }` (or the key of your framework), and take out what lets anonymous requests through.',
  source: 'https://cheatsheetseries.owasp.org/cheatsheets/Authentication_Cheat_Sheet.html',
  check: (workspace, report) =>
    checkSettings(workspace, report, {
      rule: 'config-authentication',
      concerns: (setting) => wantedOf(setting) !== undefined,
      problem(setting, { value }) {
        const wanted = wantedOf(setting);
        if (wanted === undefined || switched(value) !== !wanted) return undefined;
        return switchedWrong(wanted ? 'off' : 'on');
      },
      absent: {
        message:
          'the file says nothing about authentication; it has to be switched on, such as authentication.enabled: true',
        isAbsent: (settings) => !settings.some(({ words }) => hasWord(words, subjects)),
      },
    }),
};

/** Whether the value has to be true or false; undefined: it is no switch of authentication. */
function wantedOf({ words, key }: Setting): boolean | undefined {
  if (endsIn(words, opposite)) return false;
  if (endsIn(words, direct)) return true;
  const isSwitch = key.length === 1 && switches.includes(key[0] ?? '');
  // `auth: { enabled }`, not `auth: { cache: { enabled } }`.
  return isSwitch && subjects.has(words.at(-2) ?? '') ? true : undefined;
}
