import type { StatusRequest } from '../release/contract.ts';

/** The command that ends what an interrupted run left: `cutover recover --environment production`. */
export function resumeCommand({ configPath, environment, stateFolder }: StatusRequest): string {
  const options = [
    configPath === 'cutover.yml' ? [] : ['--file', configPath],
    environment === undefined ? [] : ['--environment', environment],
    stateFolder === undefined ? [] : ['--state-folder', stateFolder],
  ];
  return ['cutover', 'recover', ...options.flat().map(quoted)].join(' ');
}

/** As a POSIX shell reads it back. */
const quoted = (word: string) =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
