import type { StatusRequest } from '../release/contract.ts';

/** The command that ends what an interrupted run left: `cutover recover --environment production`. */
export function resumeCommand(place: StatusRequest): string {
  return ['cutover', 'recover', ...placeOptions(place)].join(' ');
}

/** The command that ends the faults of an interrupted run: `cutover chaos revert --environment production`. */
export function revertCommand(place: StatusRequest): string {
  return ['cutover', 'chaos', 'revert', ...placeOptions(place)].join(' ');
}

function placeOptions({ configPath, environment, stateFolder }: StatusRequest): readonly string[] {
  const options = [
    configPath === 'cutover.yml' ? [] : ['--file', configPath],
    environment === undefined ? [] : ['--environment', environment],
    stateFolder === undefined ? [] : ['--state-folder', stateFolder],
  ];
  return options.flat().map(quoted);
}

/** As a POSIX shell reads it back. */
const quoted = (word: string) =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
