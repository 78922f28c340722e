/**
 * Keeps text that is not ours from acting as a workflow command. The runner obeys a line that starts with `::name::`,
 * and one that holds `##[name]` anywhere (actions/runner, ActionCommand.cs); between `::stop-commands::token` and
 * `::token::` it obeys none.
 */
const command = /(^|[\r\n\u2028\u2029])\s*::|##\[/;

/** Whether a line of this text could be taken for a workflow command. */
export const actsAsCommand = (text: string): boolean => command.test(text);

/**
 * The text between guards. `token` has to be new and random each time: who knows it can end the guard.
 *
 * @throws Error when the text holds the token
 */
export function guarded(text: string, token: string): string {
  if (text.includes(token)) throw new Error('the guard token occurs in the text');
  return `::stop-commands::${token}\n${text.replace(/\n$/, '')}\n::${token}::`;
}
