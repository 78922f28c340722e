/**
 * The variables of a step that its components get, and that the supervisor itself runs with. Everything else stays
 * behind: a step's environment holds secrets, and on a GitHub runner a variable by which the runner finds and ends
 * whatever a job leaves running.
 */
export const baseVariables = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'TZ',
  'TMPDIR',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'NODE_EXTRA_CA_CERTS',
] as const;

export function baseEnvironment(env: (name: string) => string | undefined): Record<string, string> {
  const base: Record<string, string> = {};
  for (const name of baseVariables) {
    const value = env(name);
    if (value !== undefined) base[name] = value;
  }
  return base;
}
