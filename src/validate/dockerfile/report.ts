import type { Spot } from '../rule.ts';
import type { Dockerfile } from '../workspace.ts';
import { type Command, programAt } from './shell.ts';
import type { Placed } from './stages.ts';

/** The instruction, or its n-th word. */
export const at = ({ document }: Dockerfile, index: number, word?: number): Spot =>
  word === undefined ? { document, path: [index], part: 'key' } : { document, path: [index, word] };

/** The program of a command. */
export const atCommand = (dockerfile: Dockerfile, { index }: Placed, command: Command): Spot =>
  at(dockerfile, index, command.words[programAt(command)]?.index ?? command.words[0]?.index);
